#include <patroni/cluster.hpp>
#include <patroni/member_status.hpp>
#include <patroni/status.hpp>

#include <gtest/gtest.h>

#include <set>

namespace patroni {
namespace {

TEST(Role, ReadsTheWordsOfEveryVersion) {
    const std::pair<std::string_view, Role> rows[] = {
        {"master", Role::primary},
        {"primary", Role::primary},
        {"leader", Role::primary},
        {"replica", Role::replica},
        {"standby_leader", Role::standby_leader},
        {"sync_standby", Role::sync_standby},
        {"quorum_standby", Role::quorum_standby},
        {"demoted", Role::demoted},
        {"promoted", Role::promoted},
        {"uninitialized", Role::uninitialized},
        {"unknown", Role::unknown},
        {"", Role::unknown},
        {"Master", Role::unknown},
        {"gone", Role::unknown},  // Ours, not a word of Patroni.
    };
    for (const auto& [word, role] : rows) {
        EXPECT_EQ(parse_role(word), role) << word;
    }
}

TEST(Role, WordsReadBack) {
    for (int i = 1; i < static_cast<int>(Role::gone); ++i) {
        const auto role = static_cast<Role>(i);
        EXPECT_EQ(parse_role(to_string(role)), role) << to_string(role);
    }
    EXPECT_EQ(to_string(Role::gone), "gone");
    EXPECT_EQ(to_string(Role::unknown), "unknown");
}

TEST(Words, VerdictsAndSources) {
    std::set<std::string_view> words;
    for (int i = 0; i <= static_cast<int>(Verdict::unknown); ++i) {
        words.insert(to_string(static_cast<Verdict>(i)));
    }
    EXPECT_EQ(words,
              (std::set<std::string_view>{"ok", "degraded", "no_leader", "split", "unknown"}));
    EXPECT_EQ(to_string(FactSource::none), "");
    EXPECT_EQ(to_string(FactSource::live), "live");
    EXPECT_EQ(to_string(FactSource::cluster), "cluster");
    EXPECT_EQ(to_string(FactSource::dcs), "dcs");
}

TEST(MemberStatus, StandbyPositionIsTheGreater) {
    MemberStatus status;
    EXPECT_EQ(status.standby_position(), std::nullopt);
    status.replayed_location = Lsn(5);
    EXPECT_EQ(status.standby_position(), Lsn(5));
    status.received_location = Lsn(7);
    EXPECT_EQ(status.standby_position(), Lsn(7));
    status.replayed_location = Lsn(9);
    EXPECT_EQ(status.standby_position(), Lsn(9));
}

TEST(SyncState, ComparesWithoutCase) {
    const SyncState sync{"pg1", {"PG2", "pg3"}, std::nullopt};
    EXPECT_TRUE(sync.contains("pg2"));
    EXPECT_TRUE(sync.contains("pg3"));
    EXPECT_FALSE(sync.contains("pg"));
    EXPECT_FALSE(sync.contains("pg1")) << "the leader is no standby";
}

TEST(ClusterOverview, FindsItsLeader) {
    ClusterOverview overview;
    EXPECT_EQ(overview.leader(), nullptr);
    overview.members.resize(3);
    overview.members[0].role = Role::replica;
    EXPECT_EQ(overview.leader(), nullptr);
    overview.members[2].role = Role::standby_leader;
    EXPECT_EQ(overview.leader(), &overview.members[2]);
    overview.members[1].role = Role::primary;
    EXPECT_EQ(overview.leader(), &overview.members[1]);
}

TEST(Cluster, FindsMembersByExactName) {
    Cluster cluster;
    cluster.members.resize(2);
    cluster.members[0].name = "pg1";
    cluster.members[1].name = "pg2";
    EXPECT_EQ(cluster.find("pg2"), &cluster.members[1]);
    EXPECT_EQ(cluster.find("PG2"), nullptr);
}

}  // namespace
}  // namespace patroni
