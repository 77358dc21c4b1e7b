#include "codec/dcs_values.hpp"

#include "codec/json.hpp"
#include "support/recordings.hpp"

#include <gtest/gtest.h>

namespace patroni::codec {
namespace {

bool truthy(std::string_view json) {
    const auto value = parse_json(json);
    return is_truthy(&*value);
}

TEST(DcsConfig, IsAnObjectOrNothing) {
    EXPECT_EQ(to_json(read_config(R"({"ttl":30,"pause":true})").value),
              R"({"ttl":30,"pause":true})");
    EXPECT_EQ(read_config("{}").problem, "");
    for (const std::string_view text : {"", "{", "[]", "null", "\"{}\"", "5"}) {
        const auto config = read_config(text);
        EXPECT_TRUE(config.value.is_null()) << text;
        EXPECT_NE(config.problem, "") << text;
    }
}

TEST(DcsConfig, TruthIsPatronis) {
    for (const char* text : {"true", "1", "\"on\"", "\"On\"", "\"YES\"", "\"true\"", "\"1\""}) {
        EXPECT_TRUE(truthy(text)) << text;
    }
    for (const char* text : {"false", "0", "2", "null", "\"off\"", "\"\"", "\"y\"", "\"quorum\"",
                             "1.0", "[]", "[1]", "{}"}) {
        EXPECT_FALSE(truthy(text)) << text;
    }
    EXPECT_FALSE(is_truthy(nullptr));
}

TEST(DcsConfig, Modes) {
    struct Row {
        const char* config;
        bool standby;
        bool synchronous;
        bool quorum;
    };
    const Row rows[] = {
        {"{}", false, false, false},
        {"null", false, false, false},
        {R"({"synchronous_mode":true})", false, true, false},
        {R"({"synchronous_mode":"on"})", false, true, false},
        {R"({"synchronous_mode":"Quorum"})", false, true, true},
        {R"({"synchronous_mode":"off"})", false, false, false},
        {R"({"synchronous_mode":"maybe"})", false, false, false},
        {R"({"synchronous_mode":true,"standby_cluster":{"host":"x"}})", true, false, false},
        {R"({"standby_cluster":{"port":5432}})", true, false, false},
        {R"({"standby_cluster":{"restore_command":"cp"}})", true, false, false},
        {R"({"standby_cluster":{"primary_slot_name":"x"}})", false, false, false},
        {R"({"standby_cluster":{"host":"","port":0}})", false, false, false},
        {R"({"standby_cluster":null})", false, false, false},
        {R"({"standby_cluster":"x"})", false, false, false},
    };
    for (const Row& row : rows) {
        const Value config = *parse_json(row.config);
        EXPECT_EQ(is_standby_cluster(config), row.standby) << row.config;
        EXPECT_EQ(is_synchronous(config), row.synchronous) << row.config;
        EXPECT_EQ(is_quorum_mode(config), row.quorum) << row.config;
    }
}

TEST(DcsSync, NamesLeaderAndStandbys) {
    const auto sync = read_sync(R"({"leader":"a","sync_standby":" b, c,,d ","quorum":1})");
    EXPECT_EQ(sync.problem, "");
    ASSERT_TRUE(sync.value);
    EXPECT_EQ(sync.value->leader, "a");
    EXPECT_EQ(sync.value->standbys, (std::vector<std::string>{"b", "c", "d"}));
    EXPECT_EQ(sync.value->quorum, 1);
    const auto alone = read_sync(R"({"leader":"a","sync_standby":null})");
    ASSERT_TRUE(alone.value);
    EXPECT_TRUE(alone.value->standbys.empty());
    EXPECT_EQ(alone.value->quorum, std::nullopt);
    for (const std::string_view text :
         {"{}", R"({"leader":null})", R"({"leader":"","sync_standby":"b"})", R"({"leader":5})"}) {
        EXPECT_EQ(read_sync(text).value, std::nullopt) << text;
        EXPECT_EQ(read_sync(text).problem, "") << text;
    }
    EXPECT_NE(read_sync("nonsense").problem, "");
}

TEST(DcsStatus, ReadsEveryForm) {
    using Slots = std::vector<std::string>;
    const std::tuple<const char*, std::optional<Lsn>, Slots> rows[] = {
        {R"({"optime":67109200,"slots":{"a":1},"retain_slots":["a","b"]})",
         Lsn(67109200),
         {"a", "b"}},
        {R"({"optime":"67109200","retain_slots":"[\"a\", \"b\"]"})", Lsn(67109200), {"a", "b"}},
        {"67109200", Lsn(67109200), {}},
        {"18446744073709551615", Lsn(18446744073709551615U), {}},
        {"0", std::nullopt, {}},
        {R"({"optime":0,"retain_slots":[1,"a",null]})", std::nullopt, {"a"}},
        {R"({"optime":null,"retain_slots":"nonsense"})", std::nullopt, {}},
        {R"({"optime":-1,"retain_slots":{}})", std::nullopt, {}},
        {"{}", std::nullopt, {}},
    };
    for (const auto& [text, lsn, slots] : rows) {
        const auto status = read_status(text);
        EXPECT_EQ(status.problem, "") << text;
        EXPECT_EQ(status.value.leader_lsn, lsn) << text;
        EXPECT_EQ(status.value.retain_slots, slots) << text;
    }
    for (const std::string_view text : {"", "x", "[]", "null", "\"5\"", "1.5"}) {
        EXPECT_NE(read_status(text).problem, "") << text;
        EXPECT_EQ(read_status(text).value.leader_lsn, std::nullopt) << text;
    }
}

TEST(DcsFailover, ReadsJsonAndTheOldForm) {
    struct Row {
        const char* text;
        const char* leader;
        const char* candidate;
        const char* at;
        bool good;
    };
    const Row rows[] = {
        {R"({"leader":"a","member":"b","scheduled_at":"2026-01-01T00:00:00+00:00"})", "a", "b",
         "2026-01-01T00:00:00+00:00", true},
        {R"({"member":"b"})", "", "b", "", true},
        {R"({"leader":"a","member":""})", "a", "", "", true},
        {"{}", "", "", "", true},
        {"", "", "", "", true},
        {"a:b", "a", "b", "", true},
        {" a : b ", "a", "b", "", true},
        {":b", "", "b", "", true},
        {"a:", "a", "", "", true},
        {"a", "", "", "", false},
        {"[]", "", "", "", false},
        {"{\"leader\":\"a\"", "", "", "", false},
        {"5", "", "", "", false},
    };
    for (const Row& row : rows) {
        const auto request = read_failover(row.text);
        EXPECT_EQ(request.value.leader.value_or(""), row.leader) << row.text;
        EXPECT_EQ(request.value.candidate.value_or(""), row.candidate) << row.text;
        EXPECT_EQ(request.value.scheduled_at.value_or(""), row.at) << row.text;
        EXPECT_EQ(request.value.active(), *row.leader != '\0' || *row.candidate != '\0')
            << row.text;
        EXPECT_EQ(request.problem.empty(), row.good) << row.text;
    }
}

TEST(DcsHistory, ReadsRowsOfEveryLength) {
    const auto history =
        read_history(R"([[1,67109200,"no recovery target specified"],)"
                     R"([2,67109300,"x","2019-09-23T16:57:57+02:00"],)"
                     R"([3,67109400,"y","2019-09-23T16:58:57+02:00","pg2","more"]])");
    EXPECT_EQ(history.problem, "");
    ASSERT_EQ(history.value.entries.size(), 3U);
    EXPECT_EQ(history.value.entries[0].timeline, 1);
    EXPECT_EQ(history.value.entries[0].lsn, Lsn(67109200));
    EXPECT_EQ(history.value.entries[0].reason, "no recovery target specified");
    EXPECT_EQ(history.value.entries[0].timestamp, std::nullopt);
    EXPECT_EQ(history.value.entries[1].timestamp, "2019-09-23T16:57:57+02:00");
    EXPECT_EQ(history.value.entries[1].new_leader, std::nullopt);
    EXPECT_EQ(history.value.entries[2].new_leader, "pg2");
    EXPECT_EQ(read_history("[]").problem, "");

    const auto partly = read_history(R"([[1,2],5,["x",1,"y"],[4,5,"z"]])");
    EXPECT_NE(partly.problem, "");
    EXPECT_EQ(partly.value.unreadable, 3U);
    ASSERT_EQ(partly.value.entries.size(), 1U);
    EXPECT_EQ(partly.value.entries[0].timeline, 4);
    for (const std::string_view text : {"", "{}", "null", "[["}) {
        EXPECT_NE(read_history(text).problem, "") << text;
    }
}

TEST(DcsHistory, ReadsWhatRealClustersAnswer) {
    std::size_t rows = 0;
    for (const auto& answer : testing::recorded_answers("other")) {
        if (answer.path == "/history") {
            const auto history = read_history(answer.body);
            EXPECT_EQ(history.problem, "") << answer.name;
            EXPECT_EQ(history.value.entries.size(), parse_json(answer.body)->if_array()->size());
            rows += history.value.entries.size();
        }
    }
    EXPECT_GT(rows, 50U);
}

TEST(DcsFailsafe, MapsNamesToOrigins) {
    const auto failsafe = read_failsafe(
        R"({"pg2":"http://10.0.0.2:8008/patroni","pg1":"https://[::1]:8008/patroni"})");
    EXPECT_EQ(failsafe.problem, "");
    ASSERT_EQ(failsafe.value.size(), 2U);
    EXPECT_EQ(failsafe.value.at("pg1")->text(), "https://[::1]:8008");
    EXPECT_EQ(failsafe.value.at("pg2")->text(), "http://10.0.0.2:8008");
    const auto bad = read_failsafe(R"({"pg1":5,"pg2":"file:///x"})");
    EXPECT_NE(bad.problem, "");
    ASSERT_EQ(bad.value.size(), 2U);
    EXPECT_EQ(bad.value.at("pg1"), std::nullopt);
    EXPECT_EQ(bad.value.at("pg2"), std::nullopt);
    EXPECT_NE(read_failsafe("[]").problem, "");
}

TEST(SlotName, FollowsPatroni) {
    const std::pair<std::string, std::string> rows[] = {
        {"pg1", "pg1"},
        {"PG-1.example.com", "pg_1_example_com"},
        {"a_b c", "a_bu0032c"},
        {"a/b", "au0047b"},
        {"\u00e9", "u0233"},
        {"\u65e5", "u26085"},
        {"\U0001f418", "u128024"},
        {std::string(70, 'x'), std::string(63, 'x')},
        {std::string(61, 'x') + "/", std::string(61, 'x') + "u0"},
        {"", ""},
        {"\xFF", "u0255"},
    };
    for (const auto& [member, slot] : rows) {
        EXPECT_EQ(slot_name_from_member_name(member), slot) << member;
    }
}

}  // namespace
}  // namespace patroni::codec
