#include "simulator/published_keys.hpp"

#include "codec/json.hpp"
#include "simulator/failover_request.hpp"
#include "simulator/python_json.hpp"

#include <algorithm>
#include <set>

namespace patroni::simulation {
namespace {

struct Key {
    std::string value;
    const MemberState* owner = nullptr;  ///< Whose ttl or lease it lives by.
};

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

std::map<std::string, Key> keys_of(const ClusterState& cluster) {
    std::map<std::string, Key> keys;
    keys["initialize"].value = cluster.system_identifier;
    if (cluster.lock) {
        keys["leader"] = {*cluster.lock, cluster.find(*cluster.lock)};
    }
    for (const MemberState& member : cluster.members) {
        if (member.has_key) {
            keys["members/" + member.name] = {compact_python_json(member.published), &member};
        }
    }
    if (cluster.failover_key) {
        keys["failover"].value = *cluster.failover_key;
    }
    if (!cluster.failsafe.is_null()) {
        keys["failsafe"].value = compact_python_json(cluster.failsafe);
    }
    if (cluster.has(Feature::status_key)) {
        keys["status"].value = compact_python_json(status_key(cluster));
    } else {
        keys["optime/leader"].value = std::to_string(cluster.optime);
    }
    if (cluster.has(Feature::config_key) && cluster.has_config) {
        keys["config"].value = compact_python_json(cluster.config);
    }
    if (cluster.has(Feature::timeline) && !cluster.history.if_array()->empty()) {
        keys["history"].value = compact_python_json(cluster.history);
    }
    if (!cluster.sync_leader.empty()) {
        keys["sync"].value = compact_python_json(sync_key(cluster));
    }
    return keys;
}

/// Each node has one lease, for its own key and the lock.
std::int64_t lease_of(const ClusterState& cluster, const MemberState& member) {
    return 2324035566793664268 + 2 * (&member - cluster.members.data());
}

}  // namespace

void PublishedKeys::publish(const ClusterState& cluster, EtcdStore& store) {
    std::set<std::string> gone;
    for (const auto& [key, value] : written_) {
        gone.insert(key);
    }
    for (auto& [name, key] : keys_of(cluster)) {
        const std::string path = cluster.prefix() + name;
        gone.erase(path);
        std::optional<std::chrono::milliseconds> left;
        std::int64_t lease = 0;
        if (key.owner != nullptr) {
            left = std::chrono::floor<std::chrono::milliseconds>(
                std::max(SimulatedMoment{0}, cluster.ttl - (cluster.time - key.owner->renewed)));
            lease = lease_of(cluster, *key.owner);
        }
        const auto written = written_.find(path);
        if (written == written_.end() || written->second != key.value) {
            store.put(path, key.value, left, lease);
            written_[path] = key.value;
        } else if (left) {
            store.set_ttl(path, *left);
        }
    }
    for (const std::string& path : gone) {
        store.remove(path);
        written_.erase(path);
    }
}

std::optional<std::string> PublishedKeys::foreign(const ClusterState& cluster,
                                                  const EtcdStore& store, std::string_view name) {
    const std::string path = cluster.prefix() + std::string(name);
    const auto entry = store.entries().find(path);
    const auto written = written_.find(path);
    if (entry == store.entries().end()) {
        return written_.erase(path) != 0 ? std::optional(std::string()) : std::nullopt;
    }
    if (written != written_.end() && written->second == entry->second.value) {
        return std::nullopt;
    }
    written_[path] = entry->second.value;
    return entry->second.value;
}

bool PublishedKeys::import(ClusterState& cluster, const EtcdStore& store) {
    bool changed = false;
    if (const auto text = foreign(cluster, store, "config")) {
        // What is no object is left alone until somebody mends it.
        const Result<Value> config = codec::parse_json(*text);
        if (config && config->if_object() != nullptr) {
            set_config(cluster, *config);
        } else if (text->empty()) {
            cluster.has_config = false;
        }
        changed = true;
    }
    if (const auto text = foreign(cluster, store, "failover")) {
        set_failover(cluster, *text);
        changed = true;
    }
    if (const auto text = foreign(cluster, store, "leader")) {
        cluster.lock.reset();
        if (cluster.find(*text) != nullptr) {
            cluster.lock = *text;
        }
        changed = true;
    }
    return changed;
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
