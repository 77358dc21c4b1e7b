// Reading a cluster and a namespace: consistent, whatever happens between and on the way.

#include "dcs/zookeeper/key_reader.hpp"
#include "dcs/zookeeper/tree_reader.hpp"
#include "unit/dcs/dialogue_checks.hpp"
#include "unit/dcs/zookeeper_driver.hpp"

#include <gtest/gtest.h>

namespace patroni::dcs::zookeeper {
namespace {

using std::chrono::milliseconds;
using Driver = testing::ZookeeperDriver;
using testing::keys_of;
using testing::value_of;

void fill(testing::ZookeeperTree& tree) {
    tree.put("/service/demo/config", "{\"ttl\":30}");
    tree.put("/service/demo/initialize", "");
    tree.put("/service/demo/leader", "pg-a");
    tree.put("/service/demo/members/pg-a", "{\"role\":\"primary\"}");
    tree.put("/service/demo/members/pg-b", "{\"role\":\"replica\"}");
    tree.put("/service/demo/optime/leader", "5");
    tree.put("/service/demo2/config", "{}");
    tree.put("/other", "not ours");
}

const std::vector<std::string> k_keys = {
    "/service/demo/config",       "/service/demo/initialize",   "/service/demo/leader",
    "/service/demo/members/pg-a", "/service/demo/members/pg-b", "/service/demo/optime/leader"};

struct Reading {
    Result<void> result;
    std::shared_ptr<TreeReader> reader;
};

Reading read(Driver& driver, const std::string& prefix, milliseconds limit = milliseconds(10000)) {
    auto reader = std::make_shared<TreeReader>(prefix);
    auto result = driver.run(reader, limit);
    return {std::move(result), reader};
}

TEST(ZookeeperRead, AClusterInThreeSendings) {
    Driver driver;
    fill(driver.tree);
    const auto [result, reader] = read(driver, "/service/demo/");
    ASSERT_TRUE(result);
    ASSERT_FALSE(reader->refusal());
    const Snapshot snapshot = reader->snapshot();
    EXPECT_EQ(keys_of(snapshot), k_keys);
    EXPECT_EQ(value_of(snapshot, "/service/demo/leader"), "pg-a");
    EXPECT_EQ(snapshot.revision, static_cast<std::uint64_t>(driver.tree.zxid));
    EXPECT_EQ(snapshot.entries[0].modified,
              static_cast<std::uint64_t>(driver.tree.nodes["/service/demo/config"].modified));
    EXPECT_EQ(driver.requests, 3U);  // Handshake, folders, everything.
}

TEST(ZookeeperRead, AServerBefore36IsAskedForEachNode) {
    Driver driver;
    fill(driver.tree);
    driver.servers[0].is_old = true;
    const auto [result, reader] = read(driver, "/service/demo/");
    ASSERT_TRUE(result);
    EXPECT_EQ(keys_of(reader->snapshot()), k_keys);
    const auto again = read(driver, "/service/demo/");
    EXPECT_EQ(keys_of(again.reader->snapshot()), k_keys);
}

TEST(ZookeeperRead, AllClustersOfANamespace) {
    for (const bool is_old : {false, true}) {
        Driver driver(1, {.one_by_one = is_old});
        fill(driver.tree);
        driver.tree.put("/service/citus/0/config", "{}");
        driver.tree.put("/service/citus/0/members/c0", "{}");
        driver.tree.put("/service/citus/1/leader", "w1");
        driver.tree.put("/service/registry/deep/er", "of another tool");
        driver.tree.put("/service/empty", "");
        auto expected = k_keys;
        expected.insert(expected.begin(), {"/service/citus/0/config", "/service/citus/0/members/c0",
                                           "/service/citus/1/leader"});
        expected.insert(expected.end(),
                        {"/service/demo2/config", "/service/empty", "/service/registry/deep/er"});
        const auto [result, reader] = read(driver, "/service/");
        ASSERT_TRUE(result);
        EXPECT_EQ(keys_of(reader->snapshot()), expected);
    }
}

TEST(ZookeeperRead, ANamespaceOfManyClustersGoesInSeveralRequests) {
    Driver driver;
    for (int i = 0; i < 400; ++i) {
        const std::string path = "/service/c" + std::to_string(1000 + i);
        driver.tree.put(path + "/config", "{}");
        driver.tree.put(path + "/members/m", "{}");
    }
    const auto [result, reader] = read(driver, "/service/");
    ASSERT_TRUE(result);
    EXPECT_EQ(reader->snapshot().entries.size(), 800U);
}

TEST(ZookeeperRead, WhatIsNotThereIsEmpty) {
    for (const bool is_old : {false, true}) {
        Driver driver(1, {.one_by_one = is_old});
        for (const auto* prefix : {"/service/demo/", "/service/", "/"}) {
            const auto [result, reader] = read(driver, prefix);
            ASSERT_TRUE(result);
            ASSERT_FALSE(reader->refusal());
            EXPECT_TRUE(reader->snapshot().entries.empty());
        }
    }
}

TEST(ZookeeperRead, AChrootStandsBeforeEveryPath) {
    Driver driver(1, {.chroot = "/corp/pg"});
    driver.tree.put("/corp/pg/service/demo/leader", "a");
    driver.tree.put("/service/demo/leader", "not this one");
    const auto [result, reader] = read(driver, "/service/demo/");
    ASSERT_TRUE(result);
    EXPECT_EQ(keys_of(reader->snapshot()), std::vector<std::string>{"/service/demo/leader"});
    EXPECT_EQ(value_of(reader->snapshot(), "/service/demo/leader"), "a");
}

/// Members come and go while it is read: the snapshot is one that existed.
TEST(ZookeeperRead, ChangesBetweenTheRequestsAreNeverMixed) {
    for (const bool is_old : {false, true}) {
        for (std::size_t when = 1; when < 12; ++when) {
            Driver driver(1, {.one_by_one = is_old});
            fill(driver.tree);
            driver.between = [when](Driver& at) {
                if (at.requests == when) {
                    at.tree.remove("/service/demo/members/pg-b");
                    at.tree.put("/service/demo/members/pg-c", "{}");
                    at.tree.put("/service/demo/leader", "pg-c");
                }
            };
            const auto [result, reader] = read(driver, "/service/demo/");
            ASSERT_TRUE(result);
            const Snapshot snapshot = reader->snapshot();
            const bool is_new = value_of(snapshot, "/service/demo/leader") == "pg-c";
            EXPECT_EQ(snapshot.entries[4].key.back(), is_new ? 'c' : 'b') << when;
        }
    }
}

TEST(ZookeeperRead, FoldersThatChangeEveryTimeAreGivenUp) {
    Driver driver;
    fill(driver.tree);
    driver.between = [](Driver& at) {
        at.tree.put("/service/demo/x" + std::to_string(at.requests), "");
    };
    const auto [result, reader] = read(driver, "/service/demo/");
    ASSERT_TRUE(result);
    ASSERT_TRUE(reader->refusal());
    EXPECT_EQ(reader->refusal()->kind, ErrorKind::limit);
}

TEST(ZookeeperRead, WithoutPermissionTheNodeIsNamed) {
    for (const bool is_old : {false, true}) {
        Driver driver(1, {.one_by_one = is_old});
        fill(driver.tree);
        driver.tree.secret = {"/service/demo/config"};
        const auto [result, reader] = read(driver, "/service/demo/");
        ASSERT_TRUE(reader->refusal());
        EXPECT_EQ(reader->refusal()->kind, ErrorKind::unauthorized);
        EXPECT_NE(reader->refusal()->message.find("/service/demo/config"), std::string::npos);
    }
}

/// A connection that breaks before or after any request: another server answers all the same.
TEST(ZookeeperRead, AFailureAtEachStepIsSurvived) {
    for (const auto fault :
         {Driver::Fault::lose_request, Driver::Fault::lose_answer, Driver::Fault::silence}) {
        for (const bool is_old : {false, true}) {
            for (std::size_t at = 1; at <= 4; ++at) {
                Driver driver(3, {.one_by_one = is_old});
                fill(driver.tree);
                driver.fault = fault;
                driver.fault_at = at;
                const auto [result, reader] = read(driver, "/service/demo/");
                ASSERT_TRUE(result) << at;
                EXPECT_EQ(keys_of(reader->snapshot()), k_keys) << at;
            }
        }
    }
}

TEST(ZookeeperRead, OneServerThatFailsIsTheError) {
    for (std::size_t at = 1; at <= 3; ++at) {
        Driver driver;
        fill(driver.tree);
        driver.fault = Driver::Fault::lose_answer;
        driver.fault_at = at;
        const auto [result, reader] = read(driver, "/service/demo/");
        ASSERT_FALSE(result) << at;
        EXPECT_EQ(result.error().kind, ErrorKind::reset);
        EXPECT_EQ(result.error().endpoint, "zk1:2181");
    }
}

TEST(ZookeeperRead, NobodyIsThereAndEachIsNamed) {
    Driver driver(3);
    driver.down = {true, true, true};
    const auto [result, reader] = read(driver, "/service/demo/");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::connect_refused);
    EXPECT_NE(result.error().message.find("zk1:2181: nothing listens"), std::string::npos)
        << result.error().message;
}

TEST(ZookeeperRead, AServerThatIsSilentUsesItsShareOfTheTimeOnly) {
    Driver driver(2);
    fill(driver.tree);
    driver.fault = Driver::Fault::silence;
    driver.fault_at = 1;
    const auto begin = driver.now;
    const auto [result, reader] = read(driver, "/service/demo/", milliseconds(2000));
    ASSERT_TRUE(result);
    EXPECT_LE(driver.now - begin, milliseconds(1100));
}

TEST(ZookeeperRead, AHostileListIsNoKey) {
    Driver driver;
    TreeReader reader("/service/demo/");
    auto requests = reader.start(true);
    std::vector<Reply> replies(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
        if (requests[i].op == Op::get_children) {
            replies[i].children = {"leader", "../etc", "", "a/b"};
        }
    }
    for (const auto& request : reader.resume(std::move(replies))) {
        EXPECT_EQ(request.path.find(".."), std::string::npos);
        EXPECT_FALSE(request.path.ends_with('/'));
    }
}

TEST(ZookeeperRead, AKeyAlone) {
    Driver driver;
    fill(driver.tree);
    const auto reader = std::make_shared<KeyReader>("/service/demo/leader");
    ASSERT_TRUE(driver.run(reader));
    EXPECT_EQ(value_of(reader->result().value(), "/service/demo/leader"), "pg-a");
    const auto none = std::make_shared<KeyReader>("/service/demo/nothing");
    ASSERT_TRUE(driver.run(none));
    EXPECT_TRUE(none->result().value().entries.empty());
}

}  // namespace
}  // namespace patroni::dcs::zookeeper
