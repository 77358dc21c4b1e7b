// The session: which server, when to leave it, what goes on and what begins anew; and watches on
// it.

#include "dcs/zookeeper/key_reader.hpp"
#include "dcs/zookeeper/tree_watch.hpp"
#include "unit/dcs/dialogue_checks.hpp"
#include "unit/dcs/zookeeper_driver.hpp"

#include <gtest/gtest.h>

namespace patroni::dcs::zookeeper {
namespace {

using std::chrono::milliseconds;
using Driver = testing::ZookeeperDriver;
using Machine = SessionMachine;

template <class T>
std::vector<T> all_of(const Driver& driver) {
    std::vector<T> found;
    for (const auto& notice : driver.notices) {
        if (const auto* wanted = std::get_if<T>(&notice)) {
            found.push_back(*wanted);
        }
    }
    return found;
}

Result<void> read_leader(Driver& driver, milliseconds limit = milliseconds(5000)) {
    return driver.run(std::make_shared<KeyReader>("/service/demo/leader"), limit);
}

TEST(ZookeeperSession, GoesOnAtAnotherServer) {
    Driver driver(2);
    driver.machine.keep(true, driver.now);
    driver.settle();
    driver.cut();
    driver.pass(milliseconds(100));
    const auto ready = all_of<Machine::Ready>(driver);
    ASSERT_EQ(ready.size(), 2U);
    EXPECT_FALSE(ready[0].is_resumed);
    EXPECT_TRUE(ready[1].is_resumed);
    EXPECT_EQ(ready[1].endpoint, 1U);
    EXPECT_EQ(driver.tree.sessions.size(), 1U);
}

TEST(ZookeeperSession, IsNewWhenTheOldOneIsOver) {
    Driver driver;
    driver.machine.keep(true, driver.now);
    driver.settle();
    driver.tree.sessions.clear();
    driver.cut();
    driver.pass(milliseconds(100));
    const auto ready = all_of<Machine::Ready>(driver);
    ASSERT_EQ(ready.size(), 2U);
    EXPECT_FALSE(ready[1].is_resumed);
}

TEST(ZookeeperSession, AServerThatLagsBehindIsLeft) {
    Driver driver(2);
    driver.tree.put("/service/demo/leader", "a");
    ASSERT_TRUE(read_leader(driver));
    driver.servers[0].lags_behind = 50;
    driver.servers[1].lags_behind = 50;
    driver.cut();
    EXPECT_FALSE(read_leader(driver, milliseconds(1000)));
    driver.servers[1].lags_behind = 0;
    EXPECT_TRUE(read_leader(driver));
    EXPECT_EQ(driver.server(), 1U);
}

TEST(ZookeeperSession, AReadOnlyServerIsLeft) {
    Driver driver(2);
    driver.servers[0].is_read_only = true;
    driver.tree.put("/service/demo/leader", "a");
    ASSERT_TRUE(read_leader(driver));
    EXPECT_EQ(driver.server(), 1U);
    driver.servers[1].is_read_only = true;
    driver.cut();
    const auto refused = read_leader(driver, milliseconds(1000));
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("read-only"), std::string::npos);
}

TEST(ZookeeperSession, LogsInOnEveryConnection) {
    Driver driver(1, {.logins = {{"digest", Secret("u:p")}}});
    driver.machine.keep(true, driver.now);
    driver.settle();
    driver.cut();
    driver.pass(milliseconds(200));
    EXPECT_EQ(driver.servers[0].logins, 2);
}

TEST(ZookeeperSession, IsKeptAliveAndASilentServerIsLeft) {
    Driver driver(2);
    driver.machine.keep(true, driver.now);
    driver.pass(milliseconds(60000));
    EXPECT_EQ(driver.server(), 0U);
    EXPECT_GE(driver.requests, 15U);  // Pings.
    driver.freeze();
    driver.pass(milliseconds(12000));
    EXPECT_EQ(driver.server(), 1U);
    const auto lost = all_of<Machine::Lost>(driver);
    ASSERT_EQ(lost.size(), 1U);
    EXPECT_EQ(lost[0].error.kind, ErrorKind::timeout);
}

TEST(ZookeeperSession, IsClosedWithoutWork) {
    Driver driver;
    driver.tree.put("/service/demo/leader", "a");
    ASSERT_TRUE(read_leader(driver));
    EXPECT_TRUE(driver.is_connected());
    driver.pass(milliseconds(6000));
    EXPECT_FALSE(driver.is_connected());
    EXPECT_EQ(driver.machine.next_tick(), Time::max());
    EXPECT_TRUE(read_leader(driver));
}

/// A kept connection may be dead: that costs no turn.
TEST(ZookeeperSession, ADeadKeptConnectionIsNoFailure) {
    Driver driver;
    driver.tree.put("/service/demo/leader", "a");
    ASSERT_TRUE(read_leader(driver));
    driver.fault = Driver::Fault::lose_request;
    driver.fault_at = driver.requests + 1;
    EXPECT_TRUE(read_leader(driver));
}

TEST(ZookeeperSession, PausesGrowWhileNobodyIsThere) {
    Driver driver(3);
    driver.down = {true, true, true};
    driver.machine.keep(true, driver.now);
    driver.pass(milliseconds(60000));
    const auto lost = all_of<Machine::Lost>(driver).size();
    EXPECT_GE(lost, 3 * 25U);
    EXPECT_LE(lost, 3 * 60U);
    driver.down = {true, true, false};
    driver.pass(milliseconds(2500));
    EXPECT_EQ(driver.server(), 2U);
}

TEST(ZookeeperSession, AServerThatRefusesEverythingIsNotAskedForEver) {
    Driver driver(1, {.one_by_one = true});
    driver.servers[0].is_old = true;
    struct Unknown final : Dialogue {
        std::vector<Request> start(bool) override { return {{.op = Op::multi_read}}; }
        std::vector<Request> resume(std::vector<Reply>) override { return {}; }
    };
    EXPECT_FALSE(driver.run(std::make_shared<Unknown>(), milliseconds(1000)));
}

TEST(ZookeeperSession, CancelEndsOneTaskOnly) {
    Driver driver;
    driver.tree.put("/service/demo/leader", "a");
    const auto task = driver.machine.run(std::make_shared<KeyReader>("/service/demo/leader"),
                                         driver.now + milliseconds(1000), driver.now);
    driver.machine.cancel(task, driver.now);
    driver.settle();
    const auto finished = all_of<Machine::Finished>(driver);
    ASSERT_EQ(finished.size(), 1U);
    EXPECT_EQ(finished[0].result.error().kind, ErrorKind::cancelled);
    EXPECT_TRUE(read_leader(driver));
}

// ---- watches

/// A TreeWatch on a driver, and what it told, as one line each.
class WatchLab {
public:
    explicit WatchLab(const std::string& prefix, Driver& driver) : driver_(driver), watch_(prefix) {
        driver.machine.keep(true, driver.now);
    }

