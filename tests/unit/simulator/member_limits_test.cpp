// What wears a member out, and what it says then: workers, a loop that hangs, writes that collide.
#include "raw_exchange.hpp"
#include "simulator/schedule_time.hpp"

#include <patroni/member.hpp>
#include <patroni/simulator.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

namespace patroni::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

int liveness(const Simulator& sim, const char* member) {
    return ask(sim.api(member), "GET", "/liveness").status;
}

/// Sockets that were connected and say nothing.
std::vector<std::unique_ptr<RawConnection>> silent(const HostPort& api, int count) {
    std::vector<std::unique_ptr<RawConnection>> sockets;
    for (int i = 0; i < count; ++i) {
        sockets.push_back(std::make_unique<RawConnection>(api));
    }
    return sockets;
}

class WorkerPool : public testing::TestWithParam<const char*> {};

TEST_P(WorkerPool, FiveSilentSocketsStopEverything) {
    Simulator sim;
    sim.add_cluster({.patroni_version = GetParam()});
    auto sockets = silent(sim.api("pg1"), 4);
    EXPECT_EQ(liveness(sim, "pg1"), 200);
    sockets.push_back(std::make_unique<RawConnection>(sim.api("pg1")));
    RawConnection sixth(sim.api("pg1"));
    sixth.send("GET /liveness HTTP/1.0\r\n\r\n");
    EXPECT_EQ(sixth.read_all(milliseconds(100)), "");
    EXPECT_TRUE(sixth.timed_out());
    EXPECT_EQ(sim.traffic("pg1").open, 6U);
    EXPECT_EQ(liveness(sim, "pg2"), 200);  // Each member has its own.
    sockets.pop_back();
    EXPECT_EQ(sixth.read_all().substr(0, 12), "HTTP/1.0 200");
}
INSTANTIATE_TEST_SUITE_P(Versions, WorkerPool, testing::Values("3.3.9", "4.0.8", "4.1.1", "4.1"),
                         [](const auto& test) { return "since_" + std::to_string(test.index); });

class ThreadForEach : public testing::TestWithParam<const char*> {};

TEST_P(ThreadForEach, SilentSocketsHarmNobody) {
    Simulator sim;
    sim.add_cluster({.patroni_version = GetParam()});
    const auto sockets = silent(sim.api("pg1"), 20);
    EXPECT_EQ(ask(sim.api("pg1"), "GET", "/patroni").status, 200);
}
INSTANTIATE_TEST_SUITE_P(Versions, ThreadForEach,
                         testing::Values("0.90", "1.6", "3.0", "3.3.8", "4.0.7", "4.1.0"),
                         [](const auto& test) { return "until_" + std::to_string(test.index); });

TEST(WorkerPoolFaults, AWorkerIsFreeAgainHoweverItsConnectionEnded) {
    Simulator sim;
    sim.add_cluster({});
    for (const Fault& fault : {Fault::reset_after_request(), Fault::empty_reply(),
                               Fault::truncate(10), Fault::reset_on_accept()}) {
        sim.fault("pg1", fault);
        for (int i = 0; i < 7; ++i) {
            ask(sim.api("pg1"), "GET", "/patroni");
        }
    }
    sim.clear_fault("pg1");
    EXPECT_EQ(ask(sim.api("pg1"), "GET", "/patroni").status, 200);
}

TEST(HangingLoop, IsSeenByLivenessAfterTheTtl) {
    Simulator sim;
    sim.add_cluster({.automatic_failover = true});
    sim.advance(seconds(20));
    sim.hang("pg1");
    sim.hang("pg2");
    sim.advance(seconds(25));
    EXPECT_EQ(liveness(sim, "pg1"), 200);
    sim.advance(seconds(20));
    EXPECT_EQ(liveness(sim, "pg1"), 503);  // A primary: one ttl.
    EXPECT_EQ(liveness(sim, "pg2"), 200);  // A replica: two.
    EXPECT_FALSE(sim.leader());  // Its lock has expired; nobody takes it: it answers as a primary.
    sim.advance(seconds(30));
    EXPECT_EQ(liveness(sim, "pg2"), 503);
    EXPECT_EQ(liveness(sim, "pg3"), 200);
    sim.hang("pg1", false);
    sim.hang("pg2", false);
    sim.advance(seconds(30));
    EXPECT_EQ(liveness(sim, "pg1"), 200);
    EXPECT_EQ(liveness(sim, "pg2"), 200);
    EXPECT_EQ(sim.leader(), "pg1");
}

