// Members and clusters in Patroni's own keys.
#include "discovery/dcs_members.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Snapshot;
using discovery::dcs_prefix;
using discovery::members_of_snapshot;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(DcsPrefix, SqueezesSlashes) {
    const struct {
        const char *name_space, *scope, *prefix;
    } table[] = {
        {"service", "demo", "/service/demo/"},
        {"/service/", "demo", "/service/demo/"},
        {"//db//", "demo", "/db/demo/"},
        {"/", "demo", "/demo/"},
        {"", "demo", "/demo/"},
        {"service", "", "/service/"},
        {"/", "", "/"},
        {"a/b", "c", "/a/b/c/"},
        {"service", "a/b", "/service/a/b/"},
    };
    for (const auto& row : table) {
        EXPECT_EQ(dcs_prefix(row.name_space, row.scope), row.prefix)
            << row.name_space << " " << row.scope;
    }
}

std::string member_json(int number) {
    const auto n = std::to_string(number);
    return R"({"conn_url":"postgres://10.0.0.)" + n +
           R"(:5432/postgres","api_url":"http://10.0.0.)" + n +
           R"(:8008/patroni","state":"running","role":"replica","version":"4.1.4"})";
}

Seeds seeds_of(const std::string& scope, const std::string& name_space = "service") {
    auto seeds = Seeds::etcd3("127.0.0.1:2379", scope).value();
    seeds.name_space = name_space;
    return seeds;
}

/// "scope/name address" of each member.
std::vector<std::string> rows(const Discovery& discovery) {
    std::vector<std::string> found;
    for (const auto& member : discovery.members) {
        found.push_back(member.scope.value_or("?") + "/" + member.display_name() + " " +
                        (member.api ? member.api->address.text() : "-"));
    }
    return found;
}

TEST(DcsMembers, OfOneScope) {
    const Snapshot snapshot{{{"/service/demo/initialize", "1", 1},
                             {"/service/demo/leader", "pg1", 1},
                             {"/service/demo/members/pg1", member_json(1), 1},
                             {"/service/demo/members/pg2", member_json(2), 1}}};
    const auto discovery = members_of_snapshot(seeds_of("demo"), snapshot).value();
    EXPECT_THAT(rows(discovery), ElementsAre("demo/pg1 10.0.0.1:8008", "demo/pg2 10.0.0.2:8008"));
    EXPECT_EQ(discovery.members[0].postgres, (HostPort{"10.0.0.1", 5432}));
    ASSERT_TRUE(discovery.clusters.contains("demo"));
    EXPECT_EQ(discovery.clusters.at("demo").leader, "pg1");
    EXPECT_EQ(discovery.clusters.at("demo").initialize, "1");
    EXPECT_EQ(discovery.clusters.at("demo").path, "/service/demo/");
}

TEST(DcsMembers, WithoutAScopeEveryClusterOfTheNamespace) {
    const Snapshot snapshot{{{"/service/a/leader", "x", 1},
                             {"/service/a/members/x", member_json(1), 1},
                             {"/service/b/config", "{}", 1},
                             {"/service/demo/members/y", member_json(2), 1},
                             {"/service/demo2/members/z", member_json(3), 1}}};
    const auto discovery = members_of_snapshot(seeds_of(""), snapshot).value();
    EXPECT_THAT(rows(discovery),
                ElementsAre("a/x 10.0.0.1:8008", "demo/y 10.0.0.2:8008", "demo2/z 10.0.0.3:8008"));
    EXPECT_TRUE(discovery.clusters.contains("b")) << "a cluster without members is a cluster";
}

TEST(DcsMembers, InTheRootNamespace) {
    const Snapshot snapshot{
        {{"/demo/members/x", member_json(1), 1}, {"/registry/pods/members", "no", 1}}};
    EXPECT_THAT(rows(members_of_snapshot(seeds_of("", "/"), snapshot).value()),
                ElementsAre("demo/x 10.0.0.1:8008"));
}

TEST(DcsMembers, KeysOfOtherToolsAreNoClusters) {
    const Snapshot snapshot{{{"/service/a/leader", "x", 1},
                             {"/service/single-key", "v", 1},
                             {"/service/web/backend/1", "10.0.0.1:80", 1},
                             {"/services/b/leader", "x", 1}}};
    const auto discovery = members_of_snapshot(seeds_of(""), snapshot).value();
    EXPECT_EQ(discovery.clusters.size(), 1U);
    EXPECT_TRUE(discovery.clusters.contains("a"));
}

TEST(DcsMembers, CitusGroupsAreClustersOfTheirOwn) {
    const Snapshot snapshot{{{"/service/demo/0/leader", "c1", 1},
                             {"/service/demo/0/members/c1", member_json(1), 1},
                             {"/service/demo/12/leader", "w1", 1},
                             {"/service/demo/12/members/w1", member_json(2), 1},
                             {"/service/demo/012/leader", "no group", 1}}};
    for (const auto* scope : {"demo", ""}) {
        const auto discovery = members_of_snapshot(seeds_of(scope), snapshot).value();
        EXPECT_THAT(rows(discovery),
                    ElementsAre("demo/0/c1 10.0.0.1:8008", "demo/12/w1 10.0.0.2:8008"));
        EXPECT_EQ(discovery.clusters.at("demo/12").leader, "w1");
        EXPECT_EQ(discovery.clusters.at("demo/12").path, "/service/demo/12/");
        EXPECT_EQ(discovery.clusters.size(), 2U);
    }
}

TEST(DcsMembers, AMemberWithoutAnAddressIsListed) {
    const Snapshot snapshot{{{"/service/demo/members/x", R"({"state":"stopped"})", 1}}};
    EXPECT_THAT(rows(members_of_snapshot(seeds_of("demo"), snapshot).value()),
                ElementsAre("demo/x -"));
}

TEST(DcsMembers, AScopeWithoutKeysIsNotFound) {
    const auto discovery = members_of_snapshot(seeds_of("nosuch"), {});
    ASSERT_FALSE(discovery);
    EXPECT_EQ(discovery.error().kind, ErrorKind::not_found);
    EXPECT_EQ(discovery.error().endpoint, "http://127.0.0.1:2379");
    EXPECT_THAT(discovery.error().message, HasSubstr("/service/nosuch/"));
    EXPECT_THAT(discovery.error().message, HasSubstr("--namespace"));
}

TEST(DcsMembers, ANamespaceWithoutClustersIsNotFound) {
    const Snapshot snapshot{{{"/service/web/x", "1", 1}}};
    const auto discovery = members_of_snapshot(seeds_of(""), snapshot);
    ASSERT_FALSE(discovery);
    EXPECT_EQ(discovery.error().kind, ErrorKind::not_found);
    EXPECT_THAT(discovery.error().message, HasSubstr("/service/"));
}

TEST(DcsMembers, AClusterThatIsBootstrappedHasOnlyAnEmptyInitialize) {
    const Snapshot snapshot{{{"/service/demo/initialize", "", 1}}};
    const auto discovery = members_of_snapshot(seeds_of("demo"), snapshot);
    ASSERT_TRUE(discovery) << discovery.error().message;
    EXPECT_EQ(discovery->clusters.at("demo").initialize, "");
}

}  // namespace
}  // namespace patroni::testing
