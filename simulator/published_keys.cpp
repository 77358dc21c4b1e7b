#include "simulator/published_keys.hpp"

#include "codec/dcs_values.hpp"
#include "codec/json.hpp"
#include "simulator/failover_request.hpp"
#include "simulator/python_json.hpp"

#include <set>
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

EtcdChange::Action action_for(std::string_view name, bool exists) {
    using Action = EtcdChange::Action;
    if (name == "initialize" || name == "leader") {
        return exists ? Action::compare_and_swap : Action::create;
    }
    // Written with the index that was read before.
    const bool compares = name == "config" || name == "sync" || name == "failover";
    return exists && compares ? Action::compare_and_swap : Action::set;
}

}  // namespace

std::vector<PublishedKeys::Key> PublishedKeys::keys() const {
    const ClusterState& cluster = cluster_;
    std::vector<Key> members;
    for (const MemberState& member : cluster.members) {
        if (member.has_key) {
            members.push_back({.name = "members/" + member.name,
                               .value = compact_python_json(member.published),
                               .owner = &member});
        }
    }
    std::vector<Key> keys;
    keys.push_back({.name = "initialize", .value = cluster.system_identifier});
    if (cluster.has(Feature::config_key) && cluster.has_config) {
        keys.push_back({.name = "config", .value = compact_python_json(cluster.config)});
    }
    // A loop publishes its member first, but who gives up or takes the lock does so before that.
    const Written* leader = written("leader");
    const bool same_leader = leader != nullptr && cluster.lock == leader->value;
    if (same_leader) {
        keys.insert(keys.end(), members.begin(), members.end());
    } else if (cluster.has(Feature::status_key)) {
        keys.push_back({.name = "status", .value = compact_python_json(status_key(cluster))});
    }
    if (cluster.lock) {
        keys.push_back(
            {.name = "leader", .value = *cluster.lock, .owner = cluster.find(*cluster.lock)});
    }
    if (same_leader && cluster.has(Feature::status_key)) {
        keys.push_back({.name = "status", .value = compact_python_json(status_key(cluster))});
    } else if (!cluster.has(Feature::status_key)) {
        keys.push_back({.name = "optime/leader", .value = std::to_string(cluster.optime)});
    }
    if (cluster.failover_key) {
        keys.push_back({.name = "failover", .value = *cluster.failover_key});
    }
    if (!cluster.failsafe.is_null()) {
        keys.push_back({.name = "failsafe", .value = compact_python_json(cluster.failsafe)});
    }
    if (!cluster.sync_leader.empty()) {
        keys.push_back({.name = "sync", .value = compact_python_json(sync_key(cluster))});
    }
    if (cluster.has(Feature::timeline) && !cluster.history.if_array()->empty()) {
        keys.push_back({.name = "history", .value = compact_python_json(cluster.history)});
    }
    if (!same_leader) {
        keys.insert(keys.end(), members.begin(), members.end());
    }
    return keys;
}

const PublishedKeys::Written* PublishedKeys::written(std::string_view name) const {
    const auto found = written_.find(path(name));
    return found == written_.end() ? nullptr : &found->second;
}

void PublishedKeys::publish() {
    publishing_ = true;
    renew_sessions();
    const std::vector<Key> keys = this->keys();
    std::set<std::string, std::less<>> gone;
    for (const auto& [path, written] : written_) {
        gone.insert(path);
    }
    bool released = false;
    for (const Key& key : keys) {
        // The last position is written before the lock is given up.
        if (!released && key.name != "initialize" && key.name != "config" && key.name != "status") {
            released = true;
            release_leader();
        }
        write(key);
        gone.erase(path(key.name));
    }
    for (const std::string& path : gone) {
        remove(path);
    }
    for (auto& [name, session] : sessions_) {
        session.loop_ran = false;
    }
    publishing_ = false;
}

void PublishedKeys::renew_sessions() {
    for (const MemberState& member : cluster_.members) {
        const auto found = sessions_.find(member.name);
        if (!member.has_key) {
            if (found != sessions_.end()) {
                expire(member.name);
            }
            continue;
        }
        Session& session = sessions_[member.name];
        const bool lives = member.alive && member.reaches_store;
        session.loop_ran = found == sessions_.end() || (lives && member.renewed != session.renewed);
        session.renewed = member.renewed;
        if (cluster_.store == SimulatedStore::etcd2) {
            continue;
        }
        const bool lost = leases_.find(session.lease) == nullptr;
        if (session.loop_ran && (lost || session.ttl != cluster_.ttl)) {
            leases_.keep(session.lease, std::nullopt);
            session.lease = *leases_.grant(0, cluster_.ttl, true);
            session.ttl = cluster_.ttl;
        }
        leases_.keep(session.lease, member.renewed + cluster_.ttl);
    }
}

