#include "unit/transport/client_test.hpp"

#include <future>
#include <sys/resource.h>

namespace patroni::transport::test {
namespace {

using Clock = std::chrono::steady_clock;

class HttpClientFailure : public ClientTest {
protected:
    /// The call must fail with the limit, not long before and not long after.
    Error expect_timeout(Call call, milliseconds limit) {
        const auto start = Clock::now();
        const Outcome outcome = fetch(std::move(call));
        const auto elapsed = Clock::now() - start;
        EXPECT_FALSE(outcome.has_value());
        EXPECT_GE(elapsed, limit - milliseconds(2));
        EXPECT_LT(elapsed, limit + milliseconds(1500));  // A loaded machine.
        EXPECT_EQ(outcome.error().kind, ErrorKind::timeout);
        return outcome.error();
    }
};

TEST_F(HttpClientFailure, Refused) {
    const std::uint16_t port = closed_port();
    const Outcome outcome = fetch(call_to(port));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::connect_refused);
    EXPECT_EQ(outcome.error().code, std::errc::connection_refused);
    EXPECT_EQ(outcome.error().endpoint, "http://127.0.0.1:" + std::to_string(port));
    EXPECT_EQ(outcome.error().delivery, Delivery::not_sent);
}

TEST_F(HttpClientFailure, NoRoute) {
    Call call = call_to(80);
    call.origin.address.host = "255.255.255.255";  // TCP to it fails at once.
    const Outcome outcome = fetch(std::move(call));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::unreachable);
    EXPECT_TRUE(outcome.error().code);
}

TEST_F(HttpClientFailure, NoConnection) {
    const FullListener listener;
    Call call = call_to(listener.port());
    call.deadlines.connect = milliseconds(60);
    const Error error = expect_timeout(std::move(call), milliseconds(60));
    EXPECT_EQ(error.message, "no connection in 60 ms");
    EXPECT_EQ(error.delivery, Delivery::not_sent);
}

TEST_F(HttpClientFailure, TotalLimitsTheConnect) {
    const FullListener listener;
    const Error error =
        expect_timeout(call_to(listener.port(), milliseconds(40)), milliseconds(39));
    EXPECT_TRUE(error.message.starts_with("no connection in ")) << error.message;
}

TEST_F(HttpClientFailure, NoAnswer) {
    LoopbackServer server([](Peer& peer) {
        peer.read_request();
        peer.wait_for_close();
    });
    Call call = call_to(server.port());
    call.deadlines.first_byte = milliseconds(50);
    const Error error = expect_timeout(std::move(call), milliseconds(50));
    EXPECT_EQ(error.message, "no answer in 50 ms after the request was sent");
    EXPECT_EQ(error.delivery, Delivery::may_have_been_sent);
}

TEST_F(HttpClientFailure, TotalIsOverBeforeTheStart) {
    const FullListener listener;
    EXPECT_EQ(fetch(call_to(listener.port(), milliseconds(-10))).error().kind, ErrorKind::timeout);
}

TEST_F(HttpClientFailure, SlowBytesEndAtTheTotal) {
    LoopbackServer server([](Peer& peer) {
        peer.read_request();
        peer.send("HTTP/1.0 200 OK\r\n\r\nsome");
        peer.wait_for_close();
    });
    Call call = call_to(server.port(), milliseconds(80));
    call.deadlines.first_byte = milliseconds(60);
    const Error error = expect_timeout(std::move(call), milliseconds(79));
    EXPECT_TRUE(error.message.starts_with("the answer was not complete ")) << error.message;
    EXPECT_TRUE(error.message.ends_with(" (23 bytes received)")) << error.message;
    EXPECT_EQ(error.delivery, Delivery::answered);
    EXPECT_EQ(error.http_status, 200);
}

/// Accepted by the kernel, but nobody reads.
TEST_F(HttpClientFailure, PeerThatDoesNotTakeTheRequest) {
    std::promise<void> over;
    LoopbackServer server([&](Peer&) { over.get_future().wait(); });
    Call call = call_to(server.port(), milliseconds(100));
    call.request.method = "POST";
    call.request.body.assign(20 * 1024 * 1024, 'x');
    const Error error = expect_timeout(std::move(call), milliseconds(60));
    EXPECT_TRUE(error.message.starts_with("the server did not take the request")) << error.message;
    EXPECT_EQ(error.delivery, Delivery::may_have_been_sent);
    over.set_value();
}

TEST_F(HttpClientFailure, EndlessBodyHitsTheLimit) {
    LoopbackServer server([](Peer& peer) {
        peer.read_request();
        peer.send("HTTP/1.0 200 OK\r\n\r\n");
        const std::string more(64 * 1024, 'x');
        for (int i = 0; i < 1000; ++i) {
            peer.send(more);
        }
    });
    Call call = call_to(server.port());
    call.limits.body_bytes = 1'000'000;
    const Outcome outcome = fetch(std::move(call));
    EXPECT_EQ(text_of(outcome), "limit: the body of the answer is larger than 1000000 bytes");
    EXPECT_EQ(outcome.error().delivery, Delivery::answered);
}

TEST_F(HttpClientFailure, ClosedWithoutAnAnswer) {
    LoopbackServer server([](Peer& peer) { peer.read_request(); });
    const Outcome outcome = fetch(call_to(server.port()));
    EXPECT_EQ(text_of(outcome),
              "reset: the server closed the connection without an answer (it may want https, or "
              "the request made it fail)");
    EXPECT_EQ(outcome.error().delivery, Delivery::may_have_been_sent);
    EXPECT_EQ(server.connections(), 1) << "a fresh connection is not tried again";
}

TEST_F(HttpClientFailure, ResetWithoutAnAnswer) {
    LoopbackServer server([](Peer& peer) {
        peer.read_request();
        peer.reset();
    });
    const Outcome outcome = fetch(call_to(server.port()));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::reset);
    EXPECT_EQ(outcome.error().code, std::errc::connection_reset);
}

TEST_F(HttpClientFailure, TruncatedBody) {
    LoopbackServer server([](Peer& peer) {
        peer.read_request();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    });
    EXPECT_EQ(text_of(fetch(call_to(server.port()))),
              "reset: the connection ended within the body of the answer, after 5 bytes of it");
}

TEST_F(HttpClientFailure, NotHttp) {
    LoopbackServer server([](Peer& peer) { peer.send("SSH-2.0-OpenSSH_9.2\r\n"); });
    EXPECT_EQ(text_of(fetch(call_to(server.port()))),
              "protocol: the server did not answer with HTTP/1.x");
}

TEST_F(HttpClientFailure, NoDescriptorLeft) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "UBSan's type check needs descriptors of its own";
#endif
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit none{0, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const Outcome outcome = fetch(call_to(1));
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::limit);
    EXPECT_EQ(outcome.error().code, std::errc::too_many_files_open);
}

}  // namespace
}  // namespace patroni::transport::test
