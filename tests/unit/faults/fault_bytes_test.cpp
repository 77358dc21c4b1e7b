// TLS that breaks at an exact byte, in the handshake and in the answer, for every question, every
// command and every source.
#include "unit/faults/byte_relay.hpp"
#include "unit/faults/fault_lab.hpp"
#include "unit/faults/faulty_member.hpp"
#include "unit/faults/member_calls.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <unistd.h>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using Then = Cut::Then;
using Kind = Seeds::Kind;

/// Where a row cuts; the records of a good run are counted first.
enum class At {
    first_byte,
    first_header,    ///< In the header of the server's first record.
    server_hello,    ///< In its body.
    last_handshake,  ///< In the last record of the server's handshake.
    handshake_end,   ///< The client goes on, the server does not.
    ticket,          ///< In a record before the answer.
    before_answer,
    in_head,
    after_head,  ///< Only for answers with a body.
    in_body,     ///< The same.
    before_goodbye,
    in_goodbye,
    request,  ///< In the client's record with the request.
};

struct Row {
    const char* name;
    At at;
    Then then;
    Expected expected;
    /// What a source sees: etcd's answers are other records, so only up to `before_answer`.
    bool is_for_sources = false;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}

constexpr Expected k_tls_unsent = ends(ErrorKind::tls, k_not_sent);
constexpr Expected k_reset_unsent = ends(ErrorKind::reset, k_not_sent);
constexpr Expected k_reset_perhaps = ends(ErrorKind::reset, k_perhaps);
constexpr Expected k_reset_answered = ends(ErrorKind::reset, k_answered);
/// Broken TLS and a connection that is gone: which is seen first depends on the moment.
constexpr Expected k_no_request{.kind = ErrorKind::reset,
                                .delivery = k_perhaps,
                                .or_kind = ErrorKind::tls,
                                .or_delivery = k_not_sent};

const Row k_rows[] = {
    {"close_at_first_byte", At::first_byte, Then::close, k_tls_unsent, true},
    {"close_in_first_header", At::first_header, Then::close, k_tls_unsent, true},
    {"close_in_server_hello", At::server_hello, Then::close, k_tls_unsent, true},
    {"close_in_last_handshake", At::last_handshake, Then::close, k_tls_unsent, true},
    {"reset_at_first_byte", At::first_byte, Then::reset, k_reset_unsent, true},
    {"reset_in_server_hello", At::server_hello, Then::reset, k_reset_unsent, true},
    {"reset_in_last_handshake", At::last_handshake, Then::reset, k_reset_unsent, true},
    {"garbage_at_first_byte", At::first_byte, Then::garbage, k_tls_unsent, true},
    {"garbage_in_server_hello", At::server_hello, Then::garbage, k_tls_unsent, true},
    {"garbage_in_last_handshake", At::last_handshake, Then::garbage, k_tls_unsent, true},
    {"flip_in_server_hello", At::server_hello, Then::flip, k_tls_unsent, true},
    {"flip_in_last_handshake", At::last_handshake, Then::flip, k_tls_unsent, true},
    {"stall_at_first_byte", At::first_byte, Then::stall, times_out(k_not_sent), true},
    {"stall_in_last_handshake", At::last_handshake, Then::stall, times_out(k_not_sent), true},
    {"close_after_handshake", At::handshake_end, Then::close, k_reset_perhaps, true},
    {"reset_after_handshake", At::handshake_end, Then::reset, k_no_request, true},
    {"stall_after_handshake", At::handshake_end, Then::stall, times_out(k_perhaps), true},
    {"close_in_ticket", At::ticket, Then::close, k_reset_perhaps, true},
    {"garbage_in_ticket", At::ticket, Then::garbage, ends(ErrorKind::tls, k_perhaps), true},
    {"close_before_answer", At::before_answer, Then::close, k_reset_perhaps},
    {"garbage_before_answer", At::before_answer, Then::garbage, ends(ErrorKind::tls, k_perhaps)},
    {"close_in_head", At::in_head, Then::close, k_reset_perhaps},
    {"reset_in_head", At::in_head, Then::reset, k_reset_perhaps},
    {"flip_in_head", At::in_head, Then::flip, ends(ErrorKind::tls, k_perhaps)},
    {"stall_in_head", At::in_head, Then::stall, times_out(k_perhaps)},
    {"close_after_head", At::after_head, Then::close, k_reset_answered},
    {"reset_after_head", At::after_head, Then::reset, k_reset_answered},
    {"garbage_after_head", At::after_head, Then::garbage, ends(ErrorKind::tls, k_answered)},
    {"stall_after_head", At::after_head, Then::stall, times_out(k_answered)},
    {"close_in_body", At::in_body, Then::close, k_reset_answered},
    {"reset_in_body", At::in_body, Then::reset, k_reset_answered},
    {"flip_in_body", At::in_body, Then::flip, ends(ErrorKind::tls, k_answered)},
    // Servers before 3.11 of Python, and proxies, leave close_notify out: a complete answer counts.
    {"no_close_notify", At::before_goodbye, Then::close, Expected{}},
    {"half_a_close_notify", At::in_goodbye, Then::close, Expected{}},
    {"request_cut_by_reset", At::request, Then::reset, k_reset_perhaps},
    {"request_cut_by_silence", At::request, Then::stall, times_out(k_perhaps)},
};

