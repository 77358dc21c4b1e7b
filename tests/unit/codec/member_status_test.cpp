#include "codec/member_status.hpp"

#include "codec/json.hpp"
#include "support/recordings.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <set>

namespace patroni::codec {
namespace {

namespace json = boost::json;

/// The fields of a document as another library reads them.
class Raw {
public:
    explicit Raw(json::object object) : object_(std::move(object)) {}

    const json::value* find(std::string_view key) {
        seen_.insert(std::string(key));
        return object_.if_contains(json::string_view(key.data(), key.size()));
    }
    std::optional<std::string> text(std::string_view key) {
        const json::value* field = find(key);
        return field && field->is_string() ? std::optional(std::string(field->as_string().c_str()))
                                           : std::nullopt;
    }
    std::optional<std::int64_t> number(std::string_view key) {
        const json::value* field = find(key);
        return field && field->is_int64() ? std::optional(field->as_int64()) : std::nullopt;
    }
    bool flag(std::string_view key) {
        const json::value* field = find(key);
        return field && field->is_bool() && field->as_bool();
    }
    Raw object(std::string_view key) {
        const json::value* field = find(key);
        return Raw(field && field->is_object() ? field->as_object() : json::object());
    }
    std::string json_text(std::string_view key) {
        const json::value* field = find(key);
        return field ? json::serialize(*field) : "null";
    }
    /// Keys of the document that nobody asked for.
    std::vector<std::string> unseen() const {
        std::vector<std::string> keys;
        for (const auto& field : object_) {
            if (!seen_.contains(std::string(field.key()))) {
                keys.emplace_back(field.key());
            }
        }
        return keys;
    }

private:
    json::object object_;
    std::set<std::string> seen_;
};

std::optional<std::int64_t> bytes(const std::optional<Lsn>& lsn) {
    return lsn ? std::optional(static_cast<std::int64_t>(lsn->bytes())) : std::nullopt;
}

std::optional<std::string> text(const std::optional<Timestamp>& timestamp) {
    return timestamp ? std::optional(timestamp->text) : std::nullopt;
}

void expect_same_replication(const std::vector<ReplicationConnection>& ours,
                             const json::value* raw) {
    const json::array rows = raw ? raw->as_array() : json::array();
    ASSERT_EQ(ours.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Raw row(rows[i].as_object());
        EXPECT_EQ(ours[i].application_name, row.text("application_name"));
        EXPECT_EQ(ours[i].user, row.text("usename").value_or(""));
        EXPECT_EQ(ours[i].client_address, row.text("client_addr"));
        EXPECT_EQ(ours[i].state, row.text("state").value_or(""));
        EXPECT_EQ(ours[i].sync_state, row.text("sync_state").value_or(""));
        EXPECT_EQ(ours[i].sync_priority, row.number("sync_priority"));
        EXPECT_EQ(row.unseen(), std::vector<std::string>());
    }
}

void expect_nothing_lost(const MemberStatus& status, Raw raw) {
    EXPECT_EQ(status.state, raw.text("state"));
    EXPECT_EQ(status.role_reported, raw.text("role").value_or(""));
    Raw patroni = raw.object("patroni");
    EXPECT_EQ(status.patroni_version, patroni.text("version"));
    EXPECT_EQ(status.scope, patroni.text("scope"));
    EXPECT_EQ(status.name, patroni.text("name"));
    EXPECT_EQ(patroni.unseen(), std::vector<std::string>());
    EXPECT_EQ(status.system_identifier, raw.text("database_system_identifier"));
    EXPECT_EQ(status.server_version, raw.number("server_version"));
    EXPECT_EQ(text(status.postmaster_start_time), raw.text("postmaster_start_time"));
    Raw xlog = raw.object("xlog");
    EXPECT_EQ(bytes(status.location), xlog.number("location"));
    EXPECT_EQ(bytes(status.received_location), xlog.number("received_location"));
    EXPECT_EQ(bytes(status.replayed_location), xlog.number("replayed_location"));
    EXPECT_EQ(text(status.replayed_timestamp), xlog.text("replayed_timestamp"));
    EXPECT_EQ(status.replay_paused.has_value(), xlog.find("paused") != nullptr);
    EXPECT_EQ(status.replay_paused.value_or(false), xlog.flag("paused"));
    EXPECT_EQ(xlog.unseen(), std::vector<std::string>());
    EXPECT_EQ(status.timeline, raw.number("timeline"));
    EXPECT_EQ(status.replication_state, raw.text("replication_state"));
    expect_same_replication(status.replication, raw.find("replication"));
    EXPECT_EQ(status.sync_standby, raw.flag("sync_standby"));
    EXPECT_EQ(status.quorum_standby, raw.flag("quorum_standby"));
    EXPECT_EQ(status.paused, raw.flag("pause"));
    EXPECT_EQ(status.cluster_unlocked, raw.flag("cluster_unlocked"));
    EXPECT_EQ(status.failsafe_mode_is_active, raw.flag("failsafe_mode_is_active"));
    EXPECT_EQ(status.pending_restart, raw.flag("pending_restart"));
    EXPECT_EQ(status.watchdog_failed, raw.flag("watchdog_failed"));
    EXPECT_EQ(status.dcs_last_seen, raw.number("dcs_last_seen"));
    EXPECT_EQ(to_json(status.tags), raw.json_text("tags"));
    EXPECT_EQ(to_json(status.scheduled_restart), raw.json_text("scheduled_restart"));
    EXPECT_EQ(to_json(status.pending_restart_reason), raw.json_text("pending_restart_reason"));
    // Of no use to a client, and rare: the document keeps it.
    EXPECT_EQ(status.document.find("logger_queue_size") != nullptr,
              raw.find("logger_queue_size") != nullptr);
    EXPECT_EQ(raw.unseen(), std::vector<std::string>())
        << "a field without a place in MemberStatus";
}

TEST(MemberStatus, NothingOfARecordedDocumentIsLost) {
    std::set<std::string> versions;
    for (const auto& answer : testing::recorded_answers("status")) {
        const auto status = decode_member_status(answer.body);
        ASSERT_TRUE(status) << answer.name << ": " << status.error().message;
        SCOPED_TRACE(answer.patroni + " " + answer.name);
        expect_nothing_lost(*status, Raw(json::parse(answer.body).as_object()));
        EXPECT_EQ(status->patroni_version, answer.patroni);
        EXPECT_TRUE(status->version);
        EXPECT_EQ(to_json(status->document), to_json(*parse_json(answer.body)));
        versions.insert(answer.patroni);
    }
    EXPECT_EQ(versions, (std::set<std::string>{"0.90", "1.6.5", "3.3.11", "4.0.10", "4.1.4"}));
}

TEST(MemberStatus, EveryRecordedTimeIsKnown) {
    std::size_t count = 0;
    for (const auto& answer : testing::recorded_answers("status")) {
        const auto status = decode_member_status(answer.body);
        ASSERT_TRUE(status);
        for (const auto& time : {status->postmaster_start_time, status->replayed_timestamp}) {
            if (time) {
                ASSERT_TRUE(time->time) << answer.name << ": " << time->text;
                EXPECT_EQ(time->iso().substr(0, 8), "2026-11-") << answer.name;
                ++count;
            }
        }
    }
    EXPECT_GT(count, 400U);
}

TEST(MemberStatus, RolesAreKnownWherePostgresRuns) {
    for (const auto& answer : testing::recorded_answers("status")) {
        const auto status = decode_member_status(answer.body);
        ASSERT_TRUE(status);
        if (status->role_reported.empty()) {
            EXPECT_EQ(answer.patroni, "0.90") << answer.name;
            EXPECT_EQ(status->server_version, std::nullopt) << answer.name;
        } else {
            EXPECT_NE(status->role, Role::unknown) << answer.name << status->role_reported;
        }
    }
}

TEST(MemberStatus, EveryTruncationIsAnError) {
    std::set<std::string> versions;
    for (const auto& answer : testing::recorded_answers("status")) {
        if (answer.path != "/patroni" || !versions.insert(answer.patroni).second) {
            continue;
        }
        for (std::size_t size = 0; size < answer.body.size(); ++size) {
            const auto status = decode_member_status(std::string_view(answer.body).substr(0, size));
            ASSERT_FALSE(status) << answer.name << " cut to " << size;
            EXPECT_EQ(status.error().kind, ErrorKind::decode);
        }
    }
    EXPECT_EQ(versions.size(), 5U);
}

/// Replaces each field in turn, at any depth, and hands over the document.
template <class Visit>
void with_each_field_replaced(Value& root, Value& at, const Value& by, const Visit& visit) {
    const auto replace = [&](Value& child) {
        Value original = child;
        child = by;
        visit(root);
        child = std::move(original);
        with_each_field_replaced(root, child, by, visit);
    };
    if (auto* object = at.if_object()) {
        for (auto& field : *object) {
            replace(field.second);
        }
    } else if (auto* array = at.if_array()) {
        for (Value& item : *array) {
            replace(item);
        }
    }
}

TEST(MemberStatus, AFieldOfAnyOtherTypeCountsAsAbsent) {
    const auto& answers = testing::recorded_answers("status");
    std::size_t count = 0;
    for (std::size_t i = 0; i < answers.size(); i += 60) {
        Value document = *parse_json(answers[i].body);
        for (const char* by : {"null", "true", "-5", "7", "1.5", "18446744073709551615", "\"x\"",
                               "[]", "[1,[]]", "{}", "{\"version\":[]}"}) {
            with_each_field_replaced(document, document, *parse_json(by),
                                     [&](const Value& changed) {
                                         const auto status = decode_member_status(to_json(changed));
                                         ASSERT_TRUE(status) << to_json(changed);
                                         EXPECT_EQ(status->document, changed);
                                         ++count;
                                     });
        }
    }
    EXPECT_GT(count, 1000U);

    const auto status = decode_member_status(
        R"({"state":1,"role":["master"],"patroni":{"version":0.9,"scope":null,"name":{}},)"
        R"("xlog":{"location":-1,"received_location":"5","replayed_location":1.5,"paused":"no",)"
        R"("replayed_timestamp":5},"timeline":"3","server_version":null,"pause":"true",)"
        R"("replication":{"a":1},"tags":[],"database_system_identifier":5,"dcs_last_seen":true})");
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, "");
    EXPECT_EQ(status->role, Role::unknown);
    EXPECT_EQ(status->version, std::nullopt);
    EXPECT_EQ(status->name, std::nullopt);
    EXPECT_EQ(status->location, std::nullopt);
    EXPECT_EQ(status->received_location, std::nullopt);
    EXPECT_EQ(status->replayed_location, std::nullopt);
    EXPECT_EQ(status->replay_paused, std::nullopt);
    EXPECT_EQ(status->replayed_timestamp, std::nullopt);
    EXPECT_EQ(status->timeline, std::nullopt);
    EXPECT_EQ(status->system_identifier, std::nullopt);
    EXPECT_FALSE(status->paused);
    EXPECT_TRUE(status->replication.empty());
    EXPECT_TRUE(status->tags.is_null());
}

TEST(MemberStatus, AcceptsWalForXlogAndUnknownWords) {
    const auto status = decode_member_status(
        R"({"state":"dancing","role":"conductor","wal":{"location":9223372036854775808},)"
        R"("replication":[{"application_name":"pg2","client_addr":null},7],"new_thing":{"x":1}})");
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, "dancing");
    EXPECT_EQ(status->role, Role::unknown);
    EXPECT_EQ(status->role_reported, "conductor");
    EXPECT_EQ(status->location, Lsn(std::uint64_t{1} << 63));
    ASSERT_EQ(status->replication.size(), 1U);
    EXPECT_EQ(status->replication[0].client_address, std::nullopt);
    EXPECT_EQ(*status->document.find("new_thing")->find("x"), Value(1));
}

TEST(MemberStatus, RefusesWhatIsNoPatroni) {
    for (const std::string_view text :
         {"", "[]", "null", "\"state\"", "{}", R"({"status":"ok"})", R"({"patroni":1})",
          R"({"state":null})", "<!DOCTYPE html>", "{\"state\":\"running\"} trailing"}) {
        const auto status = decode_member_status(text);
        ASSERT_FALSE(status) << text;
        EXPECT_EQ(status.error().kind, ErrorKind::decode);
    }
    EXPECT_TRUE(decode_member_status(R"({"patroni":{}})"));
    EXPECT_TRUE(decode_member_status(R"({"state":"running"})"));
    EXPECT_EQ(decode_member_status(std::string(100, '[')).error().kind, ErrorKind::limit);
}

}  // namespace
}  // namespace patroni::codec
