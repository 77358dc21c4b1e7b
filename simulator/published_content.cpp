// What a cluster's keys say, in the order in which its members write them.
#include "simulator/published_keys.hpp"
#include "simulator/python_json.hpp"

#include <utility>

namespace patroni::simulation {
namespace {

Value status_key(const ClusterState& cluster) {
    if (!cluster.has(Feature::status_slots)) {
        return Value::object({{"optime", cluster.optime}});
    }
    Value slots = Value::object();
    Value names = Value::array();
    for (const MemberState& member : cluster.members) {
        if (member.has_key && member.state != Postgres::creating_replica) {
            slots.set(member.name, cluster.lock == member.name ? cluster.optime : member.location);
            names.push_back(member.name);
        }
    }
    return Value::object({{"optime", cluster.optime}, {"slots", slots}, {"retain_slots", names}});
}

Value sync_key(const ClusterState& cluster) {
    std::string standbys;
    for (const std::string& name : cluster.sync_standbys) {
        standbys += (standbys.empty() ? "" : ",") + name;
    }
    // One of the standbys has every commit: so many others must be asked to find it.
    const auto quorum = cluster.sync == SimulatedSync::quorum && !cluster.sync_standbys.empty()
                            ? cluster.sync_standbys.size() - 1
                            : 0;
    Value key = Value::object({{"leader", cluster.sync_leader}});
    if (cluster.has(Feature::sync_quorum)) {
        key.set("quorum", static_cast<std::uint64_t>(quorum));
    }
    key.set("sync_standby", standbys.empty() ? Value() : Value(standbys));
    return key;
}

}  // namespace

std::vector<PublishedKeys::Key> PublishedKeys::keys() const {
    const ClusterState& cluster = cluster_;
    std::vector<Key> keys;
    const auto add = [&](std::string_view name, std::string value,
                         const MemberState* owner = nullptr) {
        keys.push_back({.name = std::string(name), .value = std::move(value), .owner = owner});
    };
    add("initialize", cluster.system_identifier);
    if (cluster.has(Feature::config_key) && cluster.has_config) {
        add("config", compact_python_json(cluster.config));
    }
    // A loop that has no news begins with the member's own key.
    std::vector<Key> news;
    for (const MemberState& member : cluster.members) {
        if (member.has_key) {
            add("members/" + member.name, compact_python_json(member.published), &member);
            const Written* before = written(keys.back().name);
            if (before == nullptr || before->value != keys.back().value) {
                news.push_back(std::move(keys.back()));
                keys.pop_back();
            }
        }
    }
    const auto add_status = [&] {
        if (cluster.has(Feature::status_key)) {
            add("status", compact_python_json(status_key(cluster)));
        } else {
            add("optime/leader", std::to_string(cluster.optime));
        }
    };
    // The last position is written before the lock is given up, else after it was renewed.
    const Written* leader = written("leader");
    const bool same_leader = leader != nullptr && cluster.lock == leader->value;
    if (!same_leader) {
        add_status();
    }
    if (cluster.lock) {
        add("leader", *cluster.lock, cluster.find(*cluster.lock));
    }
    if (same_leader) {
        add_status();
    }
    if (cluster.failover_key) {
        add("failover", *cluster.failover_key);
    }
    if (!cluster.failsafe.is_null()) {
        add("failsafe", compact_python_json(cluster.failsafe));
    }
    if (!cluster.sync_leader.empty()) {
        add("sync", compact_python_json(sync_key(cluster)));
    }
    if (cluster.has(Feature::timeline) && !cluster.history.if_array()->empty()) {
        add("history", compact_python_json(cluster.history));
    }
    keys.insert(keys.end(), news.begin(), news.end());
    return keys;
}

void register_members(const ClusterState& cluster, const std::string& image, EtcdStore& store) {
    int cell = 0;
    for (const MemberState& member : cluster.members) {
        const std::string id =
            std::to_string(cell++) + ".cell_z1.patroni1.dingo-postgresql.bosh:" + member.name;
        store.put("/" + image + "-8008/" + id + ":8008", member.api.text());
        store.put("/" + image + "-5432/" + id + ":5432", member.postgres.text());
    }
}

}  // namespace patroni::simulation
