#include "unit/transport/client_test.hpp"

#include <vector>

namespace patroni::transport::test {
namespace {

class HttpClientTest : public ClientTest {};

TEST_F(HttpClientTest, GetsAnAnswerThatEndsWithTheConnection) {
    std::string request;
    LoopbackServer server([&](Peer& peer) {
        request = peer.read_request();
        peer.send(k_json_answer);
    });
    const Outcome outcome = fetch(call_to(server.port()));
    EXPECT_EQ(text_of(outcome), "200 {\"state\": \"running\"}");
    EXPECT_EQ(outcome->header("content-type"), "application/json");
    server.join();
    EXPECT_TRUE(request.starts_with("GET / HTTP/1.1\r\nHost: 127.0.0.1:"));
}

TEST_F(HttpClientTest, SendsABodyLargerThanTheSocketBuffer) {
    std::size_t received = 0;
    LoopbackServer server([&](Peer& peer) {
        received = peer.read_request().size();
        peer.send(k_kept_answer);
    });
    Call call = call_to(server.port());
    call.request.method = "PATCH";
    call.request.body.assign(20 * 1024 * 1024, 'x');
    EXPECT_EQ(text_of(fetch(std::move(call))), "200 ok");
    server.join();
    EXPECT_GT(received, 20u * 1024 * 1024);
}

TEST_F(HttpClientTest, ReadsAnAnswerInManyPieces) {
    LoopbackServer server([](Peer& peer) {
        peer.read_request();
        for (const char c : std::string(k_json_answer)) {
            peer.send(std::string(1, c));
        }
    });
    EXPECT_EQ(text_of(fetch(call_to(server.port()))), "200 {\"state\": \"running\"}");
}

TEST_F(HttpClientTest, ReadsALargeAnswer) {
    const std::string body(3'000'000, 'x');
    LoopbackServer server([&](Peer& peer) {
        peer.read_request();
        peer.send("HTTP/1.0 200 OK\r\n\r\n" + body);
    });
    EXPECT_EQ(fetch(call_to(server.port()))->body, body);
}

TEST_F(HttpClientTest, TakesAnEarlyAnswerOfAServerThatReadsNoMore) {
    LoopbackServer server([](Peer& peer) {
        peer.send("HTTP/1.0 401 Unauthorized\r\nContent-Type: text/html\r\n\r\nno auth");
    });
    Call call = call_to(server.port());
    call.request.method = "POST";
    call.request.body.assign(20 * 1024 * 1024, 'x');
    EXPECT_EQ(text_of(fetch(std::move(call))), "401 no auth");
}

TEST_F(HttpClientTest, RefusesARequestThatCannotBeSent) {
    Call call = call_to(1);
    call.request.target = "/a\r\nX: y";
    const Outcome outcome = fetch(std::move(call));
    EXPECT_EQ(outcome.error().kind, ErrorKind::config);
    EXPECT_EQ(outcome.error().endpoint, "http://127.0.0.1:1");
}

TEST_F(HttpClientTest, TracesStepsWithoutTheQuery) {
    std::vector<std::string> lines;
    HttpClient::Options options;
    options.trace = [&](std::string_view line) { lines.emplace_back(line); };
    make_client(std::move(options));
    LoopbackServer server([](Peer& peer) {
        peer.read_request();
        peer.send(k_json_answer);
    });
    Call call = call_to(server.port());
    call.request.target = "/v1/kv?token=secret";
    const std::string start = call.origin.text() + " GET /v1/kv: ";
    ASSERT_TRUE(fetch(std::move(call)));
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0], start + "connect to 127.0.0.1:" + std::to_string(server.port()));
    EXPECT_EQ(lines[1], start + "request sent");
    EXPECT_TRUE(lines[2].starts_with(start + "status 200, ")) << lines[2];
}

TEST_F(HttpClientTest, HeadAndStatusOnlyRepliesHaveNoBody) {
    LoopbackServer server([](Peer& peer) {
        peer.read_request();
        peer.send("HTTP/1.0 503 Service Unavailable\r\n");
    });
    Call call = call_to(server.port());
    call.request.method = "OPTIONS";
    EXPECT_EQ(text_of(fetch(std::move(call))), "503 ");
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientTest, RedirectsAreAnswersAndNotFollowed) {
    LoopbackServer other([](Peer& peer) { peer.send(k_json_answer); });
    LoopbackServer server([&](Peer& peer) {
        peer.read_request();
        peer.send("HTTP/1.0 307 Temporary Redirect\r\nLocation: http://127.0.0.1:" +
                  std::to_string(other.port()) + "/\r\n\r\n");
    });
    EXPECT_EQ(text_of(fetch(call_to(server.port()))), "307 ");
    EXPECT_EQ(server.connections(), 1);
    EXPECT_EQ(other.connections(), 0);
}

TEST_F(HttpClientTest, ProxiesOfTheEnvironmentAreIgnored) {
    LoopbackServer proxy([](Peer& peer) { peer.send(k_json_answer); });
    const std::string url = "http://127.0.0.1:" + std::to_string(proxy.port());
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) {
        ::setenv(name, url.c_str(), 1);
    }
    LoopbackServer server([](Peer& peer) {
        peer.read_request();
        peer.send(k_json_answer);
    });
    EXPECT_TRUE(fetch(call_to(server.port())));
    for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) {
        ::unsetenv(name);
    }
    EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(HttpClientTest, TracesHoldNoCredentials) {
    std::string lines;
    HttpClient::Options options;
    options.trace = [&](std::string_view line) { lines.append(line).append("\n"); };
    make_client(std::move(options));
    LoopbackServer server([](Peer& peer) {
        peer.read_request();
        peer.send("HTTP/1.0 401 Unauthorized\r\nX-Token: gEhEiM\r\n\r\ngEhEiM");
    });
    Call call = call_to(server.port());
    call.request.method = "POST";
    call.request.target = "/v3/auth/authenticate?token=gEhEiM";
    call.request.headers = {{"Authorization", "Basic gEhEiM"}};
    call.request.body = "{\"password\": \"gEhEiM\"}";
    EXPECT_EQ(text_of(fetch(std::move(call))), "401 gEhEiM");
    EXPECT_EQ(lines.find("gEhEiM"), std::string::npos) << lines;
    EXPECT_NE(lines.find("status 401"), std::string::npos) << lines;
}

}  // namespace
}  // namespace patroni::transport::test
