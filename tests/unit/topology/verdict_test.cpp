// The whole answer in one word.
#include "topology/verdict.hpp"

#include "unit/topology/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace patroni::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

ClusterOverview usual_overview() {
    return overview_of({published("p", Role::primary), published("r", Role::replica, 0)});
}

MemberStatus not_streaming(MemberStatus status) {
    status.replication_state.reset();
    return status;
}

MemberStatus stopped(const char* role) {
    MemberStatus status = primary_at(0);
    status.location.reset();
    status.timeline.reset();
    status.state = "stopped";
    status.role_reported = role;
    status.role = parse_role(role);
    return status;
}

struct Case {
    const char* what;
    std::function<void(Picture&)> build;
    Verdict verdict;
    std::optional<std::string> primary;
};

class VerdictOf : public ::testing::TestWithParam<Case> {};

TEST_P(VerdictOf, TheCluster) {
    Picture picture;
    GetParam().build(picture);
    const auto cluster = picture.only();
    EXPECT_EQ(cluster.verdict, GetParam().verdict)
        << to_string(cluster.verdict) << " " << ::testing::PrintToString(problem_kinds(cluster));
    EXPECT_EQ(cluster.primary, GetParam().primary);
    // A verdict that is not OK always says why; OK never has anything to say.
    EXPECT_EQ(cluster.verdict == Verdict::ok, cluster.problems.empty());
}

const Case k_cases[] = {
    {"all_well", [](Picture& p) { p.answers("p", primary_at(5)).answers("r", replica_at(5, 5)); },
     Verdict::ok, "p"},
    {"a_primary_alone", [](Picture& p) { p.answers("p", primary_at(5)); }, Verdict::ok, "p"},
    {"a_silent_replica", [](Picture& p) { p.answers("p", primary_at(5)).silent("r"); },
     Verdict::degraded, "p"},
    {"a_dead_replica",
     [](Picture& p) { p.answers("p", primary_at(5)).silent("r", ErrorKind::connect_refused); },
     Verdict::degraded, "p"},
    {"a_stopped_replica",
     [](Picture& p) { p.answers("p", primary_at(5)).answers("r", stopped("replica")); },
     Verdict::degraded, "p"},
    {"two_primaries", [](Picture& p) { p.answers("p", primary_at(5)).answers("q", primary_at(5)); },
     Verdict::split, std::nullopt},
    {"two_primaries_also_when_the_lock_is_known",
     [](Picture& p) {
         p.answers("p", primary_at(5)).answers("r", primary_at(5)).overview(0, usual_overview());
     },
     Verdict::split, std::nullopt},
    {"a_stopped_primary_is_no_second_one",
     [](Picture& p) { p.answers("p", primary_at(5)).answers("q", stopped("primary")); },
     Verdict::degraded, "p"},
    {"a_promoted_one_is_no_second_one",
     [](Picture& p) { p.answers("p", primary_at(5)).answers("q", stopped("promoted")); },
     Verdict::degraded, "p"},
    {"nobody_answers", [](Picture& p) { p.silent("p").silent("r"); }, Verdict::unknown,
     std::nullopt},
    {"nobody_answers_all_refuse",
     [](Picture& p) {
         p.silent("p", ErrorKind::connect_refused).silent("r", ErrorKind::connect_refused);
     },
     Verdict::unknown, std::nullopt},
    {"the_old_master_was_killed_090",  // Replicas answer, the third refuses: nobody can lead.
     [](Picture& p) {
         p.answers("r1", of_version(replica_at(5, 5), "0.90"));
         p.answers("r2", of_version(replica_at(5, 5), "0.90"));
         p.silent("p", ErrorKind::connect_refused);
     },
     Verdict::no_leader, std::nullopt},
    {"a_silent_one_may_lead_unseen",
     [](Picture& p) { p.answers("r", of_version(replica_at(5, 5), "0.90")).silent("p"); },
     Verdict::unknown, std::nullopt},
    {"only_replicas", [](Picture& p) { p.answers("r", not_streaming(replica_at(5, 5))); },
     Verdict::no_leader, std::nullopt},
    {"a_demoted_primary",
     [](Picture& p) { p.answers("p", stopped("demoted")).answers("r", replica_at(5, 5)); },
     Verdict::no_leader, std::nullopt},
    {"the_lock_holder_is_silent",
     [](Picture& p) {
         p.silent("p").answers("r", not_streaming(replica_at(5, 5))).overview(1, usual_overview());
     },
     Verdict::unknown, std::nullopt},
    {"the_lock_holder_refuses_and_nobody_streams",
     [](Picture& p) {
         p.silent("p", ErrorKind::connect_refused).answers("r", not_streaming(replica_at(5, 5)));
         p.overview(1, usual_overview());
     },
     Verdict::no_leader, std::nullopt},
    {"the_lock_holder_refuses_but_a_standby_streams",
     [](Picture& p) {
         p.silent("p", ErrorKind::connect_refused).answers("r", replica_at(5, 5));
         p.overview(1, usual_overview());
     },
     Verdict::unknown, std::nullopt},
    {"the_lock_holder_is_not_in_the_list",  // Never asked: it may lead well.
     [](Picture& p) {
         p.answers("r", not_streaming(replica_at(5, 5))).overview(0, usual_overview());
     },
     Verdict::unknown, std::nullopt},
    {"the_lock_holder_answers_but_is_no_primary",
     [](Picture& p) {
         p.answers("p", stopped("primary")).answers("r", not_streaming(replica_at(5, 5)));
         p.overview(1, usual_overview());
     },
     Verdict::no_leader, std::nullopt},
    {"the_store_says_that_nobody_holds_the_lock",
     [](Picture& p) {
         p.silent("p").answers("r", not_streaming(replica_at(5, 5)));
         p.store(
             stored({published("p", Role::replica), published("r", Role::replica)}, std::nullopt));
     },
     Verdict::no_leader, std::nullopt},
    {"a_primary_without_the_lock",
     [](Picture& p) {
         p.answers("p", primary_at(5)).answers("r", replica_at(5, 5));
         p.overview(0,
                    overview_of({published("p", Role::replica), published("r", Role::replica, 0)}));
     },
     Verdict::degraded, "p"},
    {"a_primary_without_the_lock_in_maintenance",
     [](Picture& p) {
         auto overview =
             overview_of({published("p", Role::replica), published("r", Role::replica, 0)});
         overview.paused = true;
         p.answers("p", primary_at(5)).answers("r", replica_at(5, 5)).overview(0, overview);
     },
     Verdict::ok, "p"},
};

