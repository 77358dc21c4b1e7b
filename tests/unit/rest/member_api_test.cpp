// GET /patroni and GET /cluster of one member on loopback: what counts as an answer.
#include "rest/member_api.hpp"

#include "support/event_loop.hpp"
#include "support/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string k_status =
    R"({"state": "running", "role": "master", "server_version": 90624, "xlog": {"location": 67108960},)"
    R"( "database_system_identifier": "7711430507979666197",)"
    R"( "patroni": {"version": "0.90", "scope": "batman"}})";
const std::string k_cluster = R"({"members": [{"name": "a", "role": "leader", "state": "running",)"
                              R"( "api_url": "http://10.0.0.1:8008/patroni"}], "scope": "demo"})";

rest::MemberAccess access_to(const HostPort& address, milliseconds timeout = milliseconds(2000)) {
    rest::MemberAccess access;
    access.origin = {false, address};
    access.deadlines.total = EventLoop::in(timeout);
    return access;
}

Result<MemberStatus> status_of(std::optional<std::string> raw,
                               milliseconds timeout = milliseconds(2000)) {
    ScriptedServer server([&](const SeenRequest&) { return raw; });
    EventLoop loop;
    std::optional<Result<MemberStatus>> slot;
    rest::get_status(loop.http, access_to(server.address(), timeout),
                     [&](auto result) { slot = std::move(result); });
    loop.wait(slot);
    EXPECT_THAT(server.targets(), ElementsAre("/patroni"));
    if (!*slot) {
        EXPECT_EQ(slot->error().endpoint, "http://" + server.text());
    }
    return std::move(*slot);
}

Result<rest::ClusterAnswer> cluster_of(std::optional<std::string> raw) {
    ScriptedServer server([&](const SeenRequest&) { return raw; });
    EventLoop loop;
    std::optional<Result<rest::ClusterAnswer>> slot;
    rest::get_cluster(loop.http, access_to(server.address()),
                      [&](auto result) { slot = std::move(result); });
    loop.wait(slot);
    EXPECT_THAT(server.targets(), ElementsAre("/cluster"));
    return std::move(*slot);
}

TEST(MemberStatusCall, A503WithADocumentIsAnAnswer) {
    for (const int code : {200, 503}) {
        const auto status = status_of(python_answer(code, k_status));
        ASSERT_TRUE(status) << status.error().message;
        EXPECT_EQ(status->role, Role::primary);
        EXPECT_EQ(status->location, Lsn(67108960));
        EXPECT_EQ(status->scope, "batman");
    }
}

struct Row {
    const char* what;
    std::string raw;
    ErrorKind kind;
    int http_status;
    const char* message;
};

class StatusRefusal : public ::testing::TestWithParam<Row> {};

TEST_P(StatusRefusal, IsExplained) {
    const auto& expected = GetParam();
    const auto status = status_of(expected.raw);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, expected.kind) << to_string(status.error().kind);
    EXPECT_EQ(status.error().http_status, expected.http_status);
    EXPECT_THAT(status.error().message, HasSubstr(expected.message));
    EXPECT_THAT(to_line(status.error()), Not(HasSubstr("\x1b")));
}

INSTANTIATE_TEST_SUITE_P(
    Table, StatusRefusal,
    ::testing::Values(Row{"another_web_server", http_answer(200, "<html>nginx</html>"),
                          ErrorKind::decode, 200, "not Patroni's"},
                      Row{"another_json", http_answer(200, R"({"status":"ok"})"), ErrorKind::decode,
                          200, "not Patroni's"},
                      Row{"not_found", http_answer(404, "<html>\x1b[31m no</html>"),
                          ErrorKind::http_status, 404, "is this the REST API of a Patroni?"},
                      Row{"unauthorized", http_answer(401, "no auth header received"),
                          ErrorKind::unauthorized, 401, "401"},
                      Row{"forbidden", http_answer(403, "Access is denied"),
                          ErrorKind::unauthorized, 403, "403"},
                      Row{"status_line_only", "HTTP/1.0 503 Service Unavailable\r\n\r\n",
                          ErrorKind::http_status, 503, "503"},
                      Row{"cut_in_the_middle", python_answer(200, k_status.substr(0, 60)),
                          ErrorKind::decode, 200, "GET /patroni"},
                      Row{"no_byte", "", ErrorKind::reset, 0, ""},
                      Row{"no_http", "220 mail.example.com ESMTP\r\n", ErrorKind::protocol, 0, ""}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(MemberStatusCall, SilenceEndsWithTheDeadline) {
    const auto started = std::chrono::steady_clock::now();
    const auto status = status_of(std::nullopt, milliseconds(200));
    const auto took = std::chrono::steady_clock::now() - started;
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().kind, ErrorKind::timeout);
    EXPECT_EQ(status.error().delivery, Delivery::may_have_been_sent);
    EXPECT_GE(took, milliseconds(190));
    EXPECT_LT(took, milliseconds(1500));
}

TEST(MemberStatusCall, AClosedPortRefuses) {
    EventLoop loop;
    std::optional<Result<MemberStatus>> slot;
    rest::get_status(loop.http, access_to(closed_port()),
                     [&](auto result) { slot = std::move(result); });
    ASSERT_FALSE(loop.wait(slot));
    EXPECT_EQ(slot->error().kind, ErrorKind::connect_refused);
    EXPECT_EQ(slot->error().delivery, Delivery::not_sent);
}

TEST(ClusterCall, IsAnOverviewSince161) {
    const auto answer = cluster_of(python_answer(200, k_cluster));
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_TRUE(answer->overview);
    EXPECT_FALSE(answer->status);
    EXPECT_EQ(answer->overview->scope, "demo");
    ASSERT_EQ(answer->overview->members.size(), 1U);
    EXPECT_EQ(answer->overview->members[0].api, (Origin{false, {"10.0.0.1", 8008}}));
}

TEST(ClusterCall, OfAnOlderPatroniIsItsOwnStatusWith503) {
    const auto answer = cluster_of(python_answer(503, k_status));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_FALSE(answer->overview);
    ASSERT_TRUE(answer->status);
    EXPECT_EQ(answer->status->patroni_version, "0.90");
}

TEST(ClusterCall, AnEmptyReplyIsAMemberThatCannotReadItsStore) {
    const auto answer = cluster_of("");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::reset);
    EXPECT_THAT(answer.error().message, HasSubstr("cannot read its DCS"));
}

TEST(ClusterCall, OfSomethingElseIsARefusal) {
    for (const auto& [code, kind] :
         {std::pair{200, ErrorKind::decode}, std::pair{404, ErrorKind::http_status},
          std::pair{401, ErrorKind::unauthorized}}) {
        const auto answer = cluster_of(http_answer(code, "hello"));
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().kind, kind) << code;
        EXPECT_THAT(answer.error().message, HasSubstr("GET /cluster"));
    }
}

TEST(MemberCalls, CarryNoCredentials) {
    ScriptedServer server([](const SeenRequest&) { return http_answer(200, k_status); });
    EventLoop loop;
    std::optional<Result<MemberStatus>> slot;
    rest::get_status(loop.http, access_to(server.address()),
                     [&](auto result) { slot = std::move(result); });
    loop.wait(slot);
    ASSERT_EQ(server.requests().size(), 1U);
    EXPECT_THAT(server.requests()[0].head, Not(HasSubstr("Authorization")));
    EXPECT_EQ(server.requests()[0].method, "GET");
}

}  // namespace
}  // namespace patroni::testing
