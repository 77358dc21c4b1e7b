// The keys of simulated clusters, read and written through both of etcd's APIs.
#include "support/failure_of.hpp"

#include <patroni/simulator.hpp>
#include <patroni/store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class StoreOfBothApis : public ::testing::TestWithParam<SimulatedStore> {
protected:
    StoreOfBothApis() {
        sim.add_cluster({.scope = "demo", .store = GetParam()});
        sim.add_cluster({.scope = "demo2", .members = {"b1", "b2"}, .store = GetParam()});
    }

    Seeds seeds() const {
        return GetParam() == SimulatedStore::etcd3 ? Seeds::etcd3(sim.etcd().text()).value()
                                                   : Seeds::etcd2(sim.etcd().text()).value();
    }
    Store store() const { return Store{seeds(), {.writable = true}}; }
    static StoredKey key_of(Store& store, const std::string& name) {
        return store.clusters("demo").at(0).keys.at(name);
    }

    Simulator sim;
};

TEST_P(StoreOfBothApis, ReadsAClusterWithItsKeys) {
    Store reading{seeds()};
    const auto clusters = reading.clusters("demo");
    ASSERT_EQ(clusters.size(), 1U);
    const Cluster& demo = clusters[0];
    EXPECT_EQ(demo.path, "/service/demo/");
    EXPECT_EQ(demo.group, std::nullopt);
    EXPECT_EQ(demo.leader, "pg1");
    EXPECT_GT(demo.keys.at("config").revision, 0U);
    EXPECT_THAT(demo.keys.at("members/pg2").value, HasSubstr("\"role\":\"replica\""));
    EXPECT_THAT(reading.clusters("nosuch"), IsEmpty());
    EXPECT_EQ(reading.snapshot("/service/demo/").at("/service/demo/leader").value, "pg1");
}

TEST_P(StoreOfBothApis, ComparesAndSets) {
    Store store = this->store();
    const StoredKey before = key_of(store, "config");
    const auto done =
        store.write(StoreWrite::put_if("/service/demo/config", R"({"ttl":31})", before.revision));
    EXPECT_EQ(done.kind, OutcomeKind::done) << to_line(done);
    EXPECT_EQ(key_of(store, "config"), (StoredKey{R"({"ttl":31})", done.revision}));
    const auto conflict =
        store.write(StoreWrite::put_if("/service/demo/config", R"({"ttl":32})", before.revision));
    EXPECT_EQ(conflict.kind, OutcomeKind::rejected);
    EXPECT_TRUE(conflict.conflict());
    ASSERT_TRUE(conflict.current);
    EXPECT_EQ(conflict.current->value, R"({"ttl":31})");
    EXPECT_EQ(conflict.current->revision, done.revision);
    EXPECT_EQ(key_of(store, "config").value, R"({"ttl":31})");
}

TEST_P(StoreOfBothApis, CreatesPutsAndRemoves) {
    Store store = this->store();
    const std::string key = "/service/demo/mine";
    const auto created = store.write(StoreWrite::create(key, "1"));
    EXPECT_EQ(created.kind, OutcomeKind::done);
    const auto again = store.write(StoreWrite::create(key, "2"));
    EXPECT_TRUE(again.conflict());
    EXPECT_EQ(again.message, "nothing was written: " + key + " exists already");
    EXPECT_EQ(again.current, (StoredKey{"1", created.revision}));
    EXPECT_EQ(store.write(StoreWrite::put(key, "3 + 4 = \xc3\xbc&")).kind, OutcomeKind::done);
    EXPECT_EQ(key_of(store, "mine").value, "3 + 4 = \xc3\xbc&");
    EXPECT_TRUE(store.write(StoreWrite::remove_if(key, created.revision)).conflict());
    const auto removed = store.write(StoreWrite::remove_if(key, key_of(store, "mine").revision));
    EXPECT_EQ(removed.kind, OutcomeKind::done);
    EXPECT_EQ(removed.removed, 1U);
    EXPECT_EQ(store.clusters("demo")[0].keys.count("mine"), 0U);
    const auto nothing = store.write(StoreWrite::remove(key));
    EXPECT_EQ(nothing.kind, OutcomeKind::done);
    EXPECT_EQ(nothing.removed, 0U);
}

