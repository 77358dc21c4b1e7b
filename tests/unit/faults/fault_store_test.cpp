// Consul and ZooKeeper as sources, and the watches of every store, against every fault.
#include "unit/faults/fault_cell.hpp"
#include "unit/faults/fault_lab.hpp"
#include "unit/faults/fault_rows.hpp"
#include "unit/faults/faulty_consul.hpp"
#include "unit/faults/faulty_zookeeper.hpp"

#include <patroni/store.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <ostream>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using Event = StoreEvent::Kind;

/// Patroni's keys of a cluster whose members nobody has to ask.
std::map<std::string, std::string> keys_of_batman(const std::string& root) {
    std::map<std::string, std::string> keys{
        {root + "service/batman/leader", "pg1"},
        {root + "service/batman/initialize", "7000000000000000001"},
        {root + "service/batman/config", R"({"ttl":30,"loop_wait":10})"},
    };
    for (const auto* name : {"pg1", "pg2", "pg3"}) {
        keys[root + "service/batman/members/" + name] =
            R"({"api_url":"http://127.0.0.1:1/patroni","state":"running","role":"replica",)"
            R"("conn_url":"postgres://127.0.0.1:5432/postgres","version":"4.1.4"})";
    }
    return keys;
}

/// A question to a store: the error with which it ended.
struct Question {
    const char* name;
    std::function<void(const Seeds&, milliseconds)> ask;
};
const Question k_questions[] = {
    {"discover", [](const Seeds& seeds, milliseconds total) { Client(seeds).discover(total); }},
    {"status", [](const Seeds& seeds, milliseconds total) { Client(seeds).status(total); }},
    {"clusters",
     [](const Seeds& seeds, milliseconds total) { Store(seeds).clusters("batman", total); }},
    {"fleet", [](const Seeds& seeds, milliseconds total) { Store(seeds).fleet(total); }},
};

void ask_in_a_cell(const Question& question, const Seeds& seeds, const Expected& expected,
                   const std::function<bool()>& all_connections_ended) {
    SCOPED_TRACE(question.name);
    count_cell();
    const std::size_t descriptors = open_descriptors();
    const milliseconds total = time_for(expected);
    const LoopTime watch;
    const auto error = thrown_by([&] { question.ask(seeds, total); });
    EXPECT_LE(watch.elapsed(), total + k_overrun);
    EXPECT_TRUE(all_connections_ended());
    EXPECT_EQ(open_descriptors(), descriptors);
    ASSERT_EQ(error.has_value(), expected.kind.has_value())
        << (error ? to_line(*error) : "no error");
    if (error) {
        expect_error(*error, expected);
    }
}

class FaultStore : public ::testing::TestWithParam<FaultRow> {};

TEST_P(FaultStore, EveryQuestionToConsul) {
    FaultyConsul consul(keys_of_batman(""));
    Client(consul.seeds()).discover();  // What a process opens once is open now.
    ASSERT_TRUE(consul.all_connections_ended());
    consul.fault(GetParam().fault);
    for (const Question& question : k_questions) {
        ask_in_a_cell(question, consul.seeds(), GetParam().store,
                      [&] { return consul.all_connections_ended(); });
    }
}

/// A watch that begins while the store is broken: it says so, and is well as soon as the store is.
class BrokenWatch {
public:
    BrokenWatch(const Seeds& seeds, std::function<void()> heal) : heal_(std::move(heal)) {
        store_.emplace(runtime_, seeds);
        watch_ = store_->start_watch("batman", {.silence = milliseconds(120)},
                                     [this](const StoreEvent& event) { take(event); });
    }

