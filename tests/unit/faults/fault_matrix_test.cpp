// Every fault of a simulated server against every way in which the client reads one.
#include "unit/faults/fault_cell.hpp"
#include "unit/faults/fault_lab.hpp"
#include "unit/faults/fault_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using Kind = Seeds::Kind;

class FaultMatrix : public ::testing::TestWithParam<FaultRow> {
protected:
    static void SetUpTestSuite() {
        lab_ = new FaultLab;
        Client(lab_->seeds(Kind::members)).status();  // What a process opens once is open now.
    }
    static void TearDownTestSuite() { delete lab_; }

    /// One cell: the function gets a client and the time, and returns the error it saw.
    template <class Read>
    void cell(const std::string& path, const Seeds& seeds, const Expected& expected, Read read) {
        SCOPED_TRACE(path);
        count_cell();
        const std::size_t descriptors = open_descriptors();
        const milliseconds total = time_for(expected);
        std::optional<Error> error;
        milliseconds elapsed{};
        {
            Client client(seeds);
            const LoopTime watch;
            error = read(client, total);
            elapsed = watch.elapsed();
        }
        EXPECT_LE(elapsed, total + k_overrun);
        EXPECT_TRUE(lab_->all_connections_ended());
        EXPECT_EQ(open_descriptors(), descriptors);
        lab_->heal();
        ASSERT_EQ(error.has_value(), expected.kind.has_value())
            << (error ? to_line(*error) : "no error");
        if (error) {
            expect_error(*error, expected);
        }
    }

    static bool is_etcd(Kind kind) {
        return kind == Kind::registrator || kind == Kind::etcd2 || kind == Kind::etcd3;
    }
    /// Sets the fault where the source is read: etcd, or the seed.
    static const Expected& spoil_source(Kind kind) {
        if (is_etcd(kind)) {
            lab_->sim.fault_etcd(GetParam().fault);
            return GetParam().store;
        }
        lab_->sim.fault(FaultLab::member(kind, "pg1"), GetParam().fault);
        return GetParam().rest;
    }

    static inline FaultLab* lab_ = nullptr;
};

/// The error of the row with that API; the other rows must have answered.
std::optional<Error> error_of_row(const StatusReport& report, const HostPort& api) {
    std::optional<Error> error;
    int rows_seen = 0;
    for (const auto& cluster : report.clusters) {
        for (const auto& member : cluster.members) {
            ++rows_seen;
            if (member.discovered.api && member.discovered.api->address == api) {
                error = member.error;
            } else {
                EXPECT_FALSE(member.error) << member.name << ": " << to_line(*member.error);
                EXPECT_TRUE(member.observed_at) << member.name;
            }
        }
    }
    EXPECT_EQ(rows_seen, 3);
    return error;
}

TEST_P(FaultMatrix, MembersInStatus) {
    for (const Kind kind :
         {Kind::members, Kind::api, Kind::etcd2, Kind::etcd3, Kind::registrator}) {
        const Seeds seeds = lab_->seeds(kind);
        const std::string bad = FaultLab::member(kind, "pg2");
        lab_->sim.fault(bad, GetParam().fault);
        cell("GET /patroni by " + std::string(to_string(kind)), seeds, GetParam().rest,
             [&](Client& client, milliseconds total) {
                 return error_of_row(client.status(total), lab_->sim.api(bad));
             });
    }
}

TEST_P(FaultMatrix, SourcesInDiscover) {
    for (const Kind kind : {Kind::api, Kind::etcd2, Kind::etcd3, Kind::registrator}) {
        const Seeds seeds = lab_->seeds(kind);
        cell("discover by " + std::string(to_string(kind)), seeds, spoil_source(kind),
             [](Client& client, milliseconds total) {
                 return thrown_by([&] { client.discover(total); });
             });
    }
}

TEST_P(FaultMatrix, SourcesInStatus) {
    for (const Kind kind : {Kind::api, Kind::etcd2, Kind::etcd3, Kind::registrator}) {
        const Seeds seeds = lab_->seeds(kind);
        cell("status by " + std::string(to_string(kind)), seeds, spoil_source(kind),
             [](Client& client, milliseconds total) {
                 return thrown_by([&] { client.status(total); });
             });
    }
}

/// `GET /cluster` fails at every member: the members are shown all the same, the lock is unknown.
TEST_P(FaultMatrix, ClusterInStatus) {
    const auto kind = GetParam().fault.kind;
    if (kind == Fault::Kind::refuse || kind == Fault::Kind::reset_on_accept) {
        return;  // Hits every request of the connection: these are the cells of GET /patroni.
    }
    for (const auto* name : {"pg1", "pg2", "pg3"}) {
        lab_->sim.fault(FaultLab::member(Kind::members, name), GetParam().fault.on("/cluster"));
    }
    Expected no_error;
    no_error.by_deadline = GetParam().rest.by_deadline;
    cell("GET /cluster by members", lab_->seeds(Kind::members), no_error,
         [](Client& client, milliseconds total) {
             const StatusReport report = client.status(total);
             EXPECT_EQ(report.clusters.size(), 1U);
             const ClusterStatus& cluster = report.clusters.at(0);
             EXPECT_EQ(cluster.lock_source, FactSource::none);
             EXPECT_EQ(cluster.primary, "pg1");
             EXPECT_THAT(cluster.problems,
                         Contains(::testing::Field(&ClusterProblem::message,
                                                   ::testing::HasSubstr("GET /cluster: "))));
             return error_of_row(report, HostPort{});
         });
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultMatrix, ::testing::ValuesIn(fault_rows()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace patroni::testing
