#include "unit/transport/client_test.hpp"

namespace patroni::transport::test {
namespace {

class HttpClientKeepAlive : public ClientTest {
protected:
    HttpClientKeepAlive() { make_keeping_client(milliseconds(60)); }

    void make_keeping_client(milliseconds limit) {
        HttpClient::Options options;
        options.idle_limit = limit;
        make_client(std::move(options));
    }

    Call kept_call_to(std::uint16_t port) const {
        Call call = call_to(port);
        call.keep_alive = true;
        return call;
    }
};

void answer_until_closed(Peer& peer) {
    while (!peer.read_request().empty()) {
        peer.send(k_kept_answer);
    }
}

TEST_F(HttpClientKeepAlive, TheNextCallUsesTheConnection) {
    LoopbackServer& server = serve(answer_until_closed);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(text_of(fetch_quickly(kept_call_to(server.port()))), "200 ok");
    }
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientKeepAlive, AnIdleConnectionIsClosedAndThenTheLoopEnds) {
    LoopbackServer& server = serve(answer_until_closed);
    EXPECT_EQ(text_of(fetch(kept_call_to(server.port()))), "200 ok");
    server.join();  // Its thread ends when we close.
}

TEST_F(HttpClientKeepAlive, TheClientsEndClosesIt) {
    make_keeping_client(milliseconds(60'000));
    LoopbackServer& server = serve(answer_until_closed);
    EXPECT_EQ(text_of(fetch_quickly(kept_call_to(server.port()))), "200 ok");
    client_.reset();
    server.join();
    run();
}

TEST_F(HttpClientKeepAlive, AnOrdinaryCallGetsAConnectionOfItsOwn) {
    LoopbackServer& server = serve(answer_until_closed);
    EXPECT_EQ(text_of(fetch_quickly(kept_call_to(server.port()))), "200 ok");
    EXPECT_EQ(text_of(fetch_quickly(call_to(server.port()))), "200 ok");
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpClientKeepAlive, AConnectionThatTheServerClosedIsNotUsed) {
    LoopbackServer& server = serve([](Peer& peer) {
        peer.read_request();
        peer.send(k_kept_answer);
    });
    EXPECT_EQ(text_of(fetch_quickly(kept_call_to(server.port()))), "200 ok");
    server.join();
    Call post = kept_call_to(server.port());
    post.request.method = "POST";
    EXPECT_EQ(text_of(fetch_quickly(std::move(post))), "200 ok");
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpClientKeepAlive, HalfAnAnswerTooMuchSpoilsTheConnection) {
    LoopbackServer& server = serve([](Peer& peer) {
        peer.read_request();
        peer.send(std::string(k_kept_answer) + "HTTP/1.1 200 OK\r\n");
        peer.wait_for_close();
    });
    EXPECT_EQ(text_of(fetch_quickly(kept_call_to(server.port()))), "200 ok");
    EXPECT_EQ(text_of(fetch_quickly(kept_call_to(server.port()))), "200 ok");
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpClientKeepAlive, ManyHostsKeepNotMoreThanAllowed) {
    HttpClient::Options options;
    options.max_connections = 1;
    make_client(std::move(options));
    LoopbackServer& first = serve(answer_until_closed);
    LoopbackServer& second = serve(answer_until_closed);
    EXPECT_EQ(text_of(fetch_quickly(kept_call_to(first.port()))), "200 ok");
    EXPECT_EQ(text_of(fetch_quickly(kept_call_to(second.port()))), "200 ok");
    first.join();  // Its connection had to go for the second.
}

/// The server answers once on each connection, and closes when the second request arrives.
class HttpClientStale : public HttpClientKeepAlive {
protected:
    HttpClientStale()
        : server_(serve([](Peer& peer) {
              peer.read_request();
              peer.send(k_kept_answer);
              peer.read_request();
          })) {
        EXPECT_EQ(text_of(fetch_quickly(kept_call_to(server_.port()))), "200 ok");
    }

    Outcome second_call(const std::string& method, bool idempotent) {
        Call call = kept_call_to(server_.port());
        call.request.method = method;
        call.idempotent = idempotent;
        return fetch_quickly(std::move(call));
    }

    LoopbackServer& server_;
};

TEST_F(HttpClientStale, GetIsSentOnceMore) {
    EXPECT_EQ(text_of(second_call("GET", false)), "200 ok");
    EXPECT_EQ(server_.connections(), 2);
}

TEST_F(HttpClientStale, AnIdempotentPostIsSentOnceMore) {
    EXPECT_EQ(text_of(second_call("POST", true)), "200 ok");
    EXPECT_EQ(server_.connections(), 2);
}

TEST_F(HttpClientStale, AnyOtherPostIsNot) {
    const Outcome outcome = second_call("POST", false);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::reset);
    EXPECT_EQ(outcome.error().delivery, Delivery::may_have_been_sent);
    EXPECT_EQ(server_.connections(), 1);
}

TEST_F(HttpClientKeepAlive, OnlyOnceMore) {
    LoopbackServer& server = serve([](Peer& peer) {
        peer.read_request();
        if (peer.number() == 1) {
            peer.send(k_kept_answer);
            peer.read_request();
        }
    });
    EXPECT_EQ(text_of(fetch_quickly(kept_call_to(server.port()))), "200 ok");
    EXPECT_EQ(fetch_quickly(kept_call_to(server.port())).error().kind, ErrorKind::reset);
    EXPECT_EQ(server.connections(), 2);
}

}  // namespace
}  // namespace patroni::transport::test
