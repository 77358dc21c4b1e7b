// Every recorded request that changes something, sent to a simulated cluster of the same version in
// the same situation: status, type, length and text must be those of the real server.
#include "codec/json.hpp"
#include "raw_exchange.hpp"
#include "recorded_exchanges.hpp"

#include <patroni/simulator.hpp>
#include <patroni/timestamp.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <optional>
#include <regex>
#include <set>

namespace patroni::test {
namespace {

/// One line of recordings/writes.jsonl. Its name is STAGE--ROLE--METHOD-path--LABEL.
struct Exchange {
    std::string name, stage, role, label, method, path;
    std::optional<std::string> body;
    Value document;  ///< Of the body, where it is an object.
    int status = 0;  ///< 0: closed without a byte.
    std::string type, length, answer;
};

std::string text(const Value& record, std::string_view key) {
    const Value* value = record.find(key);
    const std::string* found = value == nullptr ? nullptr : value->if_string();
    return found == nullptr ? std::string() : *found;
}

std::vector<std::string> parts_of(std::string name) {
    std::vector<std::string> parts;
    for (std::size_t end = 0; end != std::string::npos;) {
        end = name.find("--");
        parts.push_back(name.substr(0, end));
        name.erase(0, end == std::string::npos ? end : end + 2);
    }
    return parts;
}

Exchange read(const Value& record) {
    Exchange exchange;
    exchange.name = text(record, "name");
    const auto parts = parts_of(exchange.name);
    exchange.stage = parts.at(0);
    exchange.role = parts.at(1);
    exchange.label = parts.size() > 3 ? parts[3] : "";
    if (text(record, "patroni") == "0.90") {  // STAGE--NODE-ROLE--METHOD_path-LABEL
        exchange.role = exchange.role.substr(exchange.role.find('-') + 1);
        exchange.label = parts[2].substr(std::min(parts[2].find('-'), parts[2].size() - 1) + 1);
    }
    exchange.method = text(record, "method");
    exchange.path = text(record, "path");
    if (const std::string* body = record.find("request")->if_string()) {
        exchange.body = *body;
        if (auto parsed = codec::parse_json(*body); parsed && parsed->if_object() != nullptr) {
            exchange.document = *std::move(parsed);
        }
    }
    if (!record.find("status")->is_null()) {
        exchange.status = static_cast<int>(*record.find("status")->if_int());
    }
    for (const Value& header : *record.find("headers")->if_array()) {
        const std::string& header_name = *(*header.if_array())[0].if_string();
        const std::string& value = *(*header.if_array())[1].if_string();
        (header_name == "Content-Type" ? exchange.type : exchange.length) = value;
    }
    exchange.answer = text(record, "body");
    return exchange;
}

/// What the simulator does not have, so that there is nothing to compare.
const char* reason_to_leave_out(const Exchange& exchange) {
    const auto stage = [&](std::string_view start) { return exchange.stage.starts_with(start); };
    if (stage("70-tls")) {
        return "client certificates";
    }
    if (stage("72-allowlist")) {
        return "allowlist";
    }
    if (stage("02-") && exchange.answer.starts_with("reinitialize")) {
        return "the copy had just failed, and the next one had not begun";
    }
    if (stage("91-zookeeper")) {
        return "no such store";
    }
    if (stage("84-patroni-frozen")) {
        return "the candidate's key had expired, and it came back";
    }
    return nullptr;
}

bool says(const Exchange& exchange, std::string_view words) {
    return exchange.answer.find(words) != std::string::npos;
}

class Situation {
public:
    Situation(std::string version, const Exchange& exchange)
        : exchange_(exchange),
          version_(std::move(version)),
          prefix_(version_ == "0.90" ? "pg" : "node") {
        choose_names();
        start();
        prepare();
    }

    RawAnswer answer() {
        return ask(sim_.api(member_), exchange_.method, exchange_.path, headers(), body());
    }

private:
    bool is_stage(std::string_view start) const { return exchange_.stage.starts_with(start); }
    bool is_label(std::string_view label) const { return exchange_.label == label; }
    bool is_node(const std::string& name) const { return name.starts_with(prefix_); }
    std::string node(int number) const { return prefix_ + std::to_string(number); }
    std::array<std::string, 3> nodes() const { return {node(1), node(2), node(3)}; }

