#include "simulator/published_keys.hpp"

#include "codec/dcs_values.hpp"
#include "codec/json.hpp"
#include "simulator/failover_request.hpp"

#include <set>
#include <utility>

namespace patroni::simulation {
namespace {

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
    for (const Key& key : keys) {
        write(key);
        gone.erase(path(key.name));
        if (key.name == "status" || key.name == "optime/leader") {
            release_leader();
        }
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

}  // namespace patroni::simulation