TEST(HangingLoop, IsNotSeenInMaintenanceNorByOldVersions) {
    Simulator sim;
    sim.add_cluster({.scope = "now"});
    sim.add_cluster({.scope = "then", .patroni_version = "2.1.5"});
    sim.hang("now/pg2");
    sim.maintenance(true, "now");
    sim.advance(seconds(200));
    EXPECT_EQ(liveness(sim, "now/pg2"), 200);
    sim.maintenance(false, "now");
    EXPECT_EQ(liveness(sim, "now/pg2"), 503);
    EXPECT_EQ(liveness(sim, "then/pg2"), 200);
}

TEST(Conflicts, AreToldByTheWritesThatCompare) {
    Simulator sim;
    sim.add_cluster({});
    Member member("http://" + sim.api("pg2").text());
    const PatchConfig patch{Value::object({{"ttl", 40}})};
    sim.conflict();
    const Outcome lost = member.call(patch).data;
    EXPECT_EQ(lost.kind, OutcomeKind::unknown);
    EXPECT_EQ(lost.reason, Reason::conflict);
    EXPECT_EQ(lost.http_status, 409);
    EXPECT_EQ(member.call(patch).data.kind, OutcomeKind::done);
    sim.conflict();
    EXPECT_EQ(member.call(patch).data.kind, OutcomeKind::done);  // Nothing to change or compare.
    const Switchover later{
        .leader = "pg1", .candidate = "pg2", .schedule = sim.now() + std::chrono::hours(1)};
    EXPECT_EQ(member.call(later).data.kind, OutcomeKind::scheduled);
    EXPECT_EQ(member.call(CancelSwitchover{}).data.reason, Reason::conflict);
    EXPECT_EQ(member.call(CancelSwitchover{}).data.kind, OutcomeKind::done);
}

/// What dateutil 2.8 and 2.9 make of it; nullopt: an error.
struct Form {
    const char* text;
    std::optional<const char*> iso;
    bool has_zone = true;
};
constexpr const char* k_ten = "2035-01-01T10:00:00+00:00";

TEST(ScheduleForms, AreReadAsDateutilReadsThem) {
    const std::vector<Form> forms = {
        {"2035-01-01T10:00:00+00:00", k_ten},
        {"2035-01-01 10:00", "2035-01-01T10:00:00", false},
        {"2035-01-01T10:00+01", "2035-01-01T10:00:00+01:00"},
        {"2035-01-01T10Z", k_ten},
        {"20350101T100000Z", k_ten},
        {"2035-01-01T10:00:00.123456+0200", "2035-01-01T10:00:00.123456+02:00"},
        {"2035-01-01 10:00 UTC", k_ten},
        {"2035-01-01 10:00:00 GMT", k_ten},
        {"2035-01-01", "2035-01-01T00:00:00", false},
        {"2035/01/01 10:00 UTC", k_ten},
        {"2035-1-1 9:00 UTC", "2035-01-01T09:00:00+00:00"},
        {"2035-01-01 10:00 EST", "2035-01-01T10:00:00", false},
        {"2035-01-01T10:00:00 -05:00", "2035-01-01T10:00:00-05:00"},
        {"2035-01-01T10:00:00,5Z", "2035-01-01T10:00:00.500000+00:00"},
        {"2035-01-01T100000+0000", k_ten},
        {"2035-01-01T10:00:00z", k_ten},
        {"2035-01-01 10:00:00+14:00", "2035-01-01T10:00:00+14:00"},
        {"2035-13-01", std::nullopt},
        {"2035-01-01T24:00:00Z", std::nullopt},
        {"2035-01-01T10:00:60Z", std::nullopt},
        {"2035-01-01T10:00:00+99:00", std::nullopt},
        {"2035-001T10:00Z", std::nullopt},
        {"tomorrow", std::nullopt},
        {"", std::nullopt},
    };
    for (const Form& form : forms) {
        const auto time = simulation::parse_schedule_time(form.text);
        ASSERT_EQ(time.has_value(), form.iso.has_value()) << form.text;
        if (time) {
            EXPECT_EQ(time->text, *form.iso) << form.text;
            EXPECT_EQ(time->has_zone, form.has_zone) << form.text;
        }
    }
}

}  // namespace
}  // namespace patroni::test
