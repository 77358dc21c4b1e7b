// Which members form one cluster: one scope and one system identifier.
#include "topology/grouping.hpp"

#include "unit/topology/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

MemberStatus of(MemberStatus status, const std::string& scope,
                std::optional<std::string> identifier) {
    status.scope = scope;
    status.system_identifier = std::move(identifier);
    return status;
}

/// "scope/identifier: names" of each cluster of the report.
std::vector<std::string> clusters_of(const StatusReport& report) {
    std::vector<std::string> found;
    for (const auto& cluster : report.clusters) {
        std::string text = cluster.scope + "/" + cluster.system_identifier.value_or("?") + ":";
        for (const auto& name : row_names(cluster)) {
            text += " " + name;
        }
        found.push_back(text);
    }
    return found;
}

TEST(Grouping, OneScopeAndOneIdentifierIsOneCluster) {
    Picture picture;
    picture.answers("b", replica_at(5, 5)).answers("a", primary_at(5));
    EXPECT_THAT(clusters_of(picture.report()), ElementsAre("demo/1: a b"));
    EXPECT_THAT(picture.report().problems, IsEmpty());
}

TEST(Grouping, ARegistratorDirectoryHoldsSeveralClusters) {
    Picture picture;
    picture.answers("a1", of(primary_at(5), "a", "1"));
    picture.answers("b1", of(primary_at(5), "b", "2"));
    picture.answers("a2", of(replica_at(5, 5), "a", "1"));
    EXPECT_THAT(clusters_of(picture.report()), ElementsAre("a/1: a1 a2", "b/2: b1"));
    for (const auto& cluster : picture.report().clusters) {
        EXPECT_EQ(cluster.verdict, Verdict::ok) << cluster.scope;
    }
}

TEST(Grouping, AMemberWithoutIdentifierJoinsTheOnlyClusterOfItsScope) {
    auto creating = of(MemberStatus{}, "demo", std::nullopt);
    creating.state = "creating replica";
    creating.role = Role::uninitialized;
    Picture picture;
    picture.answers("a", primary_at(5)).answers("new", creating);
    picture.answers("x", of(primary_at(5), "other", "7"));
    EXPECT_THAT(clusters_of(picture.report()), ElementsAre("demo/1: a new", "other/7: x"));
}

TEST(Grouping, NobodyKnowsAnIdentifierWhileTheClusterIsBootstrapped) {
    Picture picture;
    picture.answers("a", of(MemberStatus{}, "demo", std::nullopt));
    picture.answers("b", of(MemberStatus{}, "demo", std::nullopt));
    EXPECT_THAT(clusters_of(picture.report()), ElementsAre("demo/?: a b"));
}

TEST(Grouping, TwoIdentifiersInOneScopeAreTwoClustersAndAProblem) {
    Picture picture;
    picture.answers("a", of(primary_at(5), "demo", "1"));
    picture.answers("b", of(primary_at(5), "demo", "2"));
    const auto report = picture.report();
    EXPECT_THAT(clusters_of(report), ElementsAre("demo/1: a", "demo/2: b"));
    ASSERT_EQ(report.problems.size(), 1U);
    EXPECT_EQ(report.problems[0].kind, "two_system_identifiers");
    EXPECT_EQ(report.problems[0].where, "demo");
    for (const auto& cluster : report.clusters) {
        // Each has one running primary of its own: not a split brain, but not well either.
        EXPECT_EQ(cluster.verdict, Verdict::degraded);
        EXPECT_THAT(problem_kinds(cluster), ElementsAre("two_system_identifiers"));
    }
}

TEST(Grouping, AnAmbiguousMemberIsAGroupOfItsOwnAndAProblem) {
    Picture picture;
    picture.answers("a", of(primary_at(5), "demo", "1"));
    picture.answers("b", of(primary_at(5), "demo", "2"));
    picture.answers("new", of(MemberStatus{}, "demo", std::nullopt));
    const auto report = picture.report();
    EXPECT_THAT(clusters_of(report), ElementsAre("demo/?: new", "demo/1: a", "demo/2: b"));
    EXPECT_THAT(problem_kinds(report.clusters[0]), ::testing::Contains("ambiguous_cluster"));
    EXPECT_EQ(report.problems.size(), 1U) << "one remark for one scope";
}