INSTANTIATE_TEST_SUITE_P(Table, VerdictOf, ::testing::ValuesIn(k_cases),
                         [](const auto& test) { return std::string(test.param.what); });

TEST(Verdict, ASplitNamesEveryPrimaryAndTellsItFirst) {
    Picture picture;
    picture.answers("p", primary_at(5)).silent("a").answers("q", primary_at(5));
    const auto cluster = picture.only();
    EXPECT_THAT(cluster.primaries_seen, ElementsAre("p", "q"));
    EXPECT_EQ(cluster.primary, std::nullopt);
    ASSERT_FALSE(cluster.problems.empty());
    EXPECT_EQ(cluster.problems[0].kind, "two_primaries");
    EXPECT_THAT(cluster.problems[0].message, ::testing::HasSubstr("p, q"));
}

TEST(Verdict, ASilentLockHolderIsNamed) {
    Picture picture;
    picture.silent("p").answers("r", replica_at(5, 5)).overview(1, usual_overview());
    const auto cluster = picture.only();
    EXPECT_EQ(cluster.lock_holder, "p");
    EXPECT_THAT(problem_kinds(cluster), Contains("leader_unseen p"));
    EXPECT_EQ(row(cluster, "p").holds_lock, true);
    EXPECT_EQ(row(cluster, "r").holds_lock, false);
}

