// What a member is called and what it is.
#include "unit/topology/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using ::testing::ElementsAre;

MemberStatus saying(const char* word, const char* version = "4.1.4") {
    auto status = replica_at(900, 900);
    status.role_reported = word;
    status.role = parse_role(word);
    return of_version(std::move(status), version);
}

struct RoleRow {
    const char* what;
    const char* word;
    const char* version;
    bool sync_flag, quorum_flag;
    Role published_role;
    Role role;
};

class RoleOf : public ::testing::TestWithParam<RoleRow> {};

TEST_P(RoleOf, ComesFromTheMemberAndForOldVersionsFromCluster) {
    const auto& expected = GetParam();
    auto status = saying(expected.word, expected.version);
    status.sync_standby = expected.sync_flag;
    status.quorum_standby = expected.quorum_flag;
    if (status.role == Role::primary) {
        status.location = Lsn(1000);
    }
    Picture picture;
    picture.answers("p", of_version(primary_at(1000), expected.version)).answers("m", status);
    picture.overview(
        0, overview_of({published("p", Role::primary), published("m", expected.published_role)}));
    const auto member = row(picture.only(), "m");
    EXPECT_EQ(member.role, expected.role) << to_string(member.role);
    EXPECT_EQ(member.role_reported, expected.word);
    EXPECT_EQ(member.role_source, FactSource::live);
}

INSTANTIATE_TEST_SUITE_P(
    Table, RoleOf,
    ::testing::Values(
        RoleRow{"replica", "replica", "4.1.4", false, false, Role::replica, Role::replica},
        RoleRow{"master", "master", "0.90", false, false, Role::primary, Role::primary},
        RoleRow{"primary", "primary", "4.1.4", false, false, Role::primary, Role::primary},
        RoleRow{"sync_by_flag", "replica", "3.3.11", true, false, Role::replica,
                Role::sync_standby},
        RoleRow{"quorum_by_flag", "replica", "4.0.10", false, true, Role::replica,
                Role::quorum_standby},
        RoleRow{"sync_by_cluster_before_3_0_2", "replica", "1.6.5", false, false,
                Role::sync_standby, Role::sync_standby},
        RoleRow{"sync_by_cluster_in_3_0_1", "replica", "3.0.1", false, false, Role::sync_standby,
                Role::sync_standby},
        // From 3.0.2 on the member's own word counts: the published one is up to a loop old.
        RoleRow{"no_flag_since_3_0_2", "replica", "3.0.2", false, false, Role::sync_standby,
                Role::replica},
        RoleRow{"standby_leader", "standby_leader", "4.1.4", false, false, Role::replica,
                Role::standby_leader},
        RoleRow{"demoted", "demoted", "4.1.4", false, false, Role::replica, Role::demoted},
        RoleRow{"promoted", "promoted", "4.1.4", false, false, Role::replica, Role::promoted},
        RoleRow{"uninitialized", "uninitialized", "4.1.4", false, false, Role::replica,
                Role::uninitialized},
        RoleRow{"unknown_word", "witness", "9.9.9", false, false, Role::replica, Role::unknown},
        RoleRow{"no_word", "", "0.90", false, false, Role::replica, Role::unknown}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(Roles, AnUnknownWordIsKeptAndNotHeldToBeWell) {
    Picture picture;
    picture.answers("p", primary_at(1000)).answers("w", saying("witness"));
    const auto cluster = picture.only();
    EXPECT_EQ(row(cluster, "w").role_reported, "witness");
    EXPECT_THAT(row(cluster, "w").reasons, ElementsAre("role_unknown"));
    ASSERT_EQ(cluster.problems.size(), 1U);
    EXPECT_THAT(cluster.problems[0].message, ::testing::HasSubstr("\"witness\""));
}

TEST(Roles, OfASilentMemberIsThePublishedOneAndMarkedSo) {
    Picture picture;
    picture.answers("p", primary_at(1000)).silent("s");
    picture.overview(
        0, overview_of({published("p", Role::primary), published("s", Role::sync_standby)}));
    const auto member = row(picture.only(), "s");
    EXPECT_EQ(member.role, Role::sync_standby);
    EXPECT_EQ(member.role_source, FactSource::cluster);
    EXPECT_EQ(member.state, "streaming");
    EXPECT_FALSE(member.healthy);
    ASSERT_TRUE(member.error);
    EXPECT_EQ(member.error->kind, ErrorKind::timeout);
    EXPECT_EQ(member.observed_at, std::nullopt);
}

TEST(Roles, OfASilentMemberThatNobodyDescribesIsUnknown) {
    Picture picture;
    picture.answers("p", primary_at(1000)).silent("s");
    const auto member = row(picture.only(), "s");
    EXPECT_EQ(member.role, Role::unknown);
    EXPECT_EQ(member.role_source, FactSource::none);
    EXPECT_EQ(member.state, "");
    EXPECT_EQ(member.pending_restart, std::nullopt);
}

TEST(Names, DiscoveryThenTheMemberThenClusterThenTheAddress) {
    struct NameRow {
        const char *discovered, *reported, *published, *name;
    };
    const NameRow rows[] = {
        {"from-dcs", "from-dcs", nullptr, "from-dcs"},
        {nullptr, "from-rest", "from-rest", "from-rest"},
        {nullptr, nullptr, "from-cluster", "from-cluster"},
        {nullptr, nullptr, nullptr, "10.9.9.9:8008"},
    };
    for (const auto& expected : rows) {
        DiscoveredMember member;
        member.api = Origin{false, {"10.9.9.9", 8008}};
        if (expected.discovered != nullptr) {
            member.name = expected.discovered;
        }
        auto status = primary_at(1000);
        if (expected.reported != nullptr) {
            status.name = expected.reported;
        }
        Picture picture;
        picture.add(member, status);
        if (expected.published != nullptr) {
            auto record = published(expected.published, Role::primary);
            record.api = member.api;
            picture.overview(0, overview_of({record}));
        }
        EXPECT_THAT(row_names(picture.only()), ElementsAre(expected.name));
    }
}

TEST(Names, OfRegistratorIsTheContainerAlsoWhenTheMemberNamesItself) {
    DiscoveredMember member;
    member.name = "cf-1";
    member.registrator = RegistratorIdentity{"host-1", "cf-1", 8008};
    auto status = primary_at(1000);
    status.name = "pg1";
    Picture picture;
    picture.add(member, status);
    auto record = published("pg1", Role::primary);
    picture.overview(0, overview_of({record}));
    const auto cluster = picture.only();
    EXPECT_THAT(row_names(cluster), ElementsAre("cf-1"));
    EXPECT_EQ(cluster.primary, "cf-1");
    EXPECT_EQ(cluster.lock_holder, "cf-1") << "one member has one name on the screen";
    EXPECT_THAT(problem_kinds(cluster), ::testing::IsEmpty());
}

TEST(Names, RowsAreSortedByName) {
    Picture picture;
    picture.answers("c", replica_at(5, 5)).answers("a", primary_at(5)).silent("b");
    EXPECT_THAT(row_names(picture.only()), ElementsAre("a", "b", "c"));
}

}  // namespace
}  // namespace patroni::testing
