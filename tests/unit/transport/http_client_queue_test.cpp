#include "unit/transport/client_test.hpp"

#include <boost/asio/post.hpp>

#include <vector>

namespace patroni::transport::test {
namespace {

class HttpClientQueue : public ClientTest {
protected:
    void make_small_client(std::size_t connections) {
        HttpClient::Options options;
        options.max_connections = connections;
        make_client(std::move(options));
    }
};

void answer(Peer& peer) {
    peer.read_request();
    peer.send(k_json_answer);
}

TEST_F(HttpClientQueue, OneCallAtATimeForEachHostInOrder) {
    std::vector<std::string> targets;
    LoopbackServer server([&](Peer& peer) {
        const std::string request = peer.read_request();
        targets.push_back(request.substr(0, request.find(" HTTP")));
        peer.send(k_json_answer);
    });
    std::vector<int> order;
    for (int i = 0; i < 8; ++i) {
        Call call = call_to(server.port());
        call.request.target = "/" + std::to_string(i);
        client_->start(std::move(call), [&order, i](Outcome outcome) {
            EXPECT_TRUE(outcome);
            order.push_back(i);
        });
    }
    run();
    server.join();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
    EXPECT_EQ(server.most_at_once(), 1);
    ASSERT_EQ(targets.size(), 8u);
    EXPECT_EQ(targets.back(), "GET /7");
}

TEST_F(HttpClientQueue, HostsDoNotWaitForEachOther) {
    LoopbackServer silent([](Peer& peer) { peer.wait_for_close(); });
    LoopbackServer quick(answer);
    std::optional<Outcome> late;
    std::optional<Outcome> early;
    start(call_to(silent.port(), milliseconds(300)), late);
    client_->start(call_to(quick.port()), [&](Outcome outcome) {
        EXPECT_FALSE(late.has_value());
        early = std::move(outcome);
    });
    run();
    EXPECT_TRUE(early.has_value() && early->has_value());
    EXPECT_TRUE(late.has_value() && !late->has_value());
}

TEST_F(HttpClientQueue, AllTogetherAreBounded) {
    make_small_client(2);
    std::vector<std::unique_ptr<LoopbackServer>> servers;
    int done = 0;
    for (int i = 0; i < 5; ++i) {
        servers.push_back(std::make_unique<LoopbackServer>(answer));
        for (int k = 0; k < 2; ++k) {
            client_->start(call_to(servers.back()->port()), [&](Outcome outcome) {
                EXPECT_TRUE(outcome);
                ++done;
            });
        }
    }
    EXPECT_LE(open_descriptors(), descriptors_before_ + 3 /* epoll, eventfd, timerfd */ +
                                      servers.size() + 2 /* ours */ + 2 /* accepted */);
    run();
    EXPECT_EQ(done, 10);
}

TEST_F(HttpClientQueue, WaitingForTheTurnHasADeadline) {
    LoopbackServer silent([](Peer& peer) { peer.wait_for_close(); });
    std::optional<Outcome> first;
    std::optional<Outcome> second;
    start(call_to(silent.port(), milliseconds(150)), first);
    start(call_to(silent.port(), milliseconds(40)), second);
    run();
    ASSERT_TRUE(second.has_value() && !second->has_value());
    EXPECT_TRUE(second->error().message.starts_with("no turn in ")) << text_of(*second);
    EXPECT_EQ(second->error().kind, ErrorKind::timeout);
    EXPECT_EQ(second->error().delivery, Delivery::not_sent);
    EXPECT_EQ(silent.connections(), 1);
}

TEST_F(HttpClientQueue, AFailedCallLetsTheNextOneThrough) {
    const std::uint16_t port = closed_port();
    std::optional<Outcome> first;
    std::optional<Outcome> second;
    start(call_to(port), first);
    start(call_to(port), second);
    run();
    EXPECT_EQ(first->error().kind, ErrorKind::connect_refused);
    EXPECT_EQ(second->error().kind, ErrorKind::connect_refused);
}

TEST_F(HttpClientQueue, ACallbackCanStartTheNextCall) {
    LoopbackServer server(answer);
    std::optional<Outcome> second;
    client_->start(call_to(server.port()), [&](Outcome) { start(call_to(server.port()), second); });
    run();
    EXPECT_TRUE(second.has_value() && second->has_value());
}

TEST_F(HttpClientQueue, ACallbackCanDestroyTheClient) {
    LoopbackServer server(answer);
    std::optional<Outcome> never;
    bool called = false;
    client_->start(call_to(server.port()), [&](Outcome outcome) {
        EXPECT_TRUE(outcome);
        called = true;
        client_.reset();
    });
    start(call_to(server.port()), never);
    run();
    EXPECT_TRUE(called);
    EXPECT_FALSE(never.has_value());
    operation_.cancel();
}

TEST_F(HttpClientQueue, DestroyingTheClientDropsTheCallbacks) {
    LoopbackServer silent([](Peer& peer) { peer.wait_for_close(); });
    std::optional<Outcome> connected;
    std::optional<Outcome> waiting;
    std::optional<Outcome> ended;
    std::optional<Outcome> refused;
    start(call_to(silent.port()), connected);
    start(call_to(silent.port()), waiting);
    start(call_to(silent.port()), ended);
    operation_.cancel();  // Its callback is on the way.
    Call bad = call_to(silent.port());
    bad.request.target = "";
    start(std::move(bad), refused);
    client_.reset();
    run();
    operation_.cancel();
    EXPECT_FALSE(connected || waiting || ended || refused);
}

}  // namespace
}  // namespace patroni::transport::test