TEST(Verdict, OfAPrimaryWhoseLockSomebodyElseHoldsSaysSo) {
    Picture picture;
    picture.answers("p", primary_at(5)).answers("r", replica_at(5, 5));
    picture.overview(0,
                     overview_of({published("p", Role::replica), published("r", Role::primary)}));
    const auto cluster = picture.only();
    EXPECT_THAT(problem_kinds(cluster), Contains("without_lock p"));
    EXPECT_EQ(cluster.lock_holder, "r");
    EXPECT_EQ(cluster.primary, "p") << "the lock is not the primary";
}

TEST(Verdict, WithoutAnySourceOfTheLockNothingIsSaidAboutIt) {
    Picture picture;
    picture.answers("p", primary_at(5)).answers("r", replica_at(5, 5));
    const auto cluster = picture.only();
    EXPECT_EQ(cluster.lock_source, FactSource::none);
    EXPECT_EQ(cluster.lock_holder, std::nullopt);
    EXPECT_EQ(row(cluster, "p").holds_lock, std::nullopt);
    EXPECT_THAT(problem_kinds(cluster), IsEmpty());
}

TEST(Verdict, OfAStandbyClusterIsThatOfItsLeader) {
    auto leader = replica_at(5, 5);
    leader.role = Role::standby_leader;
    leader.role_reported = "standby_leader";
    Picture picture;
    picture.answers("s", leader).answers("r", replica_at(5, 5));
    picture.overview(
        0, overview_of({published("s", Role::standby_leader), published("r", Role::replica, 0)}));
    const auto cluster = picture.only();
    EXPECT_EQ(cluster.verdict, Verdict::ok) << ::testing::PrintToString(problem_kinds(cluster));
    EXPECT_EQ(cluster.primary, std::nullopt);
    EXPECT_EQ(cluster.standby_leader, "s");
    EXPECT_THAT(cluster.primaries_seen, IsEmpty());
    EXPECT_EQ(row(cluster, "s").holds_lock, true);
}

/// Two addresses of a static list, at which a primary of this name and start answers.
Picture listed_twice(const char* name, const char* first_start, const char* second_start) {
    Picture picture;
    for (const auto& [host, start] : {std::pair("db1", first_start), {"10.0.0.1", second_start}}) {
        DiscoveredMember member;
        member.api = Origin{false, {host, 8008}};
        auto status = primary_at(5);
        if (name != nullptr) {
            status.name = name;
        }
        status.postmaster_start_time = Timestamp::parse(start);
        picture.add(member, status);
    }
    return picture;
}

TEST(Verdict, OneMemberListedUnderTwoAddressesIsNoSplit) {
    const auto* start = "2026-11-23 15:02:38.318677+00:00";
    const auto report = listed_twice("pg1", start, start).report();
    ASSERT_EQ(report.clusters.size(), 1U);
    EXPECT_EQ(report.clusters[0].verdict, Verdict::ok);
    EXPECT_THAT(report.clusters[0].primaries_seen, ElementsAre("pg1"));
    ASSERT_EQ(report.problems.size(), 1U) << "nobody vanishes without a word";
    EXPECT_EQ(report.problems[0].kind, "same_member");
    EXPECT_EQ(report.problems[0].where, "db1:8008");
    EXPECT_THAT(report.problems[0].message, ::testing::HasSubstr("http://10.0.0.1:8008"));
}

TEST(Verdict, MembersThatDoNotNameThemselvesAreNotTakenForEachOther) {
    const auto* start = "2016-07-08 06:01:31.704 UTC";
    EXPECT_EQ(listed_twice(nullptr, start, start).only().verdict, Verdict::split);
}

TEST(Verdict, ACloneOfThePrimaryUnderItsNameIsASplit) {
    const auto cluster =
        listed_twice("pg1", "2026-11-23 15:02:38.318677+00:00", "2026-11-23 15:02:38.318678+00:00")
            .only();
    EXPECT_EQ(cluster.verdict, Verdict::split);
    EXPECT_EQ(cluster.members.size(), 2U);
}

}  // namespace
}  // namespace patroni::testing
