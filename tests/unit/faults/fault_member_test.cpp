// Every fault of a member against every question and every command: a read fails as it should, a
// write that may have been sent is unknown, and it is sent once.
#include "transport/cares_resolver.hpp"
#include "unit/faults/fault_lab.hpp"
#include "unit/faults/faulty_member.hpp"
#include "unit/faults/member_calls.hpp"

#include <patroni/capability.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;

struct Row {
    const char* name;
    Fault (*fault)(const MemberCall& call);
    Expected expected;
    bool is_in_body = false;            ///< Not for answers without one.
    bool comes_before_request = false;  ///< The server sees none.
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}

std::size_t in_head(const MemberCall& call) {
    return call.has_body() ? 40 : call.answer.size() - 1;
}
std::size_t in_last_byte(const MemberCall& call) {
    return call.answer.size() - 1;
}

const Row k_rows[] = {
    {"refuse", [](const MemberCall&) { return Fault::refuse(); },
     ends(ErrorKind::connect_refused, k_not_sent), false, true},
    {"reset_on_accept", [](const MemberCall&) { return Fault::reset_on_accept(); }, k_reset_at_once,
     false, true},
    {"silent", [](const MemberCall&) { return Fault::silent(); }, times_out(k_perhaps)},
    {"slow", [](const MemberCall&) { return Fault::slow(1, milliseconds(50)); },
     times_out(k_perhaps)},
    {"stall", [](const MemberCall& call) { return Fault::stall(in_last_byte(call)); },
     times_out(k_answered)},
    {"reset_after_request", [](const MemberCall&) { return Fault::reset_after_request(); },
     ends(ErrorKind::reset, k_perhaps)},
    {"empty_reply", [](const MemberCall&) { return Fault::empty_reply(); },
     ends(ErrorKind::reset, k_perhaps)},
    {"cut_in_status_line", [](const MemberCall&) { return Fault::truncate(10); },
     ends(ErrorKind::reset, k_perhaps)},
    {"cut_in_head", [](const MemberCall& call) { return Fault::truncate(in_head(call)); },
     ends(ErrorKind::reset, k_answered)},
    // Without a length, an answer that ends in order is complete, and then it is none that is
    // known.
    {"cut_in_body", [](const MemberCall& call) { return Fault::truncate(in_last_byte(call)); },
     ends(ErrorKind::decode, k_answered), true},
    {"reset_in_status_line", [](const MemberCall&) { return Fault::reset_within(10); },
     ends(ErrorKind::reset, k_perhaps)},
    {"reset_in_head", [](const MemberCall& call) { return Fault::reset_within(in_head(call)); },
     ends(ErrorKind::reset, k_answered)},
    // JSON within JSON ends as the whole does: then it is the decoder that finds it incomplete.
    {"reset_in_body",
     [](const MemberCall& call) { return Fault::reset_within(in_last_byte(call)); },
     {.kind = ErrorKind::reset, .delivery = k_answered, .or_kind = ErrorKind::decode},
     true},
    {"garbage", [](const MemberCall&) { return Fault::garbage(); },
     ends(ErrorKind::protocol, k_perhaps)},
    {"endless_head", [](const MemberCall&) { return Fault::endless_head(); },
     ends(ErrorKind::limit, k_answered)},
    {"endless_body", [](const MemberCall&) { return Fault::endless_body(); },
     ends(ErrorKind::limit, k_answered)},
    {"many_headers", [](const MemberCall&) { return Fault::many_headers(10'000); },
     ends(ErrorKind::limit, k_answered)},
    {"double_response", [](const MemberCall&) { return Fault::double_response(); },
     ends(ErrorKind::decode, k_answered)},
};

Expected expected_of(const Row& row, const MemberCall& call) {
    const bool is_complete =
        row.expected.kind == ErrorKind::decode && row.expected.delivery == k_answered;
    if (is_complete && !call.is_body_judged) {
        return {};
    }
    // Patroni itself answers twice in some versions: the last answer tells what was done.
    if (std::string(row.name) == "double_response" && call.is_write) {
        return {};
    }
    return row.expected;
}

class FaultMember : public ::testing::TestWithParam<Row> {
protected:
    void run_cell(const MemberCall& call, const Expected& expected,
                  const std::function<CallEnd(Member&, CallOptions)>& run, std::size_t requests) {
        SCOPED_TRACE(call.name);
        count_cell();
        const std::size_t descriptors = open_descriptors();
        CallEnd end;
        {
            Member member(server_.address().text());
            server_.fault(std::nullopt);
            member.call(GetStatus{});  // A write that needs the version has it.
            server_.fault(GetParam().fault(call));
            const std::size_t before = server_.requests();
            const LoopTime watch;
            end = run(member, {.timeout = time_for(expected)});
            EXPECT_LE(watch.elapsed(), time_for(expected) + k_overrun);
            EXPECT_EQ(server_.requests() - before, requests);
            server_.fault(std::nullopt);
        }
        EXPECT_TRUE(server_.all_connections_ended());
        EXPECT_EQ(open_descriptors(), descriptors);
        expect_end(end, call.is_write, expected);
    }

    FaultyMember server_;
};

TEST_P(FaultMember, EveryCall) {
    const Row& row = GetParam();
    for (const MemberCall& call : member_calls()) {
        if (row.is_in_body && !call.has_body()) {
            continue;
        }
        run_cell(call, expected_of(row, call), call.run, row.comes_before_request ? 0 : 1);
    }
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultMember, ::testing::ValuesIn(k_rows),
                         [](const auto& test) { return std::string(test.param.name); });

/// Health checks are one struct, which asks for one of them.
TEST(FaultMemberCalls, AreAllThatPatroniHas) {
    for (const Capability& row : capabilities()) {
        const std::string call = std::string(row.method) + " " + std::string(row.path);
        EXPECT_TRUE((row.risk == Risk::none && row.answers == "status") || row.method == "HEAD" ||
                    row.method == "OPTIONS" ||
                    std::ranges::any_of(member_calls(),
                                        [&](const MemberCall& known) {
                                            return known.call == call &&
                                                   known.is_write == (row.risk != Risk::none);
                                        }))
            << call;
    }
}

/// Reads may be tried again, writes never.
TEST(FaultAttempts, AWriteIsNeverRepeated) {
    FaultyMember server;
    for (const MemberCall& call : member_calls()) {
        SCOPED_TRACE(call.name);
        count_cell();
        Member member(server.address().text());
        member.call(GetStatus{});
        server.fault(Fault::reset_after_request());
        const std::size_t before = server.answered(call.call);
        const CallEnd end = call.run(member, {.timeout = milliseconds(10'000), .attempts = 3});
        server.fault(std::nullopt);
        EXPECT_EQ(server.answered(call.call) - before, call.is_write ? 1U : 3U);
        expect_end(end, call.is_write, ends(ErrorKind::reset, k_perhaps));
    }
}

TEST(FaultDns, ANameServerThatNeverAnswersEndsEveryCallUnsent) {
    FaultLab lab;
    const std::string name_server = lab.sim.silent_name_server().text();
    const Expected expected = times_out(k_not_sent);
    for (const MemberCall& call : member_calls()) {
        SCOPED_TRACE(call.name);
        count_cell();
        boost::asio::io_context context;
        transport::HttpClient::Options options;
        options.resolver = std::make_shared<transport::CaresResolver>(context, name_server);
        transport::HttpClient http(context, options);
        rest::MemberCaller caller(http,
                                  Origin{.tls = false, .address = {"pg1.silent.invalid", 8008}},
                                  std::make_shared<const TlsSettings>(), {});
        std::optional<CallEnd> end;
        const LoopTime watch;
        call.start_below(caller, std::chrono::steady_clock::now() + time_for(expected),
                         [&](CallEnd ended) { end = std::move(ended); });
        context.run();
        EXPECT_LE(watch.elapsed(), time_for(expected) + k_overrun);
        ASSERT_TRUE(end);
        expect_end(*end, call.is_write, expected);
    }
}

TEST(FaultCancel, EveryCallBeforeItIsSent) {
    FaultyMember server;
    for (const MemberCall& call : member_calls()) {
        SCOPED_TRACE(call.name);
        count_cell();
        Runtime runtime;
        Member member(runtime, Origin{.tls = false, .address = server.address()});
        std::optional<CallEnd> end;
        call.start(member, {}, [&](CallEnd ended) { end = std::move(ended); }).cancel();
        runtime.run();
        ASSERT_TRUE(end);
        expect_end(*end, call.is_write, ends(ErrorKind::cancelled, k_not_sent));
        EXPECT_EQ(server.answered(call.call), 0U);
    }
}

TEST(FaultCancel, EveryCallAfterItWasSent) {
    FaultyMember server;
    for (const MemberCall& call : member_calls()) {
        SCOPED_TRACE(call.name);
        count_cell();
        server.fault(std::nullopt);
        Runtime runtime;
        Operation operation;
        MemberOptions options;
        bool silent = false;
        options.trace = [&](std::string_view line) {
            if (silent && line.ends_with("request sent")) {
                runtime.post([&] { operation.cancel(); });
            }
        };
        Member member(runtime, Origin{.tls = false, .address = server.address()}, options);
        member.start(GetStatus{}, {}, [](const auto&) {});
        runtime.run();
        server.fault(Fault::silent());
        silent = true;
        std::optional<CallEnd> end;
        operation = call.start(member, {.timeout = milliseconds(10'000)},
                               [&](CallEnd ended) { end = std::move(ended); });
        runtime.run();
        ASSERT_TRUE(end);
        expect_end(*end, call.is_write, ends(ErrorKind::cancelled, k_perhaps));
        server.fault(std::nullopt);
    }
}

Value large_config() {
    return Value::object({{"filler", std::string(8 * 1024 * 1024, 'x')}});
}

TEST(FaultRequest, AServerThatClosesWithinALargeOneLeavesItUnknown) {
    FaultyMember server;  // Takes 1 MiB.
    Member member(server.address().text());
    for (const auto& outcome : {member.call(PatchConfig{large_config()}).data,
                                member.call(PutConfig{large_config()}).data}) {
        count_cell();
        expect_end({std::nullopt, outcome}, true, ends(ErrorKind::reset, k_perhaps));
    }
    EXPECT_EQ(server.requests(), 0U);
}

TEST(FaultRequest, AServerThatDoesNotReadALargeOneLeavesItUnknown) {
    boost::asio::io_context context;
    using boost::asio::ip::tcp;
    tcp::acceptor deaf(context, {boost::asio::ip::address_v4::loopback(), 0});
    const Expected expected = times_out(k_perhaps);
    for (const bool replace : {false, true}) {
        count_cell();
        const std::size_t descriptors = open_descriptors();
        Outcome outcome;
        {
            Member member("127.0.0.1:" + std::to_string(deaf.local_endpoint().port()));
            Value config = large_config();
            // Sanitized, it takes a part of this to write the text of the request.
            const CallOptions options{.timeout = milliseconds(1000)};
            const LoopTime watch;
            outcome = replace ? member.call(PutConfig{std::move(config)}, options).data
                              : member.call(PatchConfig{std::move(config)}, options).data;
            EXPECT_LE(watch.elapsed(), options.timeout + k_overrun);
        }
        EXPECT_EQ(open_descriptors(), descriptors);
        expect_end({std::nullopt, outcome}, true, expected);
    }
}

/// Nothing was sent to which the fault could have happened: the version had to be asked for.
TEST(FaultMemberVersion, AWriteThatNeedsAVersionIsNotSentWithoutOne) {
    FaultyMember server;
    for (const auto& fault : {Fault::silent(), Fault::reset_after_request(), Fault::garbage(),
                              Fault::truncate(100), Fault::endless_body()}) {
        count_cell();
        server.fault(fault.on("/patroni"));
        Member member(server.address().text());
        const auto error = thrown_by(
            [&] { member.call(Switchover{.leader = "pg1"}, {.timeout = milliseconds(200)}); });
        ASSERT_TRUE(error);
        EXPECT_EQ(error->delivery, k_not_sent) << to_line(*error);
        EXPECT_EQ(server.answered("POST /switchover"), 0U);
    }
}

}  // namespace
}  // namespace patroni::testing
