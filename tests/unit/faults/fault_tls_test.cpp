// Servers whose certificate is wrong, or that speak no TLS where https is asked; and a name server
// that never answers.
#include "client/status_round.hpp"
#include "transport/cares_resolver.hpp"
#include "unit/faults/fault_lab.hpp"
#include "unit/faults/faulty_member.hpp"
#include "unit/faults/member_calls.hpp"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <unistd.h>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using Kind = Seeds::Kind;

constexpr milliseconds k_ample(10'000);

struct TlsRow {
    const char* name;
    SimulatedTls shown;
    ErrorKind kind;
    std::chrono::milliseconds total;
    const char* words;  ///< What the message must say.
};
void PrintTo(const TlsRow& row, std::ostream* out) {
    *out << row.name;
}

class FaultTls : public ::testing::TestWithParam<TlsRow> {
protected:
    FaultTls() : ca_file_(::testing::TempDir() + "fault-ca-" + std::to_string(::getpid())) {
        std::ofstream(ca_file_) << lab_.sim.ca_certificate();
        settings_.ca_file = ca_file_;
    }
    ~FaultTls() override { std::filesystem::remove(ca_file_); }

    Seeds with_https(Seeds seeds) const {
        for (auto& origin : seeds.endpoints) {
            origin.tls = true;
        }
        seeds.tls = settings_;
        return seeds;
    }
    ClientOptions options() const {
        ClientOptions options;
        options.member_tls = settings_;
        return options;
    }

    /// Of a server without TLS: it waits for the end of a line, as the real ones do, and answers
    /// at once when the random bytes of the handshake hold one.
    ErrorKind kind_after(std::size_t answers) const {
        return GetParam().shown == SimulatedTls::off && answers > 0 ? ErrorKind::tls
                                                                    : GetParam().kind;
    }

    FaultLab lab_;
    std::string ca_file_;
    TlsSettings settings_;
};

TEST_P(FaultTls, EndsWithItsKindOnEveryPath) {
    for (const Kind kind : {Kind::api, Kind::etcd2, Kind::etcd3, Kind::registrator}) {
        SCOPED_TRACE(to_string(kind));
        lab_.sim.tls_etcd(GetParam().shown);
        lab_.sim.tls(FaultLab::member(kind, "pg1"), GetParam().shown);
        count_cell();
        Client client(with_https(lab_.seeds(kind)), options());
        const auto requests = [&] {
            return lab_.sim.etcd_traffic().requests +
                   lab_.sim.traffic(FaultLab::member(kind, "pg1")).requests;
        };
        const auto before = requests();
        const LoopTime watch;
        const auto error = thrown_by([&] { client.status(GetParam().total); });
        EXPECT_LE(watch.elapsed(), GetParam().total + milliseconds(50));
        ASSERT_TRUE(error);
        EXPECT_EQ(error->kind, kind_after(requests() - before)) << to_line(*error);
        EXPECT_EQ(error->delivery, Delivery::not_sent);
        EXPECT_THAT(error->message, HasSubstr(GetParam().words));
        EXPECT_TRUE(lab_.all_connections_ended());
    }
}

TEST_P(FaultTls, OfOneMemberLeavesTheOthersAlone) {
    for (const auto* name : {"pg1", "pg2", "pg3"}) {
        const bool bad = name == std::string("pg2");
        lab_.sim.tls(FaultLab::member(Kind::members, name),
                     bad ? GetParam().shown : SimulatedTls::valid);
    }
    count_cell();
    Client client(with_https(lab_.seeds(Kind::members)), options());
    const StatusReport report = client.status(GetParam().total);
    const HostPort bad = lab_.sim.api(FaultLab::member(Kind::members, "pg2"));
    std::size_t rows = 0;
    for (const auto& cluster : report.clusters) {
        for (const auto& member : cluster.members) {
            ++rows;
            ASSERT_EQ(member.error.has_value(), member.discovered.api->address == bad)
                << member.name;
            if (member.error) {
                EXPECT_EQ(
                    member.error->kind,
                    kind_after(lab_.sim.traffic(FaultLab::member(Kind::members, "pg2")).requests));
                EXPECT_EQ(member.error->delivery, Delivery::not_sent);
            }
        }
    }
    EXPECT_EQ(rows, 3U);
    EXPECT_TRUE(lab_.all_connections_ended());
}

TEST_P(FaultTls, EndsEveryCallUnsent) {
    FaultyMember server;
    server.tls(GetParam().shown);
    std::ofstream(ca_file_) << server.ca_certificate();
    MemberOptions member_options;
    member_options.tls = settings_;
    for (const MemberCall& call : member_calls()) {
        SCOPED_TRACE(call.name);
        count_cell();
        Member member("https://" + server.address().text(), member_options);
        const milliseconds total =
            GetParam().kind == ErrorKind::timeout ? milliseconds(120) : k_ample;
        const auto before = server.requests();
        const LoopTime watch;
        const CallEnd end = call.run(member, {.timeout = total});
        EXPECT_LE(watch.elapsed(), total + k_overrun);
        EXPECT_TRUE(server.all_connections_ended());
        const auto seen = server.requests() - before;
        EXPECT_LE(seen, GetParam().shown == SimulatedTls::off ? 1U : 0U);
        ASSERT_TRUE(end.failure);
        EXPECT_THAT(end.failure->message, HasSubstr(GetParam().words));
        expect_end(end, call.is_write, ends(kind_after(seen), k_not_sent));
    }
}

INSTANTIATE_TEST_SUITE_P(
    Certificates, FaultTls,
    ::testing::Values(TlsRow{"plain_http", SimulatedTls::off, ErrorKind::timeout, milliseconds(400),
                             "does the port speak https?"},
                      TlsRow{"expired", SimulatedTls::expired, ErrorKind::tls, k_ample, "expired"},
                      TlsRow{"wrong_name", SimulatedTls::wrong_name, ErrorKind::tls, k_ample,
                             "not valid for 127.0.0.1"},
                      TlsRow{"unknown_ca", SimulatedTls::unknown_ca, ErrorKind::tls, k_ample,
                             "not trusted"}),
    [](const auto& test) { return std::string(test.param.name); });

/// A server that speaks TLS answers plain HTTP with an alert, which it may do after the request.
TEST(FaultPlain, OnATlsPortIsToldToEveryCall) {
    FaultyMember server;
    server.tls(SimulatedTls::valid);
    for (const MemberCall& call : member_calls()) {
        SCOPED_TRACE(call.name);
        count_cell();
        Member member("http://" + server.address().text());
        const CallEnd end = call.run(member, {.timeout = k_ample});
        EXPECT_TRUE(server.all_connections_ended());
        EXPECT_EQ(server.requests(), 0U);
        // What asks for the version first was not sent itself.
        expect_end(end, call.is_write,
                   {.kind = ErrorKind::protocol,
                    .delivery = k_perhaps,
                    .or_kind = ErrorKind::reset,
                    .or_delivery = k_not_sent});
    }
}

/// The client has no setting for the name server: the round is run with a resolver of our own.
TEST(FaultDns, ANameServerThatNeverAnswersIsATimeout) {
    FaultLab lab;
    const std::string server = lab.sim.silent_name_server().text();
    for (const Kind kind :
         {Kind::members, Kind::api, Kind::etcd2, Kind::etcd3, Kind::registrator}) {
        SCOPED_TRACE(to_string(kind));
        count_cell();
        Seeds seeds = lab.seeds(kind);
        seeds.endpoints.resize(1);
        seeds.endpoints[0].address.host = "pg1.silent.invalid";
        boost::asio::io_context context;
        transport::HttpClient::Options options;
        options.resolver = std::make_shared<transport::CaresResolver>(context, server);
        transport::HttpClient http(context, options);
        std::optional<Error> error;
        const milliseconds total(200);
        const auto round = std::make_shared<StatusRound>(
            http, discovery::Request{seeds, nullptr, std::chrono::steady_clock::now() + total},
            [&](Result<StatusReport> report) {
                error = report ? report->clusters.at(0).members.at(0).error
                               : std::optional(report.error());
            });
        const std::size_t descriptors = open_descriptors();
        const LoopTime watch;
        round->start();
        context.run();
        EXPECT_LE(watch.elapsed(), total + milliseconds(50));
        ASSERT_TRUE(error);
        EXPECT_EQ(error->kind, ErrorKind::timeout) << to_line(*error);
        EXPECT_EQ(error->delivery, Delivery::not_sent);
        EXPECT_THAT(error->message, HasSubstr("was not resolved"));
        // The loop's own descriptors came with the first socket.
        EXPECT_EQ(open_descriptors(), descriptors);
    }
}

}  // namespace
}  // namespace patroni::testing
