// patctl api and health on simulated clusters.
#include "codec/json.hpp"
#include "support/scripted_server.hpp"
#include "unit/patctl/command_line.hpp"

#include <patroni/simulator.hpp>
#include <patroni/value.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

namespace patroni::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

class MemberCommands : public ::testing::Test {
protected:
    MemberCommands() {
        sim_.add_cluster({.scope = "robin", .members = {"db1", "db2", "db3"}});
        std::filesystem::create_directories(folder_);
    }
    ~MemberCommands() override { std::filesystem::remove_all(folder_); }

    Words with_source(Words words) const {
        for (const auto& word :
             {std::string("--etcd3"), sim_.etcd().text(), std::string("robin")}) {
            words.push_back(word);
        }
        return words;
    }
    std::string file(const std::string& name, const std::string& content) const {
        const auto path = folder_ / name;
        std::ofstream(path) << content;
        return path.string();
    }
    static Value document(const Printed& printed) { return codec::parse_json(printed.out).value(); }

    Simulator sim_;
    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("patctl-test-" + std::to_string(::getpid()));
};

TEST_F(MemberCommands, ApiPrintsTheAnswerAsItCame) {
    const auto printed = patctl(with_source({"api", "GET", "/cluster"}));
    EXPECT_EQ(printed.code, 0) << printed.err;
    EXPECT_THAT(printed.out, AllOf(StartsWith("{\"members\": ["), Not(HasSubstr("\n"))));
    EXPECT_THAT(printed.err, IsEmpty());
    const auto lower = patctl(with_source({"api", "get", "/history"}));
    EXPECT_EQ(lower.code, 0) << lower.err;
}

TEST_F(MemberCommands, ApiDecodesForPrograms) {
    const auto printed =
        patctl(with_source({"api", "GET", "/patroni", "--member", "db2", "-fjson"}));
    EXPECT_EQ(printed.code, 0) << printed.err;
    const Value answer = document(printed);
    EXPECT_EQ(*answer.find("format"), "patroni.api/1");
    EXPECT_EQ(*answer.find("member"), "db2");
    EXPECT_EQ(*answer.find("status"), 200);
    EXPECT_EQ(*answer.find("body")->find("role"), "replica");
    EXPECT_TRUE(answer.find("outcome")->is_null());
}

TEST_F(MemberCommands, ApiWritesOnceAndTellsTheOutcome) {
    const auto body = file("patch.json", R"({"loop_wait": 5})");
    const auto printed =
        patctl(with_source({"api", "PATCH", "/config", "--data", body, "-f", "json"}));
    EXPECT_EQ(printed.code, 0) << printed.err;
    EXPECT_EQ(*document(printed).find("outcome")->find("kind"), "done");
    EXPECT_THAT(patctl(with_source({"api", "GET", "/config"})).out, HasSubstr("\"loop_wait\": 5"));

    const auto refused = patctl(with_source({"api", "POST", "/reinitialize", "--member", "db1"}));
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.err, HasSubstr("rejected (is_leader)"));
    EXPECT_THAT(refused.out, HasSubstr("I am the leader"));
}

TEST_F(MemberCommands, ApiSaysThatAnOutcomeIsUnknown) {
    ScriptedServer closing([](const SeenRequest&) { return std::string(); });
    const auto printed = patctl({"api", "POST", "/restart", "--members", closing.text()});
    EXPECT_EQ(printed.code, 4);
    EXPECT_THAT(printed.err, HasSubstr("unknown (empty_reply)"));
    EXPECT_EQ(closing.targets().size(), 1U);
    const auto nobody = patctl({"api", "POST", "/restart", "--members", closed_port().text()});
    EXPECT_EQ(nobody.code, 5);
    EXPECT_THAT(nobody.err, HasSubstr("connect_refused"));
}

std::string host_of(const SeenRequest& request) {
    const auto begin = request.head.find("Host: ") + 6;
    return request.head.substr(begin, request.head.find("\r\n", begin) - begin);
}

TEST_F(MemberCommands, TheTimeIsForSourceAndMemberTogether) {
    ScriptedServer seed([](const SeenRequest& request) -> std::optional<std::string> {
        if (request.target == "/cluster") {
            std::this_thread::sleep_for(std::chrono::milliseconds(500));
            return python_answer(200, R"({"members": [{"name": "pg1", "role": "leader", "state":)"
                                      R"( "running", "api_url": "http://)" +
                                          host_of(request) + R"(/patroni"}]})");
        }
        return std::nullopt;  // Silent.
    });
    for (const Words& words :
         {Words{"api", "GET", "/config"}, Words{"health", "pg1", "/primary"}}) {
        Words all = words;
        for (const std::string& word :
             {std::string("--api"), seed.text(), std::string("--timeout"), std::string("1")}) {
            all.push_back(word);
        }
        const auto start = std::chrono::steady_clock::now();
        const auto printed = patctl(all);
        EXPECT_EQ(printed.code, 5) << printed.err;
        EXPECT_THAT(printed.err, HasSubstr("timeout"));
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(1350));
    }
}

