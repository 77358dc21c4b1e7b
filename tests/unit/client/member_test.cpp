// One member's REST API through the facade: blocking and with callbacks, errors and outcomes.
#include "support/failure_of.hpp"
#include "support/scripted_server.hpp"

#include <patroni/member.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string status_answer(const std::string& version, int status = 200) {
    return python_answer(
        status, R"({"state": "running", "role": "replica", "patroni": {"version": ")" + version +
                    R"(", "scope": "demo", "name": "pg1"}})");
}

/// Answers GET /patroni as that version, and everything else with one text.
struct FakeApi {
    explicit FakeApi(std::string version, std::optional<std::string> answer = {})
        : server([version, answer](const SeenRequest& request) -> std::optional<std::string> {
              return request.target == "/patroni" ? status_answer(version) : answer;
          }) {}
    Member member(MemberOptions options = {}) const {
        return Member(server.text(), std::move(options));
    }
    ScriptedServer server;
};

TEST(Member, AsksAndRemembersTheVersion) {
    FakeApi api("4.1.5");
    auto member = api.member();
    EXPECT_EQ(member.version(), std::nullopt);
    const auto reply = member.call(GetStatus{});
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.data.name, "pg1");
    EXPECT_THAT(reply.body, HasSubstr("\"running\""));
    EXPECT_FALSE(reply.headers.empty());
    EXPECT_GT(reply.elapsed.count(), 0);
    EXPECT_EQ(member.version(), (Version{4, 1, 5}));
}