    /// Lets it run into the fault, then heals the store and cancels it. True when the picture was
    /// complete before, if it `goes_on`, and when it ended.
    bool run(const Expected& expected, bool goes_on) {
        const auto start = std::chrono::steady_clock::now();
        const auto end = start + std::chrono::seconds(10);
        while (!lost && !current_ &&
               std::chrono::steady_clock::now() < start + patience(expected)) {
            run_for_a_moment();
        }
        heal_();
        while (goes_on && !current_ && std::chrono::steady_clock::now() < end) {
            run_for_a_moment();
        }
        watch_.cancel();
        while (!ended_ && std::chrono::steady_clock::now() < end) {
            run_for_a_moment();
        }
        store_.reset();
        runtime_.run();
        return ended_ && (!goes_on || (current_ && leader_ == "pg1" && members_ == 3));
    }

    std::optional<Error> lost;

private:
    /// Slow servers need not be lost: bytes come.
    static milliseconds patience(const Expected& expected) {
        return milliseconds(expected.by_deadline ? 400 : 5000);
    }

    void run_for_a_moment() {
        std::thread bell([this] {
            std::this_thread::sleep_for(milliseconds(5));
            runtime_.post([this] { runtime_.stop(); });  // Which is heard before it runs, too.
        });
        runtime_.run_until_stopped();
        bell.join();
    }

    void take(const StoreEvent& event) {
        if (event.kind == Event::lost && !lost) {
            lost = event.error;
        }
        if (event.kind == Event::cluster && event.cluster) {
            leader_ = event.cluster->leader.value_or("");
            members_ = event.cluster->members.size();
        }
        current_ = current_ || event.kind == Event::current;
        ended_ = ended_ || event.kind == Event::ended;
    }

    Runtime runtime_;
    std::function<void()> heal_;
    std::optional<Store> store_;
    Operation watch_;
    std::string leader_;
    std::size_t members_ = 0;
    bool current_ = false;
    bool ended_ = false;
};

/// A store that can be broken and healed.
struct Breakable {
    const char* name;
    Seeds seeds;
    std::function<void()> spoil;
    std::function<void()> heal;
    std::function<bool()> all_connections_ended;
};

void watch_in_a_cell(const Breakable& store, const Expected& expected, bool goes_on = true) {
    SCOPED_TRACE(store.name);
    count_cell();
    const std::size_t descriptors = open_descriptors();
    store.spoil();
    {
        BrokenWatch watch(store.seeds, store.heal);
        EXPECT_TRUE(watch.run(expected, goes_on));
        if (expected.kind && !expected.by_deadline) {
            ASSERT_TRUE(watch.lost);
        }
        if (watch.lost && expected.kind) {
            expect_error(*watch.lost, expected);
        }
    }
    EXPECT_TRUE(store.all_connections_ended());
    EXPECT_EQ(open_descriptors(), descriptors);
}

TEST_P(FaultStore, EveryWatchGoesOnBehindIt) {
    const FaultRow& row = GetParam();
    // A picture may be large, so its bytes have a minute; it can be given up all the same.
    const bool goes_on =
        row.fault.kind != Fault::Kind::slow && row.fault.kind != Fault::Kind::stall;
    for (const Seeds::Kind kind : {Seeds::Kind::etcd2, Seeds::Kind::etcd3}) {
        const bool is_etcd3 = kind == Seeds::Kind::etcd3;
        Simulator sim;
        sim.add_cluster(
            {.scope = "batman", .store = is_etcd3 ? SimulatedStore::etcd3 : SimulatedStore::etcd2});
        const std::string etcd = sim.etcd().text();
        watch_in_a_cell(
            {.name = is_etcd3 ? "etcd3" : "etcd2",
             .seeds =
                 (is_etcd3 ? Seeds::etcd3(etcd, "batman") : Seeds::etcd2(etcd, "batman")).value(),
             .spoil = [&] { sim.fault_etcd(row.fault); },
             .heal = [&] { sim.clear_etcd_fault(); },
             .all_connections_ended =
                 [&] { return sim.wait_until([&] { return sim.etcd_traffic().open == 0; }); }},
            row.store, goes_on);
    }
    FaultyConsul consul(keys_of_batman(""));
    watch_in_a_cell({.name = "consul",
                     .seeds = consul.seeds(),
                     .spoil = [&] { consul.fault(row.fault); },
                     .heal = [&] { consul.fault(std::nullopt); },
                     .all_connections_ended = [&] { return consul.all_connections_ended(); }},
                    row.store, goes_on);
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultStore, ::testing::ValuesIn(fault_rows()),
                         [](const auto& test) { return std::string(test.param.name); });