Cut cut_of(const Row& row, const Relayed& good, bool has_body) {
    const std::size_t answer = good.records - (has_body ? 3 : 2);
    const auto from_server = [&](std::size_t record, std::size_t byte) {
        return Cut{row.then, Cut::From::server, record, byte};
    };
    switch (row.at) {
        case At::first_byte:
            return from_server(0, 0);
        case At::first_header:
            return from_server(0, 3);
        case At::server_hello:
            return from_server(0, 30);
        case At::last_handshake:
            return from_server(good.flight - 1, 20);
        case At::handshake_end:
            return from_server(good.flight, 0);
        case At::ticket:
            return from_server(good.flight, 20);
        case At::before_answer:
            return from_server(answer, 0);
        case At::in_head:
            return from_server(answer, 20);
        case At::after_head:
            return from_server(answer + 1, 0);
        case At::in_body:
            return from_server(answer + 1, 15);
        case At::before_goodbye:
            return from_server(good.records - 1, 0);
        case At::in_goodbye:
            return from_server(good.records - 1, 10);
        case At::request:
            break;
    }
    // The last but one: the last is the client's close_notify.
    return {row.then, Cut::From::client, good.client_records - 2, 30};
}

class FaultBytes : public ::testing::TestWithParam<Row> {
protected:
    FaultBytes()
        : ca_file_(::testing::TempDir() + "fault-bytes-ca-" + std::to_string(::getpid())) {}
    ~FaultBytes() override { std::filesystem::remove(ca_file_); }

    TlsSettings trusting(const std::string& ca) {
        std::ofstream(ca_file_) << ca;
        TlsSettings settings;
        settings.ca_file = ca_file_;
        return settings;
    }

    std::string ca_file_;
};

TEST_P(FaultBytes, EveryCallOfAMember) {
    const Row& row = GetParam();
    FaultyMember server;
    server.tls(SimulatedTls::valid);
    ByteRelay relay(server.address());
    const std::string url = "https://" + relay.address().text();
    const MemberOptions options{.tls = trusting(server.ca_certificate())};
    for (const MemberCall& call : member_calls()) {
        if ((row.at == At::after_head || row.at == At::in_body) && !call.has_body()) {
            continue;
        }
        SCOPED_TRACE(call.name);
        count_cell();
        Member member(url, options);
        relay.cut({});
        member.call(GetStatus{});  // What is opened once is open, and the version is known.
        ASSERT_FALSE(call.run(member, {}).failure);
        const Relayed good = relay.relayed();
        const std::size_t descriptors = open_descriptors();
        const std::size_t before = server.requests();
        relay.cut(cut_of(row, good, call.has_body()));
        const LoopTime watch;
        const CallEnd end = call.run(member, {.timeout = time_for(row.expected)});
        EXPECT_LE(watch.elapsed(), time_for(row.expected) + k_overrun);
        relay.relayed();
        EXPECT_LE(server.requests() - before, 1U);
        EXPECT_TRUE(server.all_connections_ended());
        EXPECT_EQ(open_descriptors(), descriptors);
        expect_end(end, call.is_write, row.expected);
    }
}

TEST_P(FaultBytes, EverySource) {
    const Row& row = GetParam();
    if (!row.is_for_sources) {
        GTEST_SUCCEED();
        return;
    }
    FaultLab lab;
    for (const Kind kind : {Kind::api, Kind::etcd2, Kind::etcd3, Kind::registrator}) {
        SCOPED_TRACE(to_string(kind));
        count_cell();
        lab.heal();
        Seeds seeds = lab.seeds(kind);
        ByteRelay relay(seeds.endpoints.at(0).address);
        lab.sim.tls_etcd(SimulatedTls::valid);
        lab.sim.tls(FaultLab::member(kind, "pg1"), SimulatedTls::valid);
        seeds.endpoints = {Origin{.tls = true, .address = relay.address()}};
        seeds.tls = trusting(lab.sim.ca_certificate());
        ClientOptions options;
        options.member_tls = seeds.tls;
        Client(seeds, options).discover();
        const Relayed good = relay.relayed();
        const std::size_t descriptors = open_descriptors();
        relay.cut(cut_of(row, good, true));
        const LoopTime watch;
        const auto error =
            thrown_by([&] { Client(seeds, options).discover(time_for(row.expected)); });
        EXPECT_LE(watch.elapsed(), time_for(row.expected) + k_overrun);
        relay.relayed();
        EXPECT_TRUE(lab.all_connections_ended());
        EXPECT_EQ(open_descriptors(), descriptors);
        ASSERT_TRUE(error);
        expect_error(*error, row.expected);
    }
}

INSTANTIATE_TEST_SUITE_P(Tls, FaultBytes, ::testing::ValuesIn(k_rows),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace patroni::testing