TEST_F(MemberCommands, ApiWantsAMemberForWhatIsAboutOne) {
    const auto restart = patctl(with_source({"api", "POST", "/restart"}));
    EXPECT_EQ(restart.code, 2);
    EXPECT_THAT(restart.err, AllOf(HasSubstr("--member"), HasSubstr("db1, db2, db3")));
    EXPECT_EQ(patctl(with_source({"api", "GET", "/patroni"})).code, 2);
    const auto wrong = patctl(with_source({"api", "GET", "/patroni", "--member", "db9"}));
    EXPECT_EQ(wrong.code, 2);
    EXPECT_THAT(wrong.err, HasSubstr("no member db9; there are: db1, db2, db3"));
}

TEST_F(MemberCommands, ApiFailsOnAnAnswerThatRefuses) {
    const auto printed = patctl(with_source({"api", "GET", "/replica", "--member", "db1"}));
    EXPECT_EQ(printed.code, 1);
    EXPECT_THAT(printed.out, StartsWith("{\"state\": \"running\""));
    EXPECT_THAT(printed.err, HasSubstr("HTTP 503"));
}

TEST_F(MemberCommands, ApiAuthenticatesWrites) {
    ScriptedServer api([](const SeenRequest&) { return python_answer(202, "reload scheduled"); });
    const auto password = file("password", "secret\n");
    const auto printed = patctl({"api", "POST", "/reload", "--members", api.text(), "--api-user",
                                 "admin", "--api-password-file", password, "-vv"});
    EXPECT_EQ(printed.code, 0) << printed.err;
    EXPECT_THAT(api.requests().at(0).head, HasSubstr("Basic YWRtaW46c2VjcmV0"));
    EXPECT_THAT(printed.err, Not(AnyOf(HasSubstr("secret"), HasSubstr("YWRtaW46c2VjcmV0"))));

    const auto config =
        file("patroni.yml", "scope: robin\netcd3: {hosts: [\"" + sim_.etcd().text() +
                                "\"]}\nrestapi:\n  authentication:\n"
                                "    username: admin\n    password: secret\n");
    EXPECT_EQ(patctl({"api", "POST", "/reload", "--member", "db1", "-c", config}).code, 0);
}

TEST_F(MemberCommands, WrongCommandLinesAreRefusedBeforeAnythingIsAsked) {
    const struct {
        Words words;
        const char* says;
    } table[] = {
        {{"api"}, "METHOD and PATH"},
        {{"api", "GET"}, "METHOD and PATH"},
        {{"health", "db1"}, "MEMBER and PATH"},
        {{"api", "GET", "patroni", "--api", "x"}, "begins with a slash"},
        {{"api", "PUT", "/config", "--data", "/nonexistent", "--api", "x"}, "No such file"},
        {{"api", "POST", "/reload", "--api-password-file", "x", "--api", "x"}, "needs --api-user"},
        {{"api", "POST", "/reload", "--api-user", "x", "--api", "x"}, "no terminal to ask"},
        {{"status", "--data", "x", "--api", "x"}, "belongs to the api command"},
        {{"health", "db1", "/replica", "--member", "x"}, "belongs to the api command"},
        {{"health", "db1", "replica", "--api", "x"}, "begins with a slash"},
    };
    for (const auto& row : table) {
        const auto printed = patctl(row.words);
        EXPECT_EQ(printed.code, 2) << ::testing::PrintToString(row.words);
        EXPECT_THAT(printed.err, HasSubstr(row.says));
    }
}

TEST_F(MemberCommands, HealthExplainsTheAnswer) {
    auto printed = patctl(with_source({"health", "db2", "/replica?lag=1MB", "-fpretty"}));
    EXPECT_EQ(printed.code, 0) << printed.err << printed.out;
    EXPECT_THAT(printed.out, AllOf(StartsWith("200  well      /replica?lag=1MB of db2"),
                                   HasSubstr("yes  its role is replica"),
                                   HasSubstr("1.0 MB of the leader's log"), Not(HasSubstr("!"))));
    printed = patctl(with_source({"health", "db1", "/replica", "-fpretty"}));
    EXPECT_EQ(printed.code, 1);
    EXPECT_THAT(printed.out, AllOf(StartsWith("503  not well"), HasSubstr("NO   its role is")));
}

