#include "simulator/published_keys.hpp"

#include "simulator/python_json.hpp"

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
        keys["failover"].value = "{}";
    }
    if (cluster.has(Feature::status_key)) {
        keys["status"].value = compact_python_json(status_key(cluster));
    } else {
        keys["optime/leader"].value = std::to_string(cluster.optime);
    }
    if (cluster.has(Feature::config_key)) {
        keys["config"].value = compact_python_json(dynamic_config(cluster));
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
        std::optional<std::chrono::seconds> left;
        std::int64_t lease = 0;
        if (key.owner != nullptr) {
            left = cluster.ttl - (key.owner->alive ? std::chrono::seconds{0} : key.owner->dead_for);
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