    /// Works off what has happened.
    void settle() {
        for (int turns = 0; turns < 100; ++turns) {
            driver_.settle();
            const auto notices = std::exchange(driver_.notices, {});
            for (const auto& notice : notices) {
                take(notice);
            }
            for (const auto& event : watch_.take_told()) {
                std::visit([this](const auto& told) { note(told); }, event);
            }
            if (watch_.wants_read()) {
                watch_.on_started();
                task_ = driver_.machine.run(watch_.reader(), driver_.now + milliseconds(30000),
                                            driver_.now);
            } else if (notices.empty()) {
                return;
            }
        }
    }
    void pass(milliseconds time) {
        for (auto left = time; left.count() > 0; left -= milliseconds(50)) {
            driver_.pass(milliseconds(50));
            settle();
        }
    }
    void changed() {
        driver_.tell_events();
        settle();
    }
    std::vector<std::string> take() { return std::exchange(told_, {}); }
    const TreeWatch& watch() const { return watch_; }

private:
    void take(const Machine::Notice& notice) {
        if (const auto* ready = std::get_if<Machine::Ready>(&notice)) {
            watch_.on_ready(std::to_string(ready->endpoint));
        } else if (const auto* lost = std::get_if<Machine::Lost>(&notice)) {
            watch_.on_lost(lost->error);
        } else if (const auto* event = std::get_if<NodeEvent>(&notice)) {
            watch_.on_event(*event);
        } else if (std::get<Machine::Finished>(notice).task == task_) {
            watch_.on_read(std::get<Machine::Finished>(notice).result);
        }
    }
    void note(const WatchSnapshot& told) {
        std::string line = told.gap ? "gap:" : "now:";
        for (const auto& entry : told.now.entries) {
            line += " " + entry.key + "=" + entry.value;
        }
        told_.push_back(line);
    }
    void note(const WatchChanges& told) {
        std::string line;
        for (const auto& change : told.changes) {
            line += (line.empty() ? "" : " ") + std::string(change.removed ? "-" : "") +
                    change.entry.key + (change.removed ? "" : "=" + change.entry.value);
        }
        told_.push_back(line);
    }
    void note(const WatchConnected& told) { told_.push_back("connected " + told.endpoint); }
    void note(const WatchLost& told) {
        told_.push_back("lost " + std::string(to_string(told.error.kind)));
    }
    void note(const WatchEnded& told) {
        told_.push_back("ended " + std::string(to_string(told.error.kind)));
    }