TEST_P(StoreOfBothApis, RemovesOneClusterAndNotItsNeighbour) {
    for (const char* name : {"pg1", "pg2", "pg3"}) {
        sim.kill(name);  // They would write their keys again.
    }
    Store store = this->store();
    EXPECT_EQ(store.remove_cluster("demo").kind, OutcomeKind::done);
    EXPECT_THAT(store.snapshot("/service/demo/"), IsEmpty());
    EXPECT_EQ(store.clusters("demo2").at(0).leader, "b1");
    EXPECT_EQ(store.remove_cluster("demo").kind, OutcomeKind::done) << "nothing is there any more";
}

TEST_P(StoreOfBothApis, CitusGroupsAreClustersOfTheirOwn) {
    Store store = this->store();
    for (const std::string group : {"0", "2", "10"}) {
        store.write(StoreWrite::put("/service/many/" + group + "/config", "{\"g\":" + group + "}"));
        store.write(StoreWrite::put("/service/many/" + group + "/initialize", "7"));
    }
    store.write(StoreWrite::put("/service/many/01/config", "{}"));
    const auto clusters = store.clusters("many");
    ASSERT_EQ(clusters.size(), 3U);
    EXPECT_EQ(clusters[0].group, 0);
    EXPECT_EQ(clusters[1].group, 2);
    EXPECT_EQ(clusters[2].group, 10);
    EXPECT_EQ(clusters[2].path, "/service/many/10/");
    EXPECT_EQ(clusters[2].path, store.path("many", 10));
    EXPECT_EQ(clusters[1].keys.at("config").value, R"({"g":2})");
    EXPECT_EQ(store.remove_cluster("many", 2).kind, OutcomeKind::done);
    EXPECT_EQ(store.clusters("many").size(), 2U);
}

TEST_P(StoreOfBothApis, AnAnswerThatGetsLostIsLookedUp) {
    Store store = this->store();
    const StoredKey before = key_of(store, "config");
    // The simulated etcd carries the request out and loses the answer.
    Fault fault = Fault::reset_after_request();
    fault.times = 1;
    sim.fault_etcd(fault);
    const auto outcome =
        store.write(StoreWrite::put_if("/service/demo/config", R"({"ttl":33})", before.revision));
    EXPECT_EQ(outcome.kind, OutcomeKind::done) << to_line(outcome);
    EXPECT_EQ(key_of(store, "config"), (StoredKey{R"({"ttl":33})", outcome.revision}));
}

TEST_P(StoreOfBothApis, WithoutAQuorumNobodyKnows) {
    Store store = this->store();
    const StoredKey before = key_of(store, "config");
    sim.etcd_quorum(false);
    const auto write = StoreWrite::put_if("/service/demo/config", R"({"ttl":34})", before.revision);
    if (GetParam() == SimulatedStore::etcd3) {
        const auto error = failure_of([&] { store.write(write, milliseconds(500)); });
        EXPECT_THAT(error.message, HasSubstr("no leader")) << "the node says so, and does nothing";
    } else {
        const auto outcome = store.write(write, milliseconds(500));
        EXPECT_EQ(outcome.kind, OutcomeKind::unknown) << to_line(outcome);
        EXPECT_EQ(outcome.reason, Reason::no_answer);
    }
}