/// Nobody has renewed what the member had.
void PublishedKeys::expire(const std::string& member) {
    std::vector<std::string> keys;
    if (const Written* leader = written("leader"); leader != nullptr && leader->value == member) {
        keys.push_back(path("leader"));
    }
    keys.push_back(path("members/" + member));
    if (cluster_.store == SimulatedStore::etcd3) {
        leases_.revoke(sessions_[member].lease);
    }
    store_.expire(keys);
    for (const std::string& key : keys) {
        written_.erase(key);
    }
    sessions_.erase(member);
}

void PublishedKeys::release_leader() {
    const Written* leader = written("leader");
    if (leader != nullptr && cluster_.lock != leader->value) {
        remove(path("leader"));
    }
}

void PublishedKeys::remove(const std::string& path) {
    const bool compares = path.ends_with("/leader") || path.ends_with("/sync");
    store_.erase(path,
                 compares ? EtcdChange::Action::compare_and_remove : EtcdChange::Action::remove);
    written_.erase(path);
}

/// Whether the key is to be written although it says the same.
bool PublishedKeys::is_due(const Key& key) const {
    const auto session = [&](const MemberState* member) {
        const auto found = member == nullptr ? sessions_.end() : sessions_.find(member->name);
        return found == sessions_.end() ? nullptr : &found->second;
    };
    const bool missing = store_.find(path(key.name)) == nullptr;
    if (key.owner != nullptr) {
        const Session* own = session(key.owner);
        const bool other_lease = own != nullptr && own->lease != written(key.name)->lease;
        return own != nullptr && own->loop_ran &&
               (missing || other_lease || cluster_.store == SimulatedStore::etcd2);
    }
    // The leader sees to these.
    const bool kept = key.name == "initialize" || key.name == "config" || key.name == "history";
    const Session* leader = session(cluster_.lock ? cluster_.find(*cluster_.lock) : nullptr);
    return kept && missing && leader != nullptr && leader->loop_ran;
}

void PublishedKeys::write(const Key& key) {
    EtcdEntry entry{.value = key.value};
    const bool ends = key.owner != nullptr && cluster_.store == SimulatedStore::etcd2;
    if (ends) {
        entry.ends = key.owner->renewed + cluster_.ttl;
        entry.kept = true;
    } else if (key.owner != nullptr) {
        entry.lease = sessions_[key.owner->name].lease;
    }
    const Written* before = written(key.name);
    const std::string where = path(key.name);
    if (before == nullptr || before->value != key.value || is_due(key)) {
        written_[where] = {.value = entry.value, .lease = entry.lease};
        const auto action = action_for(key.name, store_.find(where) != nullptr);
        store_.write(where, std::move(entry), action);
    } else if (ends) {
        store_.prolong(where, *entry.ends);
    }
}

std::optional<std::string> PublishedKeys::foreign(std::string_view name) {
    const EtcdEntry* entry = store_.find(path(name));
    const Written* before = written(name);
    if (entry == nullptr) {
        return written_.erase(path(name)) != 0 ? std::optional(std::string()) : std::nullopt;
    }
    if (before != nullptr && before->value == entry->value) {
        return std::nullopt;
    }
    written_[path(name)] = {.value = entry->value, .lease = entry->lease};
    return entry->value;
}

bool PublishedKeys::import(ClusterState& cluster) {
    bool changed = false;
    if (const auto text = foreign("config")) {
        // What is no object is left alone until somebody mends it.
        const Result<Value> config = codec::parse_json(*text);
        if (config && config->if_object() != nullptr) {
            set_config(cluster, *config);
        } else if (text->empty()) {
            cluster.has_config = false;
        }
        changed = true;
    }
    if (const auto text = foreign("failover")) {
        set_failover(cluster, *text);
        changed = true;
    }
    if (const auto text = foreign("leader")) {
        // Whoever it names: nobody else takes the lock then.
        cluster.lock = text->empty() ? std::nullopt : std::optional(*text);
        changed = true;
    }
    if (const auto text = foreign("sync")) {
        SyncState sync = codec::read_sync(*text).value.value_or(SyncState{});
        cluster.sync_leader = std::move(sync.leader);
        cluster.sync_standbys = std::move(sync.standbys);
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