TEST_F(MemberCommands, HealthOfEveryCheckAgreesWithTheMember) {
    sim_.lag("db3", 4096);
    for (const char* version : {"4.1", "3.3", "2.1", "1.6", "0.90"}) {
        const std::string scope = "v" + std::string(version);
        sim_.add_cluster(
            {.scope = scope, .patroni_version = version, .members = {scope + "a", scope + "b"}});
        for (const std::string member : {"a", "b"}) {
            for (const char* path :
                 {"/", "/primary", "/leader", "/standby-leader", "/replica", "/replica?lag=1MB",
                  "/read-only", "/read-write", "/health", "/sync", "/async", "/quorum",
                  "/read-only-sync", "/read-only-quorum", "/replica?tag_zone=a", "/foo"}) {
                const auto printed = patctl(
                    {"health", sim_.api(scope + member).text(), path, "--members",
                     sim_.api(scope + "a").text() + "," + sim_.api(scope + "b").text(), "-fjson"});
                const Value answer = document(printed);
                EXPECT_EQ(*answer.find("agrees"), true)
                    << version << ' ' << member << ' ' << path << '\n'
                    << printed.out;
                EXPECT_EQ(printed.code, *answer.find("status") == 200 ? 0 : 1);
            }
        }
    }
}

TEST_F(MemberCommands, HealthShowsADisagreement) {
    ScriptedServer liar([](const SeenRequest& request) {
        const bool asked = request.target == "/replica";
        return python_answer(asked                          ? 200
                             : request.target == "/patroni" ? 200
                                                            : 503,
                             R"({"state": "stopped", "role": "replica", "patroni": )"
                             R"({"version": "1.5.6", "scope": "demo"}})");
    });
    // Before 1.6.1 the state is not looked at, so the member is right to say 200 ...
    auto printed =
        patctl({"health", liar.text(), "/replica", "--members", liar.text(), "-fpretty"});
    EXPECT_EQ(printed.code, 0);
    EXPECT_THAT(printed.out, HasSubstr("does not look whether"));
    // ... and a later one is not.
    ScriptedServer later([](const SeenRequest& request) {
        return python_answer(request.target == "/cluster" ? 503 : 200,
                             R"({"state": "stopped", "role": "replica", "patroni": )"
                             R"({"version": "4.1.4", "scope": "demo", "name": "x"}})");
    });
    printed = patctl({"health", later.text(), "/replica", "--members", later.text(), "-fpretty"});
    EXPECT_EQ(printed.code, 0);
    EXPECT_THAT(printed.out, HasSubstr("! by these facts it should be 503"));
}

TEST_F(MemberCommands, HealthRefusesWhatIsNoHealthCheck) {
    const auto printed = patctl(with_source({"health", "db1", "/cluster"}));
    EXPECT_EQ(printed.code, 2);
    EXPECT_THAT(printed.err, HasSubstr("is no health check"));
    EXPECT_EQ(patctl({"health", "x", "/", "--members", closed_port().text()}).code, 2);
    const auto address = closed_port().text();
    EXPECT_EQ(patctl({"health", address, "/", "--members", address}).code, 5);
}

TEST_F(MemberCommands, HostileTextDoesNotReachTheTerminal) {
    ScriptedServer hostile([](const SeenRequest&) {
        return python_answer(
            200, R"({"state": "\u001b[2Jx", "role": "replica", "tags": {"zone": "\u001b]0;x"},)"
                 R"( "patroni": {"version": "4.1.4", "scope": "demo", "name": "\u001b[31m"}})");
    });
    for (const auto& words :
         {Words{"health", hostile.text(), "/replica?tag_zone=a", "--members", hostile.text(),
                "-fpretty"},
          Words{"api", "GET", "/patroni", "--members", hostile.text(), "-fpretty"}}) {
        const auto printed = patctl(words);
        EXPECT_THAT(printed.out, Not(HasSubstr("\x1b")));
        EXPECT_THAT(printed.err, Not(HasSubstr("\x1b")));
    }
    ScriptedServer raw([](const SeenRequest&) { return python_answer(200, "a\x1b[2Jb"); });
    EXPECT_EQ(patctl({"api", "GET", "/patroni", "--members", raw.text(), "-fpretty"}).out,
              "a\\x1b[2Jb\n");
    EXPECT_EQ(patctl({"api", "GET", "/patroni", "--members", raw.text()}).out, "a\x1b[2Jb");
}

}  // namespace
}  // namespace patroni::testing