TEST(Member, LearnsTheVersionOnceWhereItMatters) {
    FakeApi api("3.3.11", python_answer(202, "Restart scheduled", "text/html"));
    auto member = api.member();
    const Restart request{.schedule = WallTime(std::chrono::seconds(4'000'000'000)),
                          .role = Restart::Role::primary};
    EXPECT_EQ(member.call(request).data.kind, OutcomeKind::scheduled);
    EXPECT_EQ(member.call(request).data.kind, OutcomeKind::scheduled);
    EXPECT_THAT(api.server.targets(), ElementsAre("/patroni", "/restart", "/restart"));
    EXPECT_THAT(api.server.requests().back().body, HasSubstr(R"("role":"master")"));
}

TEST(Member, RefusesWhatTheVersionCannotDoWithoutSending) {
    FakeApi api("0.90", python_answer(200, "restarted successfully", "text/html"));
    auto member = api.member();
    const auto error = failure_of([&] { member.call(Restart{.only_if_pending = true}); });
    EXPECT_EQ(error.kind, ErrorKind::unsupported);
    EXPECT_EQ(error.delivery, Delivery::not_sent);
    EXPECT_EQ(error.endpoint, "http://" + api.server.text());
    EXPECT_THAT(error.message, HasSubstr("needs Patroni 1.1"));
    EXPECT_THAT(api.server.targets(), ElementsAre("/patroni"));
}

TEST(Member, ForgetsAVersionThatTheMemberDoesNotLiveUpTo) {
    FakeApi api("4.1.5", python_answer(501, "<html>", "text/html;charset=utf-8"));
    auto member = api.member();
    EXPECT_EQ(member.call(CancelSwitchover{}).data.kind, OutcomeKind::unsupported);
    member.call(GetStatus{});
    EXPECT_TRUE(member.version().has_value());
    EXPECT_EQ(member.call(CancelSwitchover{}).data.kind, OutcomeKind::unsupported);
    EXPECT_EQ(member.version(), std::nullopt);
}

TEST(Member, SaysThatAnOldServerDoesNotKnowTheQuestion) {
    ScriptedServer server([](const SeenRequest&) { return status_answer("1.5.6", 503); });
    Member member(server.text());
    const auto error = failure_of([&] { member.call(GetHistory{}); });
    EXPECT_EQ(error.kind, ErrorKind::unsupported);
    EXPECT_THAT(error.message,
                HasSubstr("GET /history needs Patroni 1.6.1 or later; this is 1.5.6"));
    EXPECT_EQ(error.delivery, Delivery::answered);
    const auto health = member.call(CheckHealth{.check = HealthCheck::replica});
    EXPECT_FALSE(health.data.healthy);
    EXPECT_EQ(health.data.status->patroni_version, "1.5.6");
}

TEST(Member, ShowsCredentialsToWritesOnly) {
    FakeApi api("4.1.5", python_answer(202, "reload scheduled", "text/html"));
    std::string trace;
    MemberOptions options{.user = "admin", .password = Secret("top:secret")};
    options.trace = [&](std::string_view line) { trace.append(line).append("\n"); };
    auto member = api.member(options);
    member.call(GetStatus{});
    EXPECT_EQ(member.call(Reload{}).data.kind, OutcomeKind::done);
    const auto requests = api.server.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_THAT(requests[0].head, Not(HasSubstr("Authorization")));
    EXPECT_THAT(requests[1].head, HasSubstr("Authorization: Basic YWRtaW46dG9wOnNlY3JldA==\r\n"));
    EXPECT_THAT(requests[1].head, HasSubstr("Content-Length: 0"));
    EXPECT_THAT(trace, Not(HasSubstr("YWRtaW46")));

    options.authenticate_reads = true;
    api.member(options).call(GetStatus{});
    EXPECT_THAT(api.server.requests().back().head, HasSubstr("Authorization: Basic"));
}

TEST(Member, TellsAWriteThatWasNotSentFromOneThatMayHaveBeen) {
    const auto refused = failure_of([] {
        Member member(closed_port().text());
        member.call(Reload{});
    });
    EXPECT_EQ(refused.kind, ErrorKind::connect_refused);
    EXPECT_EQ(refused.delivery, Delivery::not_sent);

    FakeApi silent("4.1.5");
    auto outcome =
        silent.member().call(Restart{}, {.timeout = milliseconds(150), .attempts = 3}).data;
    EXPECT_EQ(outcome.kind, OutcomeKind::unknown);
    EXPECT_EQ(outcome.reason, Reason::no_answer);
    EXPECT_EQ(outcome.error->delivery, Delivery::may_have_been_sent);
    EXPECT_THAT(silent.server.targets(), ElementsAre("/restart"));  // Once, whatever is asked for.

    FakeApi closing("4.1.5", "");
    const auto reply = closing.member().call(Restart{});
    EXPECT_EQ(reply.status, 0);
    EXPECT_EQ(reply.data.kind, OutcomeKind::unknown);
    EXPECT_EQ(reply.data.reason, Reason::empty_reply);

    FakeApi torn("4.1.5", "HTTP/1.0 20");
    outcome = torn.member().call(Restart{}).data;
    EXPECT_EQ(outcome.kind, OutcomeKind::unknown);
    EXPECT_EQ(outcome.reason, Reason::connection_lost);
}

TEST(Member, TriesAReadAgainWithinItsTime) {
    std::atomic<int> count = 0;
    ScriptedServer server([&](const SeenRequest&) -> std::optional<std::string> {
        return ++count < 3 ? "" : status_answer("4.1.5");
    });
    Member member(server.text());
    EXPECT_EQ(failure_of([&] { member.call(GetStatus{}); }).kind, ErrorKind::reset);
    EXPECT_EQ(member.call(GetStatus{}, {.attempts = 3}).data.name, "pg1");
    EXPECT_EQ(count, 3);

    const auto error = failure_of([] {
        Member nobody(closed_port().text());
        nobody.call(GetStatus{}, {.timeout = milliseconds(50), .attempts = 100});
    });
    EXPECT_EQ(error.kind, ErrorKind::connect_refused);
}

TEST(Member, IsNamedByAUrl) {
    EXPECT_EQ(Member("https://pg1.example:8443/patroni").origin().text(),
              "https://pg1.example:8443");
    EXPECT_EQ(Member("10.0.0.1").origin().text(), "http://10.0.0.1:8008");
    EXPECT_EQ(failure_of([] { Member("ftp://x"); }).kind, ErrorKind::config);
}

TEST(Member, TellsAMissingKeyFromAFailure) {
    const std::string head = "HTTP/1.0 502 Bad Gateway\r\nServer: BaseHTTP/0.6 Python/3.11.2\r\n";
    FakeApi python("4.1.5", head + "Content-Length: 6\r\n\r\n<html>");
    auto error = failure_of([&] { python.member().call(GetFailsafe{}); });
    EXPECT_EQ(error.kind, ErrorKind::not_found);
    EXPECT_EQ(error.server_text, "");
    EXPECT_EQ(failure_of([&] { python.member().call(GetConfig{}); }).kind, ErrorKind::not_found);
    error = failure_of([&] { python.member().call(GetHistory{}); });
    EXPECT_EQ(error.kind, ErrorKind::http_status);
    EXPECT_EQ(error.server_text, "<html>");
}

TEST(Member, SaysWhichMethodAServerDoesNotKnow) {
    ScriptedServer server([](const SeenRequest& request) {
        return request.method == "HEAD" ? "HTTP/1.0 501 X\r\nServer: x\r\n\r\n"
                                        : status_answer("4.1.5");
    });
    Member member(server.text());
    const auto error = failure_of([&] {
        member.call(
            CheckHealth{.check = HealthCheck::replica, .method = CheckHealth::Method::head});
    });
    EXPECT_EQ(error.kind, ErrorKind::unsupported);
    EXPECT_THAT(error.message, HasSubstr("HEAD / needs Patroni 2.1.5"));
}

TEST(Member, GivesRawAnswersAsTheyAre) {
    FakeApi api("4.1.5", python_answer(418, "short and stout", "text/html"));
    const auto reply = api.member().call(RawRequest{.method = "DELETE", .target = "/tea"});
    EXPECT_EQ(reply.status, 418);
    EXPECT_EQ(reply.body, "short and stout");
    ASSERT_TRUE(reply.data.outcome);
    EXPECT_EQ(reply.data.outcome->kind, OutcomeKind::rejected);
    EXPECT_FALSE(api.member().call(RawRequest{.target = "/tea"}).data.outcome);
    FakeApi moved("4.1.5", "HTTP/1.0 307 X\r\nLocation: http://evil/\r\n\r\n");
    const auto error = failure_of([&] { moved.member().call(GetCluster{}); });
    EXPECT_EQ(error.kind, ErrorKind::http_status);
    EXPECT_THAT(error.message, HasSubstr("redirects are not followed"));
    EXPECT_EQ(error.server_text, "http://evil/");
}

TEST(Member, JudgesRawWritesByTheTable) {
    FakeApi reloaded("4.1.5", python_answer(202, "reload scheduled", "text/html"));
    MemberOptions options;
    options.user = "admin";
    options.password = Secret("secret");
    const auto reply = reloaded.member(options).call(RawRequest{
        .method = "POST", .target = "//reload/now", .body = "{}", .headers = {{"X-Trace", "7"}}});
    EXPECT_EQ(reply.data.outcome->kind, OutcomeKind::done);
    const auto seen = reloaded.server.requests().back();
    EXPECT_THAT(seen.head, HasSubstr("X-Trace: 7"));
    EXPECT_THAT(seen.head, HasSubstr("Content-Length: 2"));
    EXPECT_THAT(seen.head, HasSubstr("Authorization: Basic YWRtaW46c2VjcmV0"));

    // What nobody knows proves nothing by its 200, and is never said to be refused.
    FakeApi strange("4.1.5", python_answer(200, "sure", "text/html"));
    auto outcome =
        *strange.member().call(RawRequest{.method = "POST", .target = "/tea"}).data.outcome;
    EXPECT_EQ(outcome.kind, OutcomeKind::unknown);
    EXPECT_EQ(outcome.http_status, 200);
    EXPECT_EQ(outcome.server_text, "sure");
    FakeApi old("4.1.5", python_answer(501, "<html>", "text/html;charset=utf-8"));
    EXPECT_EQ(old.member().call(RawRequest{.method = "POST", .target = "/tea"}).data.outcome->kind,
              OutcomeKind::unsupported);
}

TEST(Member, ARawWriteWithoutAnAnswerIsUnknownAndSentOnce) {
    for (const char* target : {"/restart", "/tea"}) {
        FakeApi api("4.1.5", "");  // Closes without a byte.
        const auto reply =
            api.member().call(RawRequest{.method = "POST", .target = target}, {.attempts = 5});
        ASSERT_TRUE(reply.data.outcome);
        EXPECT_EQ(reply.data.outcome->kind, OutcomeKind::unknown);
        EXPECT_EQ(reply.data.outcome->reason, Reason::empty_reply);
        EXPECT_EQ(reply.status, 0);
        EXPECT_EQ(api.server.targets().size(), 1U);
    }
    Member nobody("http://" + closed_port().text());
    EXPECT_EQ(failure_of([&] { nobody.call(RawRequest{.method = "POST"}); }).delivery,
              Delivery::not_sent);
}

TEST(Member, RefusesARawRequestThatWouldBreakTheExchange) {
    FakeApi api("4.1.5", python_answer(200, "x"));
    auto member = api.member();
    for (const auto& request :
         {RawRequest{.target = "patroni"}, RawRequest{.target = "/a b"},
          RawRequest{.method = "GE T"}, RawRequest{.body = "x"},
          RawRequest{.headers = {{"Content-Length", "1"}}},
          RawRequest{.headers = {{"X", "a\r\nY: b"}}}, RawRequest{.headers = {{"A B", "c"}}}}) {
        EXPECT_EQ(failure_of([&] { member.call(request); }).kind, ErrorKind::config);
    }
    EXPECT_TRUE(api.server.targets().empty());
}

TEST(Member, EveryErrorIsOneLineThatNamesMemberCallTimeAndDelivery) {
    const std::string evil = "two\nlines\r\n\x1b[31m";
    for (const auto& answer :
         {std::string(), std::string("garbage\n\n"), python_answer(200, evil),
          python_answer(401, evil), python_answer(500, evil), python_answer(502, evil),
          std::string("HTTP/1.0 307 X\r\nLocation: ") + "http://evil/\x1b[2J" + "\r\n\r\n"}) {
        FakeApi api("4.1.5", answer);
        auto member = api.member();
        const std::pair<const char*, Error> errors[] = {
            {"GET /cluster", failure_of([&] { member.call(GetCluster{}); })},
            {"GET /config", failure_of([&] { member.call(GetConfig{}); })},
            {"GET /metrics", failure_of([&] { member.call(GetMetrics{}); })},
            {"GET /liveness", failure_of([&] { member.call(CheckLiveness{}); })}};
        for (const auto& [call, error] : errors) {
            const std::string line = to_line(error);
            EXPECT_EQ(line.find_first_of("\n\r\x1b"), std::string::npos) << line;
            EXPECT_THAT(line, HasSubstr(api.server.text() + ": " + call));
            EXPECT_EQ(line.find(call), line.rfind(call)) << line;
            EXPECT_THAT(line, ContainsRegex("[(]after [0-9]+ ms[)]"));
            EXPECT_EQ(line.find("may have been sent") != std::string::npos,
                      error.delivery == Delivery::may_have_been_sent);
        }
        const auto outcome = member.call(Reload{}).data;
        EXPECT_NE(outcome.kind, OutcomeKind::done);
        EXPECT_EQ(to_line(outcome).find_first_of("\n\r\x1b"), std::string::npos);
        if (outcome.error) {
            EXPECT_THAT(to_line(outcome), ContainsRegex("POST /reload: .*[(]after [0-9]+ ms[)]"));
        }
    }
    Member nobody(closed_port().text());
    const auto unversioned = failure_of([&] { nobody.call(Switchover{.leader = "pg1"}); });
    EXPECT_THAT(to_line(unversioned), HasSubstr("say its version first: GET /patroni: "));
}

TEST(Member, CallsBackFromTheLoopOnce) {
    FakeApi api("4.1.5", python_answer(202, "reload scheduled", "text/html"));
    Runtime runtime;
    Member member(runtime, {false, api.server.address()});
    int calls = 0;
    member.start(Reload{}, {}, [&](Result<Reply<Outcome>> reply) {
        ++calls;
        EXPECT_EQ(reply->data.kind, OutcomeKind::done);
    });
    EXPECT_EQ(calls, 0);
    runtime.run();
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(failure_of([&] { member.call(Reload{}); }).kind, ErrorKind::config);
    EXPECT_EQ(failure_of([&] { api.member().start(Reload{}, {}, {}); }).kind, ErrorKind::config);
}

TEST(Member, CancelledBeforeItIsSentIsAnErrorAndAfterItUnknown) {
    FakeApi api("4.1.5");
    Runtime runtime;
    Member member(runtime, {false, api.server.address()});
    std::optional<Result<Reply<Outcome>>> early;
    member.start(Restart{}, {}, [&](auto reply) { early = std::move(reply); }).cancel();
    runtime.run();
    ASSERT_TRUE(early.has_value());
    EXPECT_EQ(early->error().kind, ErrorKind::cancelled);
    EXPECT_TRUE(api.server.targets().empty());

    std::optional<Result<Reply<Outcome>>> late;
    auto operation = member.start(Restart{}, {}, [&](auto reply) { late = std::move(reply); });
    std::thread canceller([&] {
        while (api.server.targets().empty()) {
            std::this_thread::sleep_for(milliseconds(1));
        }
        runtime.post([&] { operation.cancel(); });
    });
    runtime.run();
    canceller.join();
    ASSERT_TRUE(late.has_value() && *late);
    EXPECT_EQ((*late)->data.kind, OutcomeKind::unknown);
    EXPECT_EQ((*late)->data.reason, Reason::cancelled);
}

TEST(Member, IsGoneWhileItWaitsForTheNextTry) {
    Runtime runtime;
    std::optional<Member> member;
    MemberOptions options;
    options.trace = [&](std::string_view line) {
        if (line.find("connect_refused") != std::string_view::npos) {
            runtime.post([&] { runtime.post([&] { member.reset(); }); });
        }
    };
    member.emplace(runtime, Origin{false, closed_port()}, options);
    int calls = 0;
    member->start(GetStatus{}, {.timeout = std::chrono::seconds(5), .attempts = 100},
                  [&](const auto&) { ++calls; });
    runtime.run();  // ends, because nothing is tried any more
    EXPECT_EQ(calls, 0);
    EXPECT_FALSE(member.has_value());
}

TEST(Member, MayBeUsedByThreadsThatWaitForEachOther) {
    FakeApi api("4.1.5");
    auto member = api.member();
    std::atomic<int> answered = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 5; ++j) {
                answered += member.call(GetStatus{}).data.name == "pg1" ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(answered, 20);
}

}  // namespace
}  // namespace patroni::testing