/// ZooKeeper's welcome has 41 bytes, its answer to the first question begins behind. A question
/// that is lost counts as not sent: the session tells of writes alone how far they got.
struct WireRow {
    const char* name;
    WireFault fault;
    Expected expected;
};
void PrintTo(const WireRow& row, std::ostream* out) {
    *out << row.name;
}

using Wire = WireFault::Kind;
const WireRow k_wire_rows[] = {
    {"refuse", {Wire::refuse}, ends(ErrorKind::connect_refused, k_not_sent)},
    {"reset_on_accept", {Wire::reset_on_accept}, ends(ErrorKind::reset, k_not_sent)},
    {"silent", {Wire::silent}, times_out(k_not_sent)},
    {"slow", {Wire::slow}, times_out(k_not_sent)},
    {"close_at_once", {Wire::close}, ends(ErrorKind::reset, k_not_sent)},
    {"close_in_welcome", {Wire::close, 10}, ends(ErrorKind::reset, k_not_sent)},
    {"close_after_welcome", {Wire::close, 41}, ends(ErrorKind::reset, k_not_sent)},
    {"close_in_answer", {Wire::close, 60}, ends(ErrorKind::reset, k_not_sent)},
    {"reset_at_once", {Wire::reset}, ends(ErrorKind::reset, k_not_sent)},
    {"reset_in_welcome", {Wire::reset, 10}, ends(ErrorKind::reset, k_not_sent)},
    {"reset_in_answer", {Wire::reset, 60}, ends(ErrorKind::reset, k_not_sent)},
    {"stall_in_welcome", {Wire::stall, 10}, times_out(k_not_sent)},
    {"stall_after_welcome", {Wire::stall, 41}, times_out(k_not_sent)},
    {"stall_in_answer", {Wire::stall, 60}, times_out(k_not_sent)},
    {"garbage", {Wire::garbage}, ends(ErrorKind::limit, k_not_sent)},
    {"endless", {Wire::endless}, ends(ErrorKind::limit, k_not_sent)},
};

class FaultZookeeper : public ::testing::TestWithParam<WireRow> {
protected:
    FaultZookeeper() : zookeeper_(keys_of_batman("/")) {
        Client(zookeeper_.seeds()).discover();
        EXPECT_TRUE(zookeeper_.all_connections_ended());
    }

    FaultyZookeeper zookeeper_;
};

TEST_P(FaultZookeeper, EveryQuestion) {
    zookeeper_.fault(GetParam().fault);
    for (const Question& question : k_questions) {
        ask_in_a_cell(question, zookeeper_.seeds(), GetParam().expected,
                      [this] { return zookeeper_.all_connections_ended(); });
    }
}

TEST_P(FaultZookeeper, AWatchGoesOnBehindIt) {
    // What a connection died of is told as it was.
    Expected expected = GetParam().expected;
    expected.or_delivery = expected.kind == ErrorKind::limit ? k_answered : k_perhaps;
    watch_in_a_cell(
        {.name = "zookeeper",
         .seeds = zookeeper_.seeds(),
         .spoil = [this] { zookeeper_.fault(GetParam().fault); },
         .heal = [this] { zookeeper_.fault(std::nullopt); },
         .all_connections_ended = [this] { return zookeeper_.all_connections_ended(); }},
        expected);
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultZookeeper, ::testing::ValuesIn(k_wire_rows),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace patroni::testing