TEST_P(StoreOfBothApis, RefusesWhatWouldDoHarm) {
    Store store = this->store();
    const auto refused = [&](StoreWrite write) {
        return failure_of([&] { store.write(std::move(write)); }).kind == ErrorKind::config;
    };
    EXPECT_TRUE(refused(StoreWrite::put("/service/demo/leader", "pg2")));
    EXPECT_TRUE(refused(StoreWrite::put("/service/demo/members/pg2", "{}")));
    EXPECT_TRUE(refused(StoreWrite::put("/service/demo/0/leader", "pg2")));
    EXPECT_TRUE(refused(StoreWrite::put("/elsewhere/demo/config", "{}")));
    EXPECT_TRUE(refused(StoreWrite::put("/service/", "{}")));
    EXPECT_TRUE(refused(StoreWrite::put("/service/../x/config", "{}")));
    EXPECT_TRUE(refused(StoreWrite::put("/service/demo//config", "{}")));
    EXPECT_TRUE(refused(StoreWrite::remove_if("/service/demo/sync", 0)));
    StoreWrite prefix = StoreWrite::remove("/service/demo/");
    prefix.kind = StoreWrite::Kind::remove_prefix;
    EXPECT_TRUE(refused(prefix));
    for (const char* scope : {"", "/", ".", "..", "demo/..", "../demo", "a//b", "a\nb", "demo/"}) {
        EXPECT_EQ(failure_of([&] { store.remove_cluster(scope); }).kind, ErrorKind::config)
            << scope;
        EXPECT_EQ(failure_of([&] { store.clusters(scope); }).kind, ErrorKind::config) << scope;
    }
    EXPECT_EQ(failure_of([&] { store.remove_cluster("demo", -1); }).kind, ErrorKind::config);
    Store reading{seeds()};
    EXPECT_THAT(
        failure_of([&] { reading.write(StoreWrite::put("/service/demo/failover", "{}")); }).message,
        HasSubstr("writable"));
    EXPECT_EQ(failure_of([&] { reading.remove_cluster("demo"); }).kind, ErrorKind::config);
    EXPECT_THAT(store.clusters("demo"), Not(IsEmpty()));
}

TEST_P(StoreOfBothApis, CallbacksComeFromTheRuntime) {
    Runtime runtime;
    Store store{runtime, seeds(), {.writable = true}};
    EXPECT_EQ(failure_of([&] { store.clusters("demo"); }).kind, ErrorKind::config);
    std::optional<StoreOutcome> outcome;
    std::optional<std::vector<Cluster>> clusters;
    store.start_write(StoreWrite::put("/service/demo/failover", "{}"), Store::default_timeout,
                      [&](Result<StoreOutcome> result) {
                          outcome = std::move(result).value();
                          store.start_clusters("demo", Store::default_timeout,
                                               [&](Result<std::vector<Cluster>> read) {
                                                   clusters = std::move(read).value();
                                                   runtime.stop();
                                               });
                      });
    EXPECT_FALSE(outcome) << "never from within the call";
    runtime.run();
    ASSERT_TRUE(outcome && clusters);
    EXPECT_EQ(clusters->at(0).keys.at("failover").revision, outcome->revision);
}

TEST_P(StoreOfBothApis, MayBeUsedByThreadsThatWaitForEachOther) {
    Store shared = store();
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, key = "/service/demo/thread" + std::to_string(i)] {
            for (int j = 0; j < 5; ++j) {
                const auto outcome = shared.write(StoreWrite::put(key, std::to_string(j)));
                const auto now = shared.snapshot("/service/demo/");
                good += outcome.kind == OutcomeKind::done && now.at(key).value == std::to_string(j);
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(good, 20);
}

TEST_P(StoreOfBothApis, DropsItsCallbacksWhenItIsDestroyed) {
    sim.fault_etcd(Fault::silent());
    Runtime runtime;
    std::optional<Store> store;
    store.emplace(runtime, seeds(), StoreOptions{.writable = true});
    int calls = 0;
    store->start_write(StoreWrite::put("/service/demo/mine", "1"), std::chrono::seconds(30),
                       [&](const auto&) { ++calls; });
    store->start_clusters("demo", std::chrono::seconds(30), [&](const auto&) { ++calls; });
    std::thread owner([&] {
        while (sim.etcd_traffic().requests == 0) {
            std::this_thread::sleep_for(milliseconds(1));
        }
        runtime.post([&] { store.reset(); });
    });
    runtime.run();  // Nothing is under way any more.
    owner.join();
    EXPECT_EQ(calls, 0);
}

INSTANTIATE_TEST_SUITE_P(Apis, StoreOfBothApis,
                         ::testing::Values(SimulatedStore::etcd2, SimulatedStore::etcd3),
                         [](const auto& test) {
                             return test.param == SimulatedStore::etcd2 ? "etcd2" : "etcd3";
                         });

TEST(Store, NeedsSeedsOfAStore) {
    EXPECT_EQ(failure_of([] { Store store{Seeds::api("127.0.0.1").value()}; }).kind,
              ErrorKind::config);
    EXPECT_EQ(failure_of([] {
                  Seeds seeds;
                  seeds.kind = Seeds::Kind::etcd3;
                  Store store{std::move(seeds)};
              }).kind,
              ErrorKind::config);
}

}  // namespace
}  // namespace patroni::testing
