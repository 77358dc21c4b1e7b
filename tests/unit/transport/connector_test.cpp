#include "unit/transport/client_test.hpp"
#include "unit/transport/fake_resolver.hpp"

#include <boost/asio/ip/address.hpp>

namespace patroni::transport::test {
namespace {

/// How the addresses of one name are tried.
class ConnectorTest : public ClientTest {
protected:
    ConnectorTest() {
        HttpClient::Options options;
        options.resolver = resolver_ = std::make_shared<FakeResolver>(*context_);
        make_client(std::move(options));
    }

    void TearDown() override {
        resolver_.reset();
        ClientTest::TearDown();
    }

    static boost::asio::ip::tcp::endpoint endpoint(const std::string& host, std::uint16_t port) {
        return {boost::asio::ip::make_address(host), port};
    }

    Call call_to_name(const std::string& name, Endpoints endpoints) {
        resolver_->add(name, std::move(endpoints));
        Call call = call_to(8008);
        call.origin.address.host = name;
        call.deadlines.connect = milliseconds(50);
        return call;
    }

    std::shared_ptr<FakeResolver> resolver_;
};

void answer(Peer& peer) {
    peer.read_request();
    peer.send(k_kept_answer);
}

TEST_F(ConnectorTest, TheNextAddressAfterARefusal) {
    LoopbackServer server(answer);
    EXPECT_EQ(text_of(fetch(call_to_name("pg1", {endpoint("127.0.0.1", closed_port()),
                                                 endpoint("127.0.0.1", server.port())}))),
              "200 ok");
}

TEST_F(ConnectorTest, TheNextAddressAfterSilence) {
    const FullListener listener;
    LoopbackServer server(answer);
    EXPECT_EQ(text_of(fetch(call_to_name("pg1", {endpoint("127.0.0.1", listener.port()),
                                                 endpoint("127.0.0.1", server.port())}))),
              "200 ok");
}

TEST_F(ConnectorTest, RefusedSaysMoreThanUnreachable) {
    const auto unreachable = endpoint("255.255.255.255", 1);
    const auto refused = endpoint("127.0.0.1", closed_port());
    EXPECT_EQ(fetch(call_to_name("a", {unreachable, refused})).error().kind,
              ErrorKind::connect_refused);
    EXPECT_EQ(fetch(call_to_name("b", {refused, unreachable})).error().kind,
              ErrorKind::connect_refused);
    const Error error = fetch(call_to_name("c", {unreachable, unreachable})).error();
    EXPECT_EQ(error.kind, ErrorKind::unreachable);
    EXPECT_EQ(error.endpoint, "http://c:8008");
}

TEST_F(ConnectorTest, TotalEndsTheTrying) {
    const FullListener listener;
    Endpoints many(100, endpoint("127.0.0.1", listener.port()));
    Call call = call_to_name("pg1", std::move(many));
    call.deadlines.total = std::chrono::steady_clock::now() + milliseconds(120);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(fetch(std::move(call)).error().kind, ErrorKind::timeout);
    EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(1500));
}

TEST_F(ConnectorTest, SilentResolver) {
    Call call = call_to(8008);
    call.origin.address.host = "silent";
    call.deadlines.connect = milliseconds(40);
    const Outcome outcome = fetch(std::move(call));
    EXPECT_EQ(text_of(outcome), "timeout: the host name silent was not resolved in 40 ms");
    EXPECT_EQ(outcome.error().delivery, Delivery::not_sent);
}

TEST_F(ClientTest, LocalhostAndUnknownNamesWithTheRealResolver) {
    LoopbackServer server(answer);
    Call call = call_to(server.port());
    call.origin.address.host = "localhost";
    EXPECT_EQ(text_of(fetch(std::move(call))), "200 ok");
    call = call_to(80);
    call.origin.address.host = "no-such-host.invalid";
    const ErrorKind kind = fetch(std::move(call)).error().kind;
    EXPECT_TRUE(kind == ErrorKind::resolve || kind == ErrorKind::timeout);  // Without network.
}

}  // namespace
}  // namespace patroni::transport::test
