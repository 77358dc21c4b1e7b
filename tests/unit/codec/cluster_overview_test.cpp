#include "codec/json.hpp"
#include "codec/member_status.hpp"
#include "support/recordings.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <set>

namespace patroni::codec {
namespace {

namespace json = boost::json;

std::string field(const json::object& object, const char* key) {
    const json::value* value = object.if_contains(key);
    return value ? json::serialize(*value) : "-";
}

std::string quoted(const std::string& text) {
    return json::serialize(json::string(text));
}

template <class T>
std::string number(const std::optional<T>& value, const std::string& absent) {
    return value ? std::to_string(*value) : absent;
}

std::string position(const std::optional<Lsn>& lsn, const std::string& absent) {
    return lsn ? quoted(lsn->text()) : absent;
}

/// What stands for "not known" in the row: the field is absent, or says so.
std::string absent(const std::string& raw) {
    return raw == "\"unknown\"" ? raw : "-";
}

TEST(ClusterOverview, NothingOfARecordedAnswerIsLost) {
    const std::set<std::string> known{"name",
                                      "role",
                                      "state",
                                      "api_url",
                                      "host",
                                      "port",
                                      "timeline",
                                      "lag",
                                      "lsn",
                                      "receive_lsn",
                                      "receive_lag",
                                      "replay_lsn",
                                      "replay_lag",
                                      "tags",
                                      "pending_restart",
                                      "pending_restart_reason",
                                      "scheduled_restart"};
    std::set<std::string> versions;
    for (const auto& answer : testing::recorded_answers("cluster")) {
        SCOPED_TRACE(answer.patroni + " " + answer.name);
        const auto overview = decode_cluster_overview(answer.body);
        ASSERT_TRUE(overview) << overview.error().message;
        const json::object raw = json::parse(answer.body).as_object();
        const json::array& rows = raw.at("members").as_array();
        ASSERT_EQ(overview->members.size(), rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const json::object& row = rows[i].as_object();
            const PublishedMember& member = overview->members[i];
            EXPECT_EQ(quoted(member.name), field(row, "name"));
            EXPECT_EQ(quoted(member.role_reported), field(row, "role"));
            EXPECT_NE(member.role, Role::unknown);
            EXPECT_EQ(quoted(member.state), field(row, "state"));
            EXPECT_EQ(member.api ? quoted(member.api->text() + "/patroni") : "-",
                      field(row, "api_url"));
            EXPECT_EQ(member.postgres ? quoted(member.postgres->host) : "-", field(row, "host"));
            EXPECT_EQ(member.postgres ? std::to_string(member.postgres->port) : "-",
                      field(row, "port"));
            EXPECT_EQ(number(member.timeline, "-"), field(row, "timeline"));
            for (const auto& [value, key] :
                 {std::pair(member.lag, "lag"), std::pair(member.receive_lag, "receive_lag"),
                  std::pair(member.replay_lag, "replay_lag")}) {
                const std::string expected = field(row, key);
                EXPECT_EQ(number(value, absent(expected)), expected) << key;
            }
            for (const auto& [value, key] :
                 {std::pair(member.position, "lsn"), std::pair(member.receive_lsn, "receive_lsn"),
                  std::pair(member.replay_lsn, "replay_lsn")}) {
                const std::string expected = field(row, key);
                EXPECT_EQ(position(value, absent(expected)), expected) << key;
            }
            EXPECT_EQ(member.pending_restart, field(row, "pending_restart") == "true");
            EXPECT_EQ(member.tags.is_null() ? "-" : to_json(member.tags), field(row, "tags"));
            for (const auto& entry : row) {
                EXPECT_TRUE(known.contains(std::string(entry.key()))) << entry.key();
            }
        }
        EXPECT_EQ(overview->scope ? quoted(*overview->scope) : "-", field(raw, "scope"));
        EXPECT_EQ(overview->paused, field(raw, "pause") == "true");
        EXPECT_EQ(overview->scheduled_switchover.has_value(), raw.contains("scheduled_switchover"));
        if (overview->scheduled_switchover) {
            const json::object& planned = raw.at("scheduled_switchover").as_object();
            EXPECT_EQ(quoted(overview->scheduled_switchover->at), field(planned, "at"));
            const auto& from = overview->scheduled_switchover->from;
            const auto& to = overview->scheduled_switchover->to;
            EXPECT_EQ(from ? quoted(*from) : "-", field(planned, "from"));
            EXPECT_EQ(to ? quoted(*to) : "-", field(planned, "to"));
        }
        versions.insert(answer.patroni);
    }
    EXPECT_EQ(versions, (std::set<std::string>{"1.6.5", "3.3.11", "4.0.10", "4.1.4"}));
}

TEST(ClusterOverview, LeaderIsTheRowThatSaysSo) {
    std::size_t with_leader = 0;
    std::size_t without = 0;
    for (const auto& answer : testing::recorded_answers("cluster")) {
        const auto overview = decode_cluster_overview(answer.body);
        ASSERT_TRUE(overview);
        const bool says_leader =
            answer.body.find("\"role\": \"leader\"") != std::string::npos ||
            answer.body.find("\"role\": \"standby_leader\"") != std::string::npos;
        EXPECT_EQ(overview->leader() != nullptr, says_leader) << answer.name;
        ++(says_leader ? with_leader : without);
    }
    EXPECT_GT(with_leader, 50U);
    EXPECT_GT(without, 0U);
}

TEST(ClusterOverview, ReadsWhatOldVersionsSayOfAnUnknownAddress) {
    const auto overview = decode_cluster_overview(
        R"({"members":[{"name":"b","role":"replica","state":"","api_url":null,"host":null,)"
        R"("port":5432,"lag":"unknown","tags":{"nofailover":true}},)"
        R"({"name":"a","role":"leader","state":"running","api_url":"https://[::1]:8008/patroni",)"
        R"("host":"::1","port":5433,"lag":0}]})");
    ASSERT_TRUE(overview);
    ASSERT_EQ(overview->members.size(), 2U);
    const PublishedMember& a = overview->members[0];
    EXPECT_EQ(a.name, "a");
    EXPECT_EQ(a.role, Role::primary);
    EXPECT_EQ(a.api->text(), "https://[::1]:8008");
    EXPECT_EQ(a.postgres->text(), "[::1]:5433");
    EXPECT_EQ(a.lag, 0U) << "kept as reported";
    const PublishedMember& b = overview->members[1];
    EXPECT_EQ(b.api, std::nullopt);
    EXPECT_EQ(b.postgres, std::nullopt);
    EXPECT_EQ(b.lag, std::nullopt);
    EXPECT_EQ(*b.tags.find("nofailover"), Value(true));
}

TEST(ClusterOverview, SurvivesHostileRows) {
    const auto overview = decode_cluster_overview(
        R"({"members":[1,null,[],{},{"name":""},{"name":7},{"name":"x","host":"a\nb","port":5432},)"
        R"({"name":"y","host":"h1,h2","port":"1,2","api_url":"http://evil@"},)"
        R"({"name":"z","host":"h","port":70000,"lag":-5,"lsn":"0/zz","api_url":"file:///etc"}],)"
        R"("scope":5,"pause":"yes","scheduled_switchover":[]})");
    ASSERT_TRUE(overview);
    ASSERT_EQ(overview->members.size(), 3U);
    EXPECT_EQ(overview->members[0].postgres, std::nullopt);
    EXPECT_EQ(overview->members[1].postgres, (HostPort{"h1", 1}));
    EXPECT_EQ(overview->members[1].api, std::nullopt);
    EXPECT_EQ(overview->members[2].postgres, std::nullopt);
    EXPECT_EQ(overview->members[2].lag, std::nullopt);
    EXPECT_EQ(overview->members[2].position, std::nullopt);
    EXPECT_EQ(overview->members[2].api, std::nullopt);
    EXPECT_EQ(overview->scope, std::nullopt);
    EXPECT_FALSE(overview->paused);
    EXPECT_EQ(overview->scheduled_switchover, std::nullopt);
}

TEST(ClusterOverview, RefusesWhatIsNone) {
    for (const std::string_view text :
         {"", "[]", "{}", R"({"members":{}})", R"({"members":null})", R"({"members":[)"}) {
        const auto overview = decode_cluster_overview(text);
        ASSERT_FALSE(overview) << text;
        EXPECT_EQ(overview.error().kind, ErrorKind::decode);
    }
}

}  // namespace
}  // namespace patroni::codec