    Driver& driver_;
    TreeWatch watch_;
    std::uint64_t task_ = 0;
    std::vector<std::string> told_;
};

using Lines = std::vector<std::string>;

class ZookeeperWatch : public ::testing::TestWithParam<bool> {
protected:
    SessionSetup setup() const { return {.one_by_one = GetParam()}; }
};
INSTANTIATE_TEST_SUITE_P(NewAndOldServers, ZookeeperWatch, ::testing::Bool());

TEST_P(ZookeeperWatch, TellsChangesOfOneCluster) {
    Driver driver(1, setup());
    driver.tree.put("/service/demo/leader", "a");
    driver.tree.put("/service/demo/members/a", "1");
    WatchLab lab("/service/demo/", driver);
    lab.settle();
    EXPECT_EQ(lab.take(),
              (Lines{"connected 0", "now: /service/demo/leader=a /service/demo/members/a=1"}));
    driver.tree.put("/service/demo/leader", "b");
    lab.changed();
    driver.tree.put("/service/demo/members/b", "2");
    lab.changed();
    driver.tree.put("/service/demo2/leader", "not ours");
    lab.changed();
    driver.tree.remove("/service/demo/leader");
    driver.tree.remove("/service/demo/members/a");  // Both in one transaction's time.
    lab.changed();
    EXPECT_EQ(lab.take(), (Lines{"/service/demo/leader=b", "/service/demo/members/b=2",
                                 "-/service/demo/leader -/service/demo/members/a"}));
}

TEST_P(ZookeeperWatch, TellsChangesOfANamespace) {
    Driver driver(1, setup());
    driver.tree.put("/service/demo/leader", "a");
    WatchLab lab("/service/", driver);
    lab.settle();
    driver.tree.put("/service/new/leader", "n");
    lab.changed();
    driver.tree.put("/service/demo/leader", "b");
    lab.changed();
    driver.tree.remove("/service/new");
    lab.changed();
    EXPECT_EQ(lab.take(),
              (Lines{"connected 0", "now: /service/demo/leader=a", "/service/new/leader=n",
                     "/service/demo/leader=b", "-/service/new/leader"}));
}

TEST_P(ZookeeperWatch, BeginsBeforeThereIsAnything) {
    Driver driver(1, setup());
    WatchLab lab("/service/demo/", driver);
    lab.settle();
    driver.tree.put("/service/demo/leader", "a");
    lab.changed();
    driver.tree.put("/service/demo/leader", "b");
    lab.changed();
    EXPECT_EQ(lab.take(),
              (Lines{"connected 0", "now:", "/service/demo/leader=a", "/service/demo/leader=b"}));
}

TEST_P(ZookeeperWatch, AClusterThatIsRemovedAndMadeAgain) {
    Driver driver(1, setup());
    driver.tree.put("/service/demo/leader", "a");
    WatchLab lab("/service/demo/", driver);
    lab.settle();
    driver.tree.remove("/service/demo");
    lab.changed();
    driver.tree.put("/service/demo/leader", "b");
    lab.changed();
    driver.tree.put("/service/demo/leader", "c");
    lab.changed();
    EXPECT_EQ(lab.take(),
              (Lines{"connected 0", "now: /service/demo/leader=a", "-/service/demo/leader",
                     "/service/demo/leader=b", "/service/demo/leader=c"}));
}

TEST_P(ZookeeperWatch, ALostConnectionIsAGap) {
    Driver driver(2, setup());
    driver.tree.put("/service/demo/leader", "a");
    WatchLab lab("/service/demo/", driver);
    lab.settle();
    driver.cut();
    driver.tree.put("/service/demo/leader", "b");
    driver.tree.put("/service/demo/leader", "c");
    lab.pass(milliseconds(200));
    driver.tree.put("/service/demo/leader", "d");
    lab.changed();
    EXPECT_EQ(lab.take(),
              (Lines{"connected 0", "now: /service/demo/leader=a", "lost reset", "connected 1",
                     "gap: /service/demo/leader=c", "/service/demo/leader=d"}));
}

TEST_P(ZookeeperWatch, AnExpiredSessionIsAGap) {
    Driver driver(1, setup());
    driver.tree.put("/service/demo/leader", "a");
    WatchLab lab("/service/demo/", driver);
    lab.settle();
    driver.tree.sessions.clear();
    driver.cut();
    lab.pass(milliseconds(200));
    driver.tree.put("/service/demo/leader", "b");
    lab.changed();
    EXPECT_EQ(lab.take(),
              (Lines{"connected 0", "now: /service/demo/leader=a", "lost reset", "connected 0",
                     "gap: /service/demo/leader=a", "/service/demo/leader=b"}));
}

/// The connection breaks at each step, and afterwards a change is told all the same.
TEST_P(ZookeeperWatch, AFailureAtEachStepLosesNothing) {
    for (const auto fault :
         {Driver::Fault::lose_request, Driver::Fault::lose_answer, Driver::Fault::silence}) {
        for (std::size_t at = 1; at <= 6; ++at) {
            Driver driver(2, setup());
            driver.tree.put("/service/demo/leader", "a");
            driver.fault = fault;
            driver.fault_at = at;
            WatchLab lab("/service/demo/", driver);
            lab.pass(milliseconds(9000));
            for (const auto* leader : {"b", "c", "d"}) {
                driver.tree.put("/service/demo/leader", leader);
                lab.changed();
                lab.pass(milliseconds(9000));
            }
            const auto told = lab.take();
            EXPECT_TRUE(told.back().ends_with("leader=d")) << at << " " << told.back();
            EXPECT_EQ(std::count(told.begin(), told.end(), "/service/demo/leader=d") +
                          std::count(told.begin(), told.end(), "gap: /service/demo/leader=d"),
                      1)
                << at;
        }
    }
}

TEST_P(ZookeeperWatch, EndsWhenItMayNotReadAtAll) {
    Driver driver(1, setup());
    driver.tree.put("/service/demo/leader", "a");
    driver.tree.secret = {"/service/demo"};
    WatchLab lab("/service/demo/", driver);
    lab.settle();
    EXPECT_EQ(lab.take(), (Lines{"connected 0", "ended unauthorized"}));
    EXPECT_TRUE(lab.watch().has_ended());
}

}  // namespace
}  // namespace patroni::dcs::zookeeper