TEST(Grouping, TheStoreDecidesToWhomAMemberWithoutIdentifierBelongs) {
    Picture picture;
    picture.answers("a", of(primary_at(5), "demo", "1"));
    picture.answers("b", of(primary_at(5), "demo", "2"));
    picture.silent("quiet");
    auto cluster = stored({published("a", Role::primary), published("quiet", Role::replica)}, "a");
    cluster.initialize = "2";
    picture.store(cluster);
    EXPECT_THAT(clusters_of(picture.report()), ElementsAre("demo/1: a", "demo/2: b quiet"));
}

TEST(Grouping, TheStoreKnowsTheIdentifierWhenNoMemberAnswers) {
    Picture picture;
    picture.silent("a").silent("b");
    picture.store(stored({published("a", Role::primary), published("b", Role::replica)}, "a"));
    EXPECT_THAT(clusters_of(picture.report()), ElementsAre("demo/1: a b"));
}

TEST(Grouping, AnEmptyInitializeKeyIsNoIdentifier) {
    Picture picture;
    picture.silent("a");
    auto cluster = stored({published("a", Role::replica)}, std::nullopt);
    cluster.initialize = "";
    picture.store(cluster);
    EXPECT_THAT(clusters_of(picture.report()), ElementsAre("demo/?: a"));
}

TEST(Grouping, AClusterWithoutAnyMemberKeyIsStillACluster) {
    Picture picture;
    picture.store(stored({}, std::nullopt));
    EXPECT_THAT(clusters_of(picture.report()), ElementsAre("demo/1:"));
}

TEST(Grouping, ASilentMemberOfUnknownScopeJoinsTheOnlyCluster) {
    Picture picture;
    picture.silent("quiet").answers("a", primary_at(5));
    EXPECT_THAT(clusters_of(picture.report()), ElementsAre("demo/1: a quiet"));
}

TEST(Grouping, ASilentMemberOfUnknownScopeBesideTwoClustersIsAGroupOfItsOwn) {
    Picture picture;
    picture.answers("a", of(primary_at(5), "a", "1")).answers("b", of(primary_at(5), "b", "2"));
    picture.silent("quiet");
    const auto report = picture.report();
    EXPECT_THAT(clusters_of(report), ElementsAre("/?: quiet", "a/1: a", "b/2: b"));
    EXPECT_EQ(report.clusters[0].verdict, Verdict::unknown);
    EXPECT_THAT(problem_kinds(report.clusters[0]), ::testing::Contains("ambiguous_cluster"));
}

TEST(Grouping, OnlySilentMembersAreOneGroupWithoutAnAmbiguity) {
    Picture picture;
    picture.silent("a").silent("b");
    const auto cluster = picture.only();
    EXPECT_THAT(row_names(cluster), ElementsAre("a", "b"));
    EXPECT_THAT(problem_kinds(cluster), ::testing::Not(::testing::Contains("ambiguous_cluster")));
}

TEST(Grouping, AnAddressThatAMemberOfAnotherClusterTookIsAProblem) {
    Picture picture;
    picture.answers("a", primary_at(5)).answers("b", of(primary_at(9), "strangers", "99"));
    picture.store(stored({published("a", Role::primary), published("b", Role::replica)}, "a"));
    const auto report = picture.report();
    // Nobody vanishes, and the stranger's primary does not make a split brain of "demo".
    EXPECT_THAT(clusters_of(report), ElementsAre("demo/1: a", "demo/99: b"));
    EXPECT_THAT(problem_kinds(report.clusters[1]), ::testing::Contains("scope_mismatch b"));
    EXPECT_NE(report.clusters[0].verdict, Verdict::split);
}

TEST(Grouping, AnAddressThatAnotherMemberTookIsAProblem) {
    Picture picture;
    picture.answers("a", primary_at(5)).answers("b", replica_at(5, 5));
    picture.observations[1].answer->name = "c";
    picture.store(stored({published("a", Role::primary), published("b", Role::replica)}, "a"));
    EXPECT_THAT(problem_kinds(picture.only()), ::testing::Contains("name_mismatch b"));
}

TEST(Grouping, AMemberOfACitusGroupNamesOnlyItsScope) {
    Picture picture;
    picture.answers("w1", primary_at(5));
    auto cluster = stored({published("w1", Role::primary)}, "w1");
    cluster.scope = "demo/2";
    picture.store(cluster);
    const auto status = picture.only();
    EXPECT_EQ(status.scope, "demo/2");
    EXPECT_EQ(status.verdict, Verdict::ok);
    EXPECT_THAT(problem_kinds(status), IsEmpty());
}

}  // namespace
}  // namespace patroni::testing
