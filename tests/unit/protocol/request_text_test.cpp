#include "protocol/request_text.hpp"

#include <gtest/gtest.h>

namespace patroni::protocol {
namespace {

std::string text_of(const Request& request, bool keep_alive = false) {
    auto text = request_text(request, "pg1:8008", keep_alive);
    return text ? *text : std::string(to_string(text.error().kind)) + ": " + text.error().message;
}

TEST(RequestText, GetHasNoLength) {
    Request request;
    request.target = "/cluster?x=%20";
    request.headers = {{"Accept", "application/json"}};
    const std::string text = text_of(request);
    EXPECT_TRUE(
        text.starts_with("GET /cluster?x=%20 HTTP/1.1\r\nHost: pg1:8008\r\nUser-Agent: "
                         "libpatroni/"));
    EXPECT_TRUE(text.ends_with("\r\nConnection: close\r\nAccept: application/json\r\n\r\n"));
    EXPECT_EQ(text.find("Content-Length"), std::string::npos);
    EXPECT_EQ(text.find("Expect"), std::string::npos);
}

TEST(RequestText, WritesHaveTheirLengthAlsoWithoutBody) {
    for (const char* method : {"POST", "PUT", "PATCH"}) {
        Request request;
        request.method = method;
        EXPECT_TRUE(text_of(request).ends_with("\r\nContent-Length: 0\r\n\r\n")) << method;
        request.body = "{\"a\": 1}";
        EXPECT_TRUE(text_of(request).ends_with("\r\nContent-Length: 8\r\n\r\n{\"a\": 1}"));
    }
}

TEST(RequestText, DeleteHasALengthOnlyWithBody) {
    Request request;
    request.method = "DELETE";
    EXPECT_EQ(text_of(request).find("Content-Length"), std::string::npos);
    request.body = "x";
    EXPECT_NE(text_of(request).find("Content-Length: 1\r\n"), std::string::npos);
}

TEST(RequestText, KeepAlive) {
    EXPECT_NE(text_of({}, true).find("\r\nConnection: keep-alive\r\n"), std::string::npos);
}

TEST(RequestText, CallersHostAndUserAgentReplaceOurs) {
    Request request;
    request.headers = {{"host", "other"}, {"USER-AGENT", "me"}};
    const std::string text = text_of(request);
    EXPECT_EQ(text.find("Host: pg1"), std::string::npos);
    EXPECT_EQ(text.find("libpatroni"), std::string::npos);
    EXPECT_NE(text.find("\r\nhost: other\r\n"), std::string::npos);
}

TEST(RequestText, RefusesWhatWouldChangeTheFraming) {
    Request request;
    for (const std::string target : {"", "cluster", "/a b", "/a\r\nX: y", "/\x01", "/\xc3\xa4"}) {
        request.target = target;
        EXPECT_TRUE(text_of(request).starts_with("config: the request path")) << target;
    }
    request = {};
    for (const std::string method : {"", "GET /", "G\r\n"}) {
        request.method = method;
        EXPECT_TRUE(text_of(request).starts_with("config: the HTTP method")) << method;
    }
    request = {};
    for (const std::string value : {"a\r\nX: y", "a\n", "\r", "\x7f"}) {
        request.headers = {{"X-Token", value}};
        EXPECT_TRUE(text_of(request).starts_with("config: the request header X-Token"));
    }
    for (const char* name : {"", "a b", "a:", "a\r\n"}) {
        request.headers = {{name, "v"}};
        EXPECT_TRUE(text_of(request).starts_with("config: a request header")) << name;
    }
    for (const char* name : {"content-length", "Transfer-Encoding", "Connection", "Expect"}) {
        request.headers = {{name, "v"}};
        EXPECT_NE(text_of(request).find("cannot be set by the caller"), std::string::npos) << name;
    }
}

TEST(RequestText, MessagesDoNotRepeatValues) {
    Request request;
    request.headers = {{"Authorization", "Basic c2VjcmV0\n"}};
    EXPECT_EQ(text_of(request).find("c2VjcmV0"), std::string::npos);
}

TEST(RequestText, RefusesAHostThatIsNone) {
    for (const char* host : {"", "a b", "a\r\nX: y"}) {
        EXPECT_FALSE(request_text({}, host, false).has_value());
    }
}

TEST(RequestText, TheHostHeaderHasNoZone) {
    EXPECT_EQ(host_header({"fe80::1%eth0", 8008}), "[fe80::1]:8008");
    EXPECT_EQ(host_header({"::1", 8008}), "[::1]:8008");
    EXPECT_EQ(host_header({"pg1", 8008}), "pg1:8008");
}

}  // namespace
}  // namespace patroni::protocol
