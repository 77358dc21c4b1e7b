#include "unit/transport/client_test.hpp"
#include "unit/transport/fake_resolver.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <future>

namespace patroni::transport::test {
namespace {

class HttpClientCancel : public ClientTest {
protected:
    /// Starts the call, lets it come as far as it can in a while, and cancels.
    Error cancelled(Call call) {
        std::optional<Outcome> outcome;
        start(std::move(call), outcome);
        context_->run_for(milliseconds(50));
        EXPECT_FALSE(outcome.has_value());
        operation_.cancel();
        EXPECT_FALSE(outcome.has_value()) << "called from within cancel()";
        const auto start = std::chrono::steady_clock::now();
        run();
        EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(1000));
        EXPECT_TRUE(outcome.has_value());
        operation_.cancel();
        return outcome.value_or(Error{}).error();
    }
};

TEST_F(HttpClientCancel, WhileQueued) {
    LoopbackServer silent([](Peer& peer) { peer.wait_for_close(); });
    std::optional<Outcome> first;
    start(call_to(silent.port(), milliseconds(200)), first);
    const Error error = cancelled(call_to(silent.port()));
    EXPECT_EQ(error.kind, ErrorKind::cancelled);
    EXPECT_EQ(error.delivery, Delivery::not_sent);
}

TEST_F(HttpClientCancel, WhileResolving) {
    HttpClient::Options options;
    options.resolver = std::make_shared<FakeResolver>(*context_);
    make_client(std::move(options));
    Call call = call_to(1);
    call.origin.address.host = "silent";
    EXPECT_EQ(cancelled(std::move(call)).kind, ErrorKind::cancelled);
}

TEST_F(HttpClientCancel, WhileConnecting) {
    const FullListener listener;
    const Error error = cancelled(call_to(listener.port()));
    EXPECT_EQ(error.kind, ErrorKind::cancelled);
    EXPECT_EQ(error.delivery, Delivery::not_sent);
}

TEST_F(HttpClientCancel, WhileTheServerIsSilentInTheHandshake) {
    LoopbackServer silent([](Peer& peer) { peer.wait_for_close(); });
    Call call = call_to(silent.port());
    call.origin.tls = true;
    auto settings = std::make_shared<TlsSettings>();
    settings->verify = false;
    call.tls = settings;
    const Error error = cancelled(std::move(call));
    EXPECT_EQ(error.kind, ErrorKind::cancelled);
    EXPECT_EQ(error.delivery, Delivery::not_sent);
}

TEST_F(HttpClientCancel, WhileSending) {
    std::promise<void> over;
    LoopbackServer server([&](Peer&) { over.get_future().wait(); });
    Call call = call_to(server.port());
    call.request.method = "POST";
    call.request.body.assign(20 * 1024 * 1024, 'x');
    const Error error = cancelled(std::move(call));
    over.set_value();
    EXPECT_EQ(error.kind, ErrorKind::cancelled);
    EXPECT_EQ(error.delivery, Delivery::may_have_been_sent);
}

TEST_F(HttpClientCancel, WhileWaiting) {
    LoopbackServer silent([](Peer& peer) { peer.wait_for_close(); });
    EXPECT_EQ(cancelled(call_to(silent.port())).delivery, Delivery::may_have_been_sent);
}

TEST_F(HttpClientCancel, WhileReading) {
    LoopbackServer slow([](Peer& peer) {
        peer.read_request();
        peer.send("HTTP/1.0 200 OK\r\n\r\nsome");
        peer.wait_for_close();
    });
    const Error error = cancelled(call_to(slow.port()));
    EXPECT_EQ(error.kind, ErrorKind::cancelled);
    EXPECT_EQ(error.delivery, Delivery::answered);
    EXPECT_EQ(error.http_status, 200);
}

TEST_F(HttpClientCancel, BeforeTheFirstTurnOfTheLoop) {
    LoopbackServer silent([](Peer& peer) { peer.wait_for_close(); });
    std::optional<Outcome> outcome;
    start(call_to(silent.port()), outcome);
    operation_.cancel();
    operation_.cancel();
    run();
    EXPECT_EQ(outcome->error().kind, ErrorKind::cancelled);
}

TEST_F(HttpClientCancel, ACancelledHandleOfAnEndedCallDoesNothing) {
    std::optional<Outcome> outcome;
    start(call_to(closed_port()), outcome);
    run();
    operation_.cancel();
    client_.reset();
    operation_.cancel();
    EXPECT_EQ(outcome->error().kind, ErrorKind::connect_refused);
}

}  // namespace
}  // namespace patroni::transport::test
