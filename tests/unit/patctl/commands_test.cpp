// Whole command lines on simulated clusters: what is printed and with which exit code it ends.
#include "codec/json.hpp"
#include "support/scripted_server.hpp"
#include "unit/patctl/command_line.hpp"

#include <patroni/simulator.hpp>
#include <patroni/value.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

/// A cluster of 0.90 with registrator's keys, and one of 4.1 in etcd v3.
class Commands : public ::testing::Test {
protected:
    Commands() {
        sim_.add_cluster({.scope = "batman", .patroni_version = "0.90"});
        sim_.register_in_etcd("dingo-postgresql95");
        sim_.add_cluster({.scope = "robin", .members = {"db1", "db2", "db3"}});
    }

    Words registrator(const std::string& command) const {
        return {command, "--registrator",
                "etcd://" + sim_.etcd().text() + "/dingo-postgresql95-8008"};
    }
    Words etcd3(const std::string& command) const {
        return {command, "--etcd3", sim_.etcd().text(), "robin"};
    }
    static Words with(Words words, const Words& more) {
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    Simulator sim_;
};

TEST_F(Commands, EverySourceFindsItsMembers) {
    const auto etcd = sim_.etcd().text();
    const struct {
        Words source;
        std::vector<std::string> names;
    } table[] = {
        {{"--registrator", "etcd://" + etcd + "/dingo-postgresql95-8008"}, {"pg1", "pg2", "pg3"}},
        {{"--etcd", etcd}, {"pg1", "pg2", "pg3"}},
        {{"--etcd", etcd, "batman"}, {"pg1", "pg2", "pg3"}},
        {{"--etcd3", etcd}, {"db1", "db2", "db3"}},
        {{"--etcd3", etcd, "robin"}, {"db1", "db2", "db3"}},
        {{"--api", "http://" + sim_.api("db2").text()}, {"db1", "db2", "db3"}},
        {{"--members", sim_.api("db1").text() + "," + sim_.api("db2").text()},
         {sim_.api("db1").text(), sim_.api("db2").text()}},
    };
    for (const auto& row : table) {
        const auto printed = patctl(with({"discover", "-fjson"}, row.source));
        EXPECT_EQ(printed.code, 0) << printed.err;
        const auto document = codec::parse_json(printed.out).value();
        std::vector<std::string> names;
        for (const auto& member : *document.find("members")->if_array()) {
            names.push_back(*member.find("name")->if_string());
        }
        EXPECT_THAT(names, ::testing::UnorderedElementsAreArray(row.names))
            << ::testing::PrintToString(row.source);
        const auto status = patctl(with({"status", "-fpretty"}, row.source));
        EXPECT_EQ(status.code, 0) << status.err << status.out;
        EXPECT_THAT(status.out, ::testing::ContainsRegex("leader (pg1|db1) writable"));
    }
}

TEST_F(Commands, TheStoryOf090) {
    auto printed = patctl(with(registrator("status"), {"-fpretty"}));
    EXPECT_EQ(printed.code, 0);
    EXPECT_THAT(printed.out, StartsWith("OK  batman  leader pg1 writable; 2 of 2 replicas well"));
    sim_.kill("pg1");
    printed = patctl(with(registrator("status"), {"-fpretty"}));
    EXPECT_EQ(printed.code, 3);
    EXPECT_THAT(printed.out, AllOf(StartsWith("NO LEADER  batman"), HasSubstr("pg1")));
    sim_.expire();
    sim_.promote("pg2");
    printed = patctl(with(registrator("status"), {"-fpretty"}));
    EXPECT_EQ(printed.code, 3);
    EXPECT_THAT(printed.out, StartsWith("DEGRADED  batman  leader pg2 writable; 1 of 2"));
}

TEST_F(Commands, CheckTellsTheVerdict) {
    const auto check = [&] { return patctl(with(etcd3("status"), {"--check"})).code; };
    EXPECT_EQ(check(), 0);
    sim_.silence("db3");
    EXPECT_EQ(patctl(with(etcd3("status"), {"--check", "--timeout", "500ms"})).code, 1);
    sim_.silence("db3", false);
    sim_.kill("db1");
    sim_.expire();
    EXPECT_EQ(check(), 2);
    for (const auto* member : {"db2", "db3"}) {
        sim_.kill(member);
    }
    EXPECT_EQ(check(), 3);
    EXPECT_EQ(patctl({"status", "--api", closed_port().text(), "--check"}).code, 3);
}

TEST_F(Commands, ExitCodesSayHowMuchAnswered) {
    EXPECT_EQ(patctl(etcd3("status")).code, 0);
    sim_.kill("db2");
    EXPECT_EQ(patctl(etcd3("status")).code, 3) << "some";
    sim_.kill("db1");
    sim_.kill("db3");
    EXPECT_EQ(patctl(etcd3("status")).code, 5) << "none";
    EXPECT_EQ(patctl(etcd3("discover")).code, 0) << "the list itself was read";
}

TEST_F(Commands, ASourceThatCannotBeReadIsFiveAndOnStderr) {
    const auto closed = closed_port().text();
    const struct {
        Words source;
        const char* kind;
    } table[] = {
        {{"--etcd3", closed}, "connect_refused"},
        {{"--etcd", closed}, "connect_refused"},
        {{"--registrator", "etcd://" + closed + "/d-8008"}, "connect_refused"},
        {{"--api", closed}, "connect_refused"},
        {{"--etcd3", sim_.etcd().text(), "nosuch"}, "not_found"},
        {{"--registrator", "etcd://" + sim_.etcd().text() + "/nosuch-8008"}, "not_found"},
        {{"--api", sim_.etcd().text()}, "http_status"},
    };
    for (const auto& row : table) {
        for (const auto* command : {"discover", "status"}) {
            const auto printed = patctl(with({command}, row.source));
            EXPECT_EQ(printed.code, 5) << printed.err;
            EXPECT_EQ(printed.out, "");
            EXPECT_THAT(printed.err, StartsWith("patctl: " + std::string(row.kind) + ": http://"));
            EXPECT_EQ(std::count(printed.err.begin(), printed.err.end(), '\n'), 1);
        }
    }
}

TEST_F(Commands, ADocumentIsPrintedAlsoWhenTheSourceCannotBeRead) {
    for (const auto* command : {"discover", "status"}) {
        const auto printed = patctl({command, "--api", closed_port().text(), "-fjson"});
        EXPECT_EQ(printed.code, 5);
        const auto document = codec::parse_json(printed.out);
        ASSERT_TRUE(document) << printed.out;
        const auto& problems = *document->find("problems")->if_array();
        ASSERT_EQ(problems.size(), 1U);
        EXPECT_EQ(*problems[0].find("kind"), Value("connect_refused"));
        EXPECT_THAT(printed.err, HasSubstr("connect_refused"));
    }
}

TEST_F(Commands, WhatCouldBeReadIsStillPrinted) {
    sim_.put(SimulatedStore::etcd2, "/dingo-postgresql95-8008/h:cf-x:8008", "not an address");
    auto printed = patctl(registrator("discover"));
    EXPECT_EQ(printed.code, 3);
    EXPECT_THAT(printed.out, AllOf(HasSubstr("pg1\t"), HasSubstr("pg2\t"), HasSubstr("pg3\t")));
    EXPECT_THAT(printed.err, HasSubstr("/dingo-postgresql95-8008/h:cf-x:8008"));
    printed = patctl(registrator("status"));
    EXPECT_EQ(printed.code, 3);
    EXPECT_THAT(printed.out, HasSubstr("\tok\tpg1\tprimary\t"));
}

TEST_F(Commands, PrettyIsForTerminalsAndTsvForPrograms) {
    EXPECT_THAT(patctl(etcd3("status")).out, StartsWith("scope\tsystem_identifier\t"));
    EXPECT_THAT(
        patctl(etcd3("status"), {.out_is_terminal = true, .variables = {{"NO_COLOR", "1"}}}).out,
        StartsWith("OK  robin"));
    EXPECT_THAT(patctl(etcd3("status"), {.out_is_terminal = true}).out, HasSubstr("\x1b[1;32mOK"));
    EXPECT_THAT(patctl(with(etcd3("status"), {"-ftsv"}), {.out_is_terminal = true}).out,
                StartsWith("scope\t"));
    EXPECT_THAT(patctl(with(etcd3("discover"), {"-fyaml"})).out,
                StartsWith("format: patroni.discover/1\n"));
}

TEST_F(Commands, AScopeChoosesAmongWhatTheMembersSay) {
    const auto all = sim_.api("pg1").text() + "," + sim_.api("db1").text();
    auto printed = patctl({"status", "--members", all});
    EXPECT_THAT(printed.out, AllOf(HasSubstr("batman\t"), HasSubstr("robin\t")));
    printed = patctl({"status", "--members", all, "robin"});
    EXPECT_THAT(printed.out, AllOf(Not(HasSubstr("batman\t")), HasSubstr("robin\t")));
    printed = patctl({"status", "--members", all, "nosuch"});
    EXPECT_EQ(printed.code, 5);
}

TEST_F(Commands, WaitingIsToldOnATerminal) {
    sim_.silence("db3");
    const auto words = with(etcd3("status"), {"--timeout", "700ms"});
    EXPECT_THAT(patctl(words, {.err_is_terminal = true}).err, HasSubstr("waiting for db3\n"));
    EXPECT_THAT(patctl(words).err, IsEmpty());
}

TEST_F(Commands, ASeedOf090IsTheOnlyMember) {
    const auto printed = patctl({"status", "--api", sim_.api("pg1").text(), "-fpretty"});
    EXPECT_EQ(printed.code, 0);
    EXPECT_THAT(printed.out, AllOf(StartsWith("OK  batman  leader"), HasSubstr("no replica"),
                                   HasSubstr("0.90"), HasSubstr("--registrator")));
}

TEST_F(Commands, TheHintOfABadScreenLeadsBackHere) {
    sim_.kill("db2");
    const auto printed = patctl(with(etcd3("status"), {"-fpretty", "--namespace", "service"}));
    EXPECT_THAT(printed.out, HasSubstr("Next:  patctl status --etcd3 " + sim_.etcd().text() +
                                       " --namespace service robin -v"));
}

}  // namespace
}  // namespace patroni::testing
