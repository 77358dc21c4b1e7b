// What became of a write: every answer that real servers gave, and the ways to get none.
#include "rest/outcome.hpp"

#include "support/recordings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace patroni::testing {
namespace {

using ::testing::HasSubstr;
using enum OutcomeKind;

struct Expected {
    OutcomeKind kind;
    Reason reason;
};

/// By the server's text; names in quotes are left out.
const std::map<std::string_view, Expected>& by_text() {
    static const std::map<std::string_view, Expected> expected = {
        {"scheduled restart deleted", {done, Reason::none}},
        {"no restarts are scheduled", {rejected, Reason::nothing_to_do}},
        {"scheduled switchover deleted", {done, Reason::none}},
        {"no switchover is scheduled", {rejected, Reason::nothing_to_do}},
        {"no auth header received", {rejected, Reason::not_authenticated}},
        {"not authenticated", {rejected, Reason::not_authenticated}},
        {"Access is denied", {rejected, Reason::access_denied}},
        {"client certificate required", {rejected, Reason::certificate_required}},
        {"OK", {done, Reason::none}},
        {"Accepted", {done, Reason::none}},
        {"Running as a leader", {rejected, Reason::is_leader}},
        {"shutdown scheduled", {done, Reason::none}},
        {"reload scheduled", {done, Reason::none}},
        {"reinitialize scheduled", {done, Reason::none}},
        {"reinitialize started", {done, Reason::none}},
        {"bootstrap from leader 'node1' already in progress", {rejected, Reason::busy}},
        {"reinitialize already in progress", {rejected, Reason::busy}},
        {"I am the leader, can not reinitialize", {rejected, Reason::is_leader}},
        {"restarted successfully", {done, Reason::none}},
        {"Restart scheduled", {scheduled, Reason::none}},
        {"Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 9.5.2.7",
         {rejected, Reason::bad_request}},
        {"Invalid PostgreSQL version: 1.x", {rejected, Reason::bad_request}},
        {"PostgreSQL role should be either master or replica", {rejected, Reason::bad_request}},
        {"PostgreSQL role should be either primary or replica", {rejected, Reason::bad_request}},
        {"PostgreSQL role should be either primary, standby_leader, or replica",
         {rejected, Reason::bad_request}},
        {"Timeout should be a positive number of seconds", {rejected, Reason::bad_request}},
        {"Timezone information is mandatory for the scheduled restart",
         {rejected, Reason::bad_time}},
        {"Timezone information is mandatory for the scheduled switchover",
         {rejected, Reason::bad_time}},
        {"Timezone information is mandatory for scheduled_at", {rejected, Reason::bad_time}},
        {"Unknown filter for the scheduled restart: foo", {rejected, Reason::bad_request}},
        {"Another restart is already scheduled", {rejected, Reason::already_scheduled}},
        {"Cannot schedule restart in the past", {rejected, Reason::time_in_past}},
        {"Cannot schedule switchover in the past", {rejected, Reason::time_in_past}},
        {"Cannot schedule failover in the past", {rejected, Reason::time_in_past}},
        {"Unable to parse scheduled timestamp. It should be in an unambiguous format, e.g. ISO "
         "8601",
         {rejected, Reason::bad_time}},
        {"Can't schedule restart in the paused state", {rejected, Reason::paused}},
        {"Can't schedule switchover in the paused state", {rejected, Reason::paused}},
        {"restart conditions are not satisfied", {rejected, Reason::conditions_not_met}},
        {"restart failed", {rejected, Reason::restart_failed}},
        {"Switchover scheduled", {scheduled, Reason::none}},
        {"Failover scheduled", {scheduled, Reason::none}},
        {"Switchover failed", {rejected, Reason::switchover_failed}},
        {"Failover failed", {rejected, Reason::switchover_failed}},
        {"Failover can't be scheduled", {rejected, Reason::not_schedulable}},
        {"Failover could be performed only to a specific candidate",
         {rejected, Reason::candidate_required}},
        {"Switchover is possible only to a specific candidate in a paused state",
         {rejected, Reason::candidate_required}},
        {"Switchover could be performed only from a specific leader",
         {rejected, Reason::leader_required}},
        {"Scheduled failover is possible only from a specific leader",
         {rejected, Reason::leader_required}},
        {"No values given for required parameters leader and candidate",
         {rejected, Reason::leader_required}},
        {"Switchover target and source are the same", {rejected, Reason::same_member}},
        {"candidate does not exists", {rejected, Reason::candidate_unknown}},
        {"candidate name does not match with sync_standby", {rejected, Reason::candidate_not_sync}},
        {"leader name does not match", {rejected, Reason::leader_mismatch}},
        {"switchover is not possible: can not find sync_standby",
         {rejected, Reason::no_sync_standby}},
        {"switchover is not possible: no good candidates have been found",
         {rejected, Reason::no_candidate}},
        {"failover is not possible: no good candidates have been found",
         {rejected, Reason::no_candidate}},
    };
    return expected;
}

Expected expected_of(std::string_view method, std::string_view path, int status,
                     const std::string& body) {
    if (body.starts_with("Successfully ")) {
        return {done, Reason::none};
    }
    if (body.starts_with('{')) {
        return {done, Reason::none};
    }
    if (!body.starts_with('<')) {
        const auto found = by_text().find(body);
        EXPECT_NE(found, by_text().end()) << method << ' ' << path << ": " << body;
        return found == by_text().end() ? Expected{unknown, Reason::none} : found->second;
    }
    if (status == 501) {
        return {unsupported, Reason::none};
    }
    if (status == 502) {  // POST /failsafe
        return {rejected, Reason::conditions_not_met};
    }
    EXPECT_TRUE(status == 400 || status == 411) << status;
    // A malformed reinitialize is refused and started.
    return {path == "/reinitialize" ? unknown : rejected, Reason::bad_request};
}

protocol::Response response_of(const Value& line) {
    protocol::Response response;
    response.status = static_cast<int>(*line.find("status")->if_int());
    response.body = *line.find("body")->if_string();
    for (const Value& header : *line.find("headers")->if_array()) {
        const auto& pair = *header.if_array();
        response.headers.emplace_back(*pair[0].if_string(), *pair[1].if_string());
    }
    return response;
}

protocol::Response text_response(int status, std::string body) {
    return {status, "X", {{"Content-Type", "text/html"}}, std::move(body)};
}

Outcome judge_text(std::string_view method, std::string_view path, int status, std::string body) {
    return rest::judge(*find_capability(method, path), text_response(status, std::move(body)));
}

TEST(Outcome, OfEveryRecordedWriteIsKnown) {
    std::set<std::string> paths;
    int count = 0;
    for (const Value& line : recorded_writes()) {
        const std::string& method = *line.find("method")->if_string();
        const std::string path =
            line.find("path")->if_string()->substr(0, line.find("path")->if_string()->find('?'));
        const Capability* row = find_capability(method, path);
        if (row == nullptr || line.find("status")->is_null()) {
            continue;
        }
        SCOPED_TRACE(*line.find("patroni")->if_string() + ' ' + *line.find("name")->if_string());
        const auto response = response_of(line);
        const Outcome outcome = rest::judge(*row, response);
        const Expected expected = expected_of(method, path, response.status, response.body);
        EXPECT_EQ(outcome.kind, expected.kind) << to_line(outcome);
        EXPECT_EQ(outcome.reason, expected.reason) << to_line(outcome);
        EXPECT_EQ(outcome.http_status, response.status);
        EXPECT_EQ(outcome.config.is_null(), !response.body.starts_with('{'));
        EXPECT_EQ(outcome.new_leader.has_value(), response.body.starts_with("Successfully"));
        paths.insert(method + path);
        ++count;
    }
    EXPECT_EQ(paths.size(), 13U);
    EXPECT_GT(count, 300);
}

TEST(Outcome, NamesTheNewLeader) {
    auto outcome = judge_text("POST", "/switchover", 200, R"(Successfully switched over to "a"b")");
    EXPECT_EQ(outcome.kind, done);
    EXPECT_EQ(outcome.new_leader, "a\"b");
    EXPECT_TRUE(outcome.as_asked());

    outcome = judge_text("POST", "/switchover", 200, R"(Switched over to "pg3" instead of "pg2")");
    EXPECT_EQ(outcome.kind, done);
    EXPECT_EQ(outcome.reason, Reason::other_member_won);
    EXPECT_EQ(outcome.new_leader, "pg3");
    EXPECT_FALSE(outcome.as_asked());

    outcome = judge_text("POST", "/failover", 200, R"(Failed over to "pg3" instead of "pg2")");
    EXPECT_EQ(outcome.reason, Reason::other_member_won);
    EXPECT_EQ(outcome.new_leader, "pg3");
}

TEST(Outcome, IsUnknownWherePatroniLostSightOfIt) {
    for (const char* text :
         {"Switchover status unknown", "Failover status unknown",
          "Switchover status unknown after 20 seconds; operation may still be in progress"}) {
        const auto outcome = judge_text("POST", "/switchover", 503, text);
        EXPECT_EQ(outcome.kind, unknown) << text;
        EXPECT_EQ(outcome.reason, Reason::status_unknown) << text;
        EXPECT_EQ(outcome.server_text, text);
    }
    EXPECT_EQ(judge_text("POST", "/restart", 503, "postgres is still starting").kind, unknown);
}

TEST(Outcome, OfTextsThatNoRecordingHas) {
    const auto expect = [](std::string_view method, std::string_view path, int status,
                           const char* text, OutcomeKind kind, Reason reason) {
        const auto outcome = judge_text(method, path, status, text);
        EXPECT_EQ(outcome.kind, kind) << text;
        EXPECT_EQ(outcome.reason, reason) << text;
    };
    expect("POST", "/switchover", 412,
           "switchover is not possible: cluster does not have members except leader", rejected,
           Reason::no_other_member);
    // Seen with 4.1.5 and a store that was frozen for a second: the switchover came afterwards.
    expect("POST", "/failover", 503, "failed to write switchover/failover key into DCS", unknown,
           Reason::write_failed);
    expect("POST", "/failover", 503, "failed to write failover key into DCS", unknown,
           Reason::write_failed);
    expect("POST", "/reload", 200, "nothing changed", done, Reason::nothing_changed);
    expect("POST", "/reload", 500, "[Errno 2] No such file", rejected, Reason::unrecognized);
    expect("POST", "/reinitialize", 503, "Cluster has no leader, can not reinitialize", rejected,
           Reason::no_leader);
    expect("POST", "/restart", 400, "PostgreSQL version should be in the first.major.minor format",
           rejected, Reason::bad_request);
    // Seen with 4.1.5 and a store that was frozen for 4.5 s: the value was written afterwards.
    expect("PATCH", "/config", 409, "", unknown, Reason::conflict);
    expect("PUT", "/config", 502, "", unknown, Reason::write_failed);
    expect("PATCH", "/config", 503, "", rejected, Reason::no_config);
    expect("DELETE", "/switchover", 409, "", unknown, Reason::conflict);
}

TEST(Outcome, OnlyARejectionSaysRefused) {
    for (const auto& outcome : {judge_text("POST", "/reload", 200, "nothing changed"),
                                judge_text("POST", "/reload", 202, "reload scheduled"),
                                judge_text("POST", "/restart", 503, "postgres is still starting"),
                                judge_text("POST", "/failover", 503, "failed to write failover")}) {
        EXPECT_NE(outcome.kind, rejected);
        EXPECT_THAT(outcome.message, Not(HasSubstr("refused")));
    }
    EXPECT_EQ(judge_text("POST", "/switchover", 412, "leader name does not match").message,
              "refused");
}

TEST(Outcome, OfWordsThatNobodyKnows) {
    // A success in words that are not Patroni's proves nothing, and neither does a gateway's error.
    EXPECT_EQ(judge_text("POST", "/restart", 200, "welcome to nginx").kind, unknown);
    EXPECT_EQ(judge_text("POST", "/switchover", 502, "bad gateway").kind, unknown);
    EXPECT_EQ(judge_text("POST", "/switchover", 200, "Switchover failed").kind, unknown);
    EXPECT_EQ(judge_text("PATCH", "/config", 200, "[1]").kind, unknown);
    EXPECT_EQ(judge_text("POST", "/restart", 413, "too large").kind, rejected);
    const auto redirect = judge_text("POST", "/restart", 307, "");
    EXPECT_EQ(redirect.kind, rejected);
    EXPECT_THAT(redirect.message, HasSubstr("redirects are not followed"));
}

TEST(Outcome, OfTheSecondAnswerBehindTheFirst) {
    // Patroni 1.1 to 1.3, a scheduled failover in maintenance mode.
    const auto outcome =
        judge_text("POST", "/failover", 500,
                   "Can't schedule failover in the paused stateHTTP/1.0 202 Accepted\r\n"
                   "Server: BaseHTTP/0.6 Python/3.5.3\r\nContent-Type: text/html\r\n\r\n"
                   "Failover scheduled");
    EXPECT_EQ(outcome.kind, scheduled);
    EXPECT_EQ(outcome.http_status, 202);
    EXPECT_THAT(outcome.server_text, HasSubstr("paused state"));
}

Error lost(ErrorKind kind, std::error_code code = {}) {
    Error error;
    error.kind = kind;
    error.code = code;
    error.endpoint = "http://10.0.0.1:8008";
    error.delivery = Delivery::may_have_been_sent;
    return error;
}

TEST(Outcome, WithoutAnAnswerIsUnknownAndSaysWhatToDo) {
    const auto expect = [](Error error, Reason reason) {
        const auto outcome = rest::judge(*find_capability("POST", "/switchover"), std::move(error));
        EXPECT_EQ(outcome.kind, unknown);
        EXPECT_EQ(outcome.reason, reason) << to_line(outcome);
        EXPECT_EQ(outcome.http_status, 0);
        ASSERT_TRUE(outcome.error.has_value());
        EXPECT_THAT(to_line(outcome), HasSubstr("ask GET /cluster who leads"));
        EXPECT_THAT(to_line(outcome), HasSubstr("http://10.0.0.1:8008"));
    };
    expect(lost(ErrorKind::reset), Reason::empty_reply);
    expect(lost(ErrorKind::reset, std::make_error_code(std::errc::connection_reset)),
           Reason::connection_lost);
    expect(lost(ErrorKind::timeout), Reason::no_answer);
    expect(lost(ErrorKind::cancelled), Reason::cancelled);

    const auto reload = rest::judge(*find_capability("POST", "/reload"), lost(ErrorKind::timeout));
    EXPECT_THAT(reload.message, HasSubstr("it can be repeated"));
    const auto restart =
        rest::judge(*find_capability("POST", "/restart"), lost(ErrorKind::timeout));
    EXPECT_THAT(restart.message, HasSubstr("before it is repeated"));
}

TEST(Outcome, LineEscapesWhatTheServerSaid) {
    const auto outcome = judge_text("POST", "/restart", 503, "evil\x1b[31m already in progress");
    EXPECT_EQ(outcome.reason, Reason::busy);
    EXPECT_EQ(to_line(outcome),
              "rejected (busy): the member is busy with something else; try again when that has "
              "ended: \"evil\\x1b[31m already in progress\"");
}

}  // namespace
}  // namespace patroni::testing
