// The dynamic configuration of a simulated cluster.
#include "codec/dcs_values.hpp"
#include "simulator/cluster_state.hpp"
#include "simulator/python_json.hpp"

#include <array>
#include <utility>

namespace patroni::simulation {
namespace {

void apply_seconds(const ClusterState& cluster, std::string_view key,
                   std::chrono::seconds& setting) {
    const std::int64_t seconds = config_integer(cluster, key, 0);
    if (seconds > 0) {
        setting = std::chrono::seconds(seconds);
    }
}

constexpr std::array<std::string_view, 9> needs_restart{
    "max_connections", "max_wal_senders",           "max_replication_slots",
    "wal_level",       "max_prepared_transactions", "max_locks_per_transaction",
    "wal_log_hints",   "max_worker_processes",      "track_commit_timestamp"};

const Value* parameter(const Value& config, std::string_view name) {
    const Value* postgresql = config.find("postgresql");
    const Value* parameters = postgresql == nullptr ? nullptr : postgresql->find("parameters");
    return parameters == nullptr ? nullptr : parameters->find(name);
}

std::string text_of(const Value& value) {
    const std::string* text = value.if_string();
    return text == nullptr ? python_json(value) : *text;
}

/// The member runs with the old value until it is restarted.
void note_restart(MemberState& member, std::string_view name, const std::string& before,
                  const std::string& now) {
    if (member.state != Postgres::running) {
        return;
    }
    const Value* noted = member.pending_restart.find(name);
    const Value running = noted == nullptr ? Value(before) : *noted->find("old_value");
    if (member.pending_restart.is_null()) {
        member.pending_restart = Value::object();
    }
    member.pending_restart.set(name, Value::object({{"old_value", running}, {"new_value", now}}));
    Value::Object& reasons = *member.pending_restart.if_object();
    std::erase_if(reasons, [](const Value::Field& reason) {
        return *reason.second.find("old_value") == *reason.second.find("new_value");
    });
    if (reasons.empty()) {
        member.pending_restart = {};
    }
}

SimulatedSync sync_of(const ClusterState& cluster) {
    const Value* mode = cluster.config.find("synchronous_mode");
    if (mode == nullptr || !cluster.has(Feature::sync_mode) || cluster.standby_of) {
        return SimulatedSync::off;
    }
    if (cluster.has(Feature::quorum_mode) && *mode == Value("quorum")) {
        return SimulatedSync::quorum;
    }
    return codec::is_truthy(mode) ? SimulatedSync::sync : SimulatedSync::off;
}

}  // namespace

Value first_config(const ClusterState& cluster) {
    const auto seconds = [](std::chrono::seconds time) {
        return Value(static_cast<std::int64_t>(time.count()));
    };
    Value config = Value::object(
        {{"ttl", seconds(cluster.ttl)},
         {"loop_wait", seconds(cluster.loop_wait)},
         {"retry_timeout", seconds(cluster.retry_timeout)},
         {"maximum_lag_on_failover", 1048576},
         {"postgresql",
          Value::object({{"use_pg_rewind", true},
                         {"use_slots", true},
                         {"parameters", Value::object({{"max_connections", 100},
                                                       {"max_wal_senders", 10},
                                                       {"max_replication_slots", 10},
                                                       {"wal_level", "replica"}})}})}});
    if (cluster.standby_of) {
        config.set("standby_cluster",
                   Value::object({{"host", cluster.standby_of->host},
                                  {"port", cluster.standby_of->port},
                                  {"primary_slot_name", cluster.scope},
                                  {"create_replica_methods", Value(Value::Array{"basebackup"})}}));
    }
    return config;
}

void apply_config(ClusterState& cluster) {
    apply_seconds(cluster, "ttl", cluster.ttl);
    apply_seconds(cluster, "loop_wait", cluster.loop_wait);
    apply_seconds(cluster, "retry_timeout", cluster.retry_timeout);
    if (const Value* standby = cluster.config.find("standby_cluster");
        standby == nullptr || standby->if_object() == nullptr) {
        cluster.standby_of.reset();
    }
    cluster.paused = cluster.has(Feature::maintenance) && config_flag(cluster, "pause");
    if (const SimulatedSync mode = sync_of(cluster); mode != cluster.sync) {
        cluster.sync = mode;
        cluster.sync_standbys.clear();
        cluster.sync_leader.clear();
    }
}

void set_config(ClusterState& cluster, Value config) {
    const Value before = std::exchange(cluster.config, std::move(config));
    cluster.has_config = true;
    for (const std::string_view name : needs_restart) {
        const Value* was = parameter(before, name);
        const Value* is = parameter(cluster.config, name);
        if (was != nullptr && is != nullptr && !(*was == *is)) {
            for (MemberState& member : cluster.members) {
                note_restart(member, name, text_of(*was), text_of(*is));
            }
        }
    }
    apply_config(cluster);
}

std::int64_t config_integer(const ClusterState& cluster, std::string_view key,
                            std::int64_t otherwise) {
    const Value* value = cluster.config.find(key);
    const std::int64_t* number = value == nullptr ? nullptr : value->if_int();
    return number == nullptr ? otherwise : *number;
}

bool config_flag(const ClusterState& cluster, std::string_view key) {
    return codec::is_truthy(cluster.config.find(key));
}

}  // namespace patroni::simulation
