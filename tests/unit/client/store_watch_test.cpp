// Store::start_watch on simulated clusters, through both of etcd's APIs: what users see, and what
// they may do from within.
#include "support/failure_of.hpp"

#include <patroni/simulator.hpp>
#include <patroni/store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using Kind = StoreEvent::Kind;
using ::testing::ElementsAre;

class WatchOfBothApis : public ::testing::TestWithParam<SimulatedStore> {
protected:
    WatchOfBothApis() { sim.add_cluster({.scope = "demo", .store = GetParam()}); }

    Seeds seeds() const {
        return GetParam() == SimulatedStore::etcd3 ? Seeds::etcd3(sim.etcd().text()).value()
                                                   : Seeds::etcd2(sim.etcd().text()).value();
    }
    /// Watches until `done` says so; a failure after ten seconds.
    template <class Done>
    std::vector<StoreEvent> watch_until(WatchOptions options, Done done) {
        Runtime runtime;
        Store store(runtime, seeds());
        std::vector<StoreEvent> events;
        auto watch = store.start_watch("demo", options, [&](const StoreEvent& event) {
            events.push_back(event);
            if (done(events)) {
                runtime.stop();
            }
        });
        runtime.run();
        return events;
    }
    void write(const std::string& key, const std::string& value) const {
        Store writer{seeds(), {.writable = true}};
        ASSERT_EQ(writer.write(StoreWrite::put(key, value)).kind, OutcomeKind::done);
    }

    Simulator sim;
};

TEST_P(WatchOfBothApis, FirstTellsWhatIsThereThenWhatChanges) {
    bool written = false;
    const auto events = watch_until({}, [&](const std::vector<StoreEvent>& told) {
        if (told.back().kind == Kind::current && !written) {
            written = true;
            write("/service/demo/mine", "1");
        }
        return !told.back().changes.empty() && told.back().changes[0].key == "/service/demo/mine";
    });
    ASSERT_GE(events.size(), 4U);
    EXPECT_EQ(events[0].kind, Kind::connected);
    EXPECT_EQ(events[0].endpoint, "http://" + sim.etcd().text());
    EXPECT_EQ(events[1].kind, Kind::cluster);
    EXPECT_EQ(events[1].scope, "demo");
    EXPECT_EQ(events[1].cluster->leader, "pg1");
    EXPECT_EQ(events[2].kind, Kind::current);
    EXPECT_GT(events[2].revision, 0U);
    const auto& last = events.back();
    EXPECT_EQ(last.cluster->keys.at("mine").value, "1");
    EXPECT_EQ(last.cluster->keys.at("mine").revision, last.revision);
    EXPECT_EQ(last.changes[0].before, std::nullopt);
    EXPECT_EQ(last.changes[0].now->value, "1");
}

TEST_P(WatchOfBothApis, ItsLastEventAfterACancelIsThatItEnded) {
    Runtime runtime;
    Store store(runtime, seeds());
    std::vector<Kind> kinds;
    Operation watch;
    watch = store.start_watch("demo", {}, [&](const StoreEvent& event) {
        kinds.push_back(event.kind);
        if (event.kind == Kind::cluster) {
            watch.cancel();
        }
        if (event.kind == Kind::ended) {
            EXPECT_EQ(event.error->kind, ErrorKind::cancelled);
            runtime.stop();
        }
    });
    runtime.run();
    EXPECT_THAT(kinds, ElementsAre(Kind::connected, Kind::cluster, Kind::ended));
}

TEST_P(WatchOfBothApis, CanBeCancelledBeforeItBegan) {
    Runtime runtime;
    Store store(runtime, seeds());
    std::vector<Kind> kinds;
    auto watch = store.start_watch("demo", {},
                                   [&](const StoreEvent& event) { kinds.push_back(event.kind); });
    watch.cancel();
    EXPECT_TRUE(kinds.empty()) << "not from within";
    runtime.run();
    EXPECT_THAT(kinds, ElementsAre(Kind::ended));
}

TEST_P(WatchOfBothApis, ItsStoreCanBeDestroyedFromWithin) {
    for (const Kind when : {Kind::connected, Kind::cluster, Kind::current}) {
        Runtime runtime;
        auto store = std::make_unique<Store>(runtime, seeds());
        std::vector<Kind> kinds;
        store->start_watch("demo", {}, [&](const StoreEvent& event) {
            kinds.push_back(event.kind);
            if (event.kind == when) {
                store.reset();
            }
        });
        runtime.run();  // Nothing is under way any more.
        EXPECT_EQ(kinds.back(), when);
    }
}

TEST_P(WatchOfBothApis, ConnectionsThatAreCutLoseNothing) {
    int count = 0;
    const auto events = watch_until({.raw = true}, [&](const std::vector<StoreEvent>& told) {
        const auto& last = told.back();
        const bool mine = !last.changes.empty() && last.changes.back().key == "/service/demo/n";
        if (last.kind == Kind::current || (mine && count < 5)) {
            sim.cut_etcd_watches();
            write("/service/demo/n", std::to_string(++count));
        }
        return mine && last.changes.back().now->value == "5";
    });
    std::vector<std::string> values;
    for (const auto& event : events) {
        EXPECT_NE(event.kind, Kind::gap);
        for (const auto& change : event.changes) {
            if (change.key == "/service/demo/n") {
                values.push_back(change.now->value);
            }
        }
    }
    EXPECT_THAT(values, ElementsAre("1", "2", "3", "4", "5"));
}

TEST_P(WatchOfBothApis, RefusesWhatIsNoName) {
    Runtime runtime;
    Store store(runtime, seeds());
    Store own{seeds()};
    const auto refused = [](Store& one, std::string_view scope) {
        return failure_of([&] { one.start_watch(scope, {}, [](const StoreEvent&) {}); }).kind;
    };
    EXPECT_EQ(refused(store, "../other"), ErrorKind::config);
    EXPECT_EQ(refused(own, "demo"), ErrorKind::config) << "nobody runs its loop";
}

INSTANTIATE_TEST_SUITE_P(Store, WatchOfBothApis,
                         ::testing::Values(SimulatedStore::etcd3, SimulatedStore::etcd2),
                         [](const auto& suite) {
                             return suite.param == SimulatedStore::etcd3 ? "etcd3" : "etcd2";
                         });

}  // namespace
}  // namespace patroni::testing