    void choose_names() {
        const std::string named = text(exchange_.document, "leader");
        candidate_ = text(exchange_.document, "candidate");
        if (candidate_.empty()) {
            candidate_ = text(exchange_.document, "member");
        }
        const bool is_wrong = says(exchange_, "leader name does not match");
        if (is_label("to-leader")) {
            leader_ = candidate_;
        } else if (is_node(named) && !is_wrong) {
            leader_ = named;
        } else {
            leader_ = named == node(1) || candidate_ == node(1) ? node(2) : node(1);
        }
        if (is_stage("31-") && is_wrong) {
            leader_ = node(1);  // It is its PostgreSQL that has stopped.
        }
        for (const std::string& name : {node(3), node(2), node(1)}) {
            if (name != leader_ && name != candidate_) {
                replica_ = name;
            }
        }
        const bool is_leader = exchange_.role == "primary" || exchange_.role == "master" ||
                               exchange_.role == "standby_leader" ||
                               exchange_.role == "primary-stopped" ||
                               exchange_.role == "was-primary";
        member_ = is_leader ? leader_ : replica_;
    }

    void start() {
        SimulatedCluster cluster{
            .scope = "demo", .patroni_version = version_, .members = {node(1), node(2), node(3)}};
        if (is_stage("02-")) {
            cluster.members = {"node1"};
        }
        if (is_stage("11-")) {
            cluster.rest_user = "admin";
            cluster.rest_password = "of the laboratory";
        }
        if (is_stage("65-")) {
            cluster.standby_of = HostPort{.host = "127.0.0.1", .port = 15432};
        }
        if (is_stage("90-etcd2")) {
            cluster.store = SimulatedStore::etcd2;
        }
        sim_.add_cluster(std::move(cluster));
        if (leader_ != node(1)) {
            sim_.promote(leader_);
        }
    }

    void prepare() {
        prepare_config();
        const Value no_failover = Value::object({{"nofailover", true}});
        if (is_stage("02-")) {
            sim_.add_member("node2");
            member_ = "node2";
        } else if (is_stage("13-")) {
            sim_.pending_restart(member_);
        } else if (is_stage("14-") && (is_label("schedule-again") || is_label("there"))) {
            send("POST", "/restart", R"({"schedule": ")" + later() + "\"}");
        } else if (is_stage("21-") && (is_label("there") || is_label("replace"))) {
            send("POST", "/switchover",
                 R"({"leader": ")" + leader_ + R"(", "scheduled_at": ")" + later() + "\"}");
        } else if (is_busy()) {
            send("POST", "/reinitialize", "{}");
        } else if (is_stage("30-")) {
            sim_.maintenance();
        } else if (is_stage("31-")) {
            sim_.maintenance();
            if (!is_label("candidate-stopped")) {
                sim_.stop_postgres(member_);
            } else if (version_ != "1.6.5") {  // There it was running again by then.
                sim_.stop_postgres(candidate_);
            }
        } else if (is_stage("33-")) {
            sim_.fail_starts(member_);
        } else if (is_stage("40-")) {
            for (const std::string& name : nodes()) {
                if (name != leader_) {
                    sim_.tags(name, no_failover);
                }
            }
            if (exchange_.role == "replica") {
                sim_.kill(leader_);
                sim_.expire();
            }
        } else if (is_stage("41-")) {
            sim_.kill(candidate_);
        } else if (is_stage("60-") || is_stage("61-")) {
            prepare_sync();
        } else if (is_stage("68-") && !candidate_.empty()) {
            sim_.tags(candidate_, no_failover);
        } else if (is_stage("80-")) {
            send("PATCH", "/config", R"({"failsafe_mode": true})");
        } else if (is_stage("81-")) {
            if (!is_stage("81-nofailsafe")) {
                send("PATCH", "/config", R"({"failsafe_mode": true})");
            }
            sim_.partition(member_);
        }
        // From here on things take the time that they take, a hundredth of it.
        if (!is_stage("02-") && !is_busy()) {
            sim_.run_real_time(100);
        }
    }

    void prepare_sync() {
        if (exchange_.path == "/config") {
            return;
        }
        if (is_label("no-sync-standby")) {
            for (const std::string& name : nodes()) {
                if (name != leader_ && is_stage("60-")) {
                    sim_.tags(name, Value::object({{"nosync", true}}));
                } else if (name != leader_) {
                    sim_.kill(name);
                }
            }
        }
        if (is_label("sync-candidate") || is_label("async-candidate")) {
            sim_.tags(is_label("sync-candidate") ? replica_ : candidate_,
                      Value::object({{"nosync", true}}));
        }
        sim_.sync_mode(is_stage("61-") ? SimulatedSync::quorum : SimulatedSync::sync);
        sim_.write(80);
    }

    /// The configuration before: the answer without what the request sets, with what it removes.
    void prepare_config() {
        if (exchange_.path != "/config" || exchange_.status != 200) {
            return;
        }
        Value before = codec::parse_json(exchange_.answer).value();
        if (exchange_.method == "PATCH") {
            undo(before, exchange_.document);
        }
        send("PUT", "/config", codec::to_json(before));
    }

