// Every fault of a simulated server against every way in which the client reads one.
#include "unit/faults/fault_cell.hpp"
#include "unit/faults/fault_lab.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <ostream>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using Kind = Seeds::Kind;

struct Row {
    const char* name;
    Fault fault;
    Expected rest;  ///< From Patroni, whose answers end where the connection ends.
    Expected etcd;  ///< From etcd, which says how long its answers are.
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}

Row both(const char* name, Fault fault, Expected expected) {
    return {name, std::move(fault), expected, expected};
}

// 10 bytes are a part of the status line, 40 a part of the head, 400 a part of the body.
const std::vector<Row>& rows() {
    // 256 MiB are allowed from a store: slow machines do not get there in time.
    static constexpr Expected flood{.kind = ErrorKind::timeout,
                                    .delivery = k_answered,
                                    .or_kind = ErrorKind::limit,
                                    .by_deadline = true};
    static const std::vector<Row> table = {
        both("refuse", Fault::refuse(), ends(ErrorKind::connect_refused, k_not_sent)),
        both("silent", Fault::silent(), times_out(k_perhaps)),
        both("slow", Fault::slow(1, milliseconds(50)), times_out(k_perhaps)),
        both("stall", Fault::stall(400), times_out(k_answered)),
        both("reset_on_accept", Fault::reset_on_accept(), k_reset_at_once),
        both("reset_after_request", Fault::reset_after_request(),
             ends(ErrorKind::reset, k_perhaps)),
        both("empty_reply", Fault::empty_reply(), ends(ErrorKind::reset, k_perhaps)),
        both("cut_in_status_line", Fault::truncate(10), ends(ErrorKind::reset, k_perhaps)),
        both("cut_in_head", Fault::truncate(40), ends(ErrorKind::reset, k_answered)),
        // Without a length, an answer that ends in order is complete, and then it is no document.
        {"cut_in_body", Fault::truncate(400), ends(ErrorKind::decode, k_answered),
         ends(ErrorKind::reset, k_answered)},
        both("reset_in_status_line", Fault::reset_within(10), ends(ErrorKind::reset, k_perhaps)),
        both("reset_in_head", Fault::reset_within(40), ends(ErrorKind::reset, k_answered)),
        both("reset_in_body", Fault::reset_within(400), ends(ErrorKind::reset, k_answered)),
        both("garbage", Fault::garbage(), ends(ErrorKind::protocol, k_perhaps)),
        {"double_response", Fault::double_response(), ends(ErrorKind::decode, k_answered),
         Expected{}},
        both("endless_head", Fault::endless_head(), ends(ErrorKind::limit, k_answered)),
        {"endless_body", Fault::endless_body(), ends(ErrorKind::limit, k_answered), flood},
        both("many_headers", Fault::many_headers(), ends(ErrorKind::limit, k_answered)),
    };
    return table;
}

class FaultMatrix : public ::testing::TestWithParam<Row> {
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
            return GetParam().etcd;
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

INSTANTIATE_TEST_SUITE_P(Faults, FaultMatrix, ::testing::ValuesIn(rows()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace patroni::testing