    static void undo(Value& config, const Value& patch) {
        for (const auto& [key, value] : *patch.if_object()) {
            Value* present = config.find(key);
            if (value.is_null()) {
                config.set(key, "before");
            } else if (present != nullptr && value.if_object() != nullptr) {
                undo(*present, value);
            } else {
                std::erase_if(*config.if_object(),
                              [&](const Value::Field& field) { return field.first == key; });
            }
        }
    }

    void send(std::string_view method, std::string_view path, const std::string& document) {
        const RawAnswer done = ask(sim_.api(member_), method, path, "", document);
        EXPECT_TRUE(done.status == 200 || done.status == 202) << done.text;
    }

    bool is_busy() const { return is_label("while-running") || is_label("again"); }

    std::string later() const {
        std::string iso = to_iso(sim_.now() + std::chrono::hours(1));
        iso.pop_back();
        return iso + "+00:00";
    }

    /// As it was sent, but that what was in the future is so again.
    std::string body() const {
        if (!exchange_.body || is_label("chunked")) {
            return "";
        }
        if (is_label("not-utf8")) {
            return "\xff";
        }
        static const std::regex time("2026-[0-9T:.-]+\\+00:00");
        return std::regex_replace(*exchange_.body, time, later());
    }

    std::string headers() const {
        std::string lines;
        if (is_label("chunked")) {
            lines += "Transfer-Encoding: chunked\r\n";
        } else if (is_label("bad-content-length")) {
            lines += "Content-Length: abc\r\n";
        } else if (exchange_.body && exchange_.body->empty() && !is_label("no-content-length")) {
            lines += "Content-Length: 0\r\n";
        }
        if (is_stage("11-")) {
            lines += authorization();
        }
        return lines;
    }

    std::string authorization() const {
        if (is_label("ok")) {
            return "Authorization: Basic YWRtaW46b2YgdGhlIGxhYm9yYXRvcnk=\r\n";
        }
        if (is_label("wrong-password") || is_label("wrong")) {
            return "Authorization: Basic YWRtaW46d3Jvbmc=\r\n";
        }
        if (is_label("bearer")) {
            return "Authorization: Bearer abc\r\n";
        }
        return is_label("bad-base64") ? "Authorization: Basic !!!\r\n" : "";
    }

    const Exchange& exchange_;
    std::string version_;
    std::string prefix_;  ///< Of the members' names.
    std::string leader_, replica_, member_, candidate_;
    Simulator sim_;
};

/// Who won where the server chose, and the order of configuration keys, are left to it.
std::string comparable(const Exchange& exchange, const std::string& answer) {
    if (exchange.type == "application/json") {
        const auto document = codec::parse_json(answer);
        return document ? codec::to_json(sorted_keys(*document)) : "no JSON: " + answer;
    }
    const bool is_chosen = exchange.document.find("candidate") == nullptr &&
                           exchange.document.find("member") == nullptr;
    const std::string undated =  // In the second of two answers.
        std::regex_replace(answer, std::regex("Date: [^\r]*"), "Date: ");
    return is_chosen ? std::regex_replace(undated, std::regex("\"(node|pg)[0-9]\""), "\"NODE\"")
                     : undated;
}

class RecordedWrites : public testing::TestWithParam<const char*> {};

TEST_P(RecordedWrites, AreAnsweredAsTheRealServerDid) {
    const std::string version = GetParam();
    std::ifstream file(PATRONI_TEST_DATA "/recordings/writes.jsonl");
    int compared = 0;
    std::set<std::string> left_out;
    for (std::string line; std::getline(file, line);) {
        const Value record = codec::parse_json(line).value();
        if (text(record, "patroni") != version) {
            continue;
        }
        const Exchange expected = read(record);
        if (const char* reason = reason_to_leave_out(expected)) {
            left_out.insert(expected.stage + " (" + reason + ")");
            continue;
        }
        SCOPED_TRACE(expected.name + " " + expected.body.value_or("-"));
        ++compared;
        const RawAnswer got = Situation(version, expected).answer();
        EXPECT_EQ(got.status, expected.status);
        EXPECT_EQ(got.header("Content-Type"), expected.type);
        if (expected.type != "application/json") {
            EXPECT_EQ(got.header("Content-Length"), expected.length);
        }
        EXPECT_EQ(comparable(expected, got.body), comparable(expected, expected.answer));
    }
    EXPECT_GT(compared, version == "0.90" ? 20 : 160);
    std::printf("recorded writes of %s: %d compared\n", GetParam(), compared);
    for (const std::string& stage : left_out) {
        std::printf("    left out: %s\n", stage.c_str());
    }
}

INSTANTIATE_TEST_SUITE_P(All, RecordedWrites,
                         testing::Values("0.90", "1.6.5", "3.3.11", "4.0.10", "4.1.4"),
                         [](const auto& test) {
                             std::string name = test.param;
                             std::ranges::replace(name, '.', '_');
                             return name;
                         });

}  // namespace
}  // namespace patroni::test
