#include "discovery/cluster_mirror.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace patroni::discovery {
namespace {

StoreEvent simple(StoreEvent::Kind kind, std::uint64_t revision = 0) {
    StoreEvent event;
    event.kind = kind;
    event.revision = revision;
    return event;
}

StoreEvent failed(StoreEvent::Kind kind, Error error) {
    StoreEvent event;
    event.kind = kind;
    event.endpoint = error.endpoint;
    event.error = std::move(error);
    return event;
}

StoredKey stored(const dcs::Entry& entry) {
    return {entry.value, entry.modified};
}

bool differ(const dcs::Entry& a, const dcs::Entry& b) {
    return a.modified != b.modified || a.value != b.value;
}

}  // namespace

ClusterMirror::ClusterMirror(std::string name_space, std::string scope, bool raw,
                             dcs::RemovalHold hold)
    : name_space_(std::move(name_space)),
      scope_(std::move(scope)),
      prefix_(dcs_prefix(name_space_, scope_)),
      raw_(raw),
      hold_(hold) {}

std::vector<StoreEvent> ClusterMirror::take(dcs::WatchEvent event, Time now) {
    if (auto* snapshot = std::get_if<dcs::WatchSnapshot>(&event)) {
        return take_snapshot(*snapshot, now);
    }
    if (auto* changes = std::get_if<dcs::WatchChanges>(&event)) {
        spread(changes->changes);
        hold_back(changes->changes, now);
        return apply(std::move(changes->changes), changes->revision);
    }
    std::vector<StoreEvent> told;
    if (auto* connected = std::get_if<dcs::WatchConnected>(&event)) {
        told.push_back(simple(StoreEvent::Kind::connected));
        told.back().endpoint = std::move(connected->endpoint);
    } else if (auto* lost = std::get_if<dcs::WatchLost>(&event)) {
        told.push_back(failed(StoreEvent::Kind::lost, std::move(lost->error)));
    } else {
        told.push_back(
            failed(StoreEvent::Kind::ended, std::move(std::get<dcs::WatchEnded>(event).error)));
    }
    return told;
}

std::vector<StoreEvent> ClusterMirror::take_snapshot(const dcs::WatchSnapshot& snapshot, Time now) {
    std::vector<StoreEvent> told;
    const bool marks_end = std::exchange(is_first_, false) || snapshot.gap;
    if (snapshot.gap) {
        told.push_back(simple(StoreEvent::Kind::gap, snapshot.now.revision));
    }
    auto changes = differences(snapshot.now);
    hold_back(changes, now);
    auto events = apply(std::move(changes), snapshot.now.revision);
    std::move(events.begin(), events.end(), std::back_inserter(told));
    if (marks_end) {
        told.push_back(simple(StoreEvent::Kind::current, snapshot.now.revision));
    }
    return told;
}

std::vector<dcs::Change> ClusterMirror::differences(const dcs::Snapshot& now) const {
    std::vector<dcs::Change> changes;
    auto old = keys_.begin();
    const auto remove_up_to = [&](const std::string* key) {
        for (; old != keys_.end() && (key == nullptr || old->first < *key); ++old) {
            dcs::Change change;
            change.entry.key = old->first;
            change.removed = true;
            changes.push_back(std::move(change));
        }
    };
    for (const dcs::Entry& entry : now.entries) {
        remove_up_to(&entry.key);
        const bool known = old != keys_.end() && old->first == entry.key;
        if (!known || differ(old->second, entry) || held_.contains(entry.key)) {
            changes.push_back({entry, false});
        }
        if (known) {
            ++old;
        }
    }
    remove_up_to(nullptr);
    return changes;
}

/// In place of a folder that was removed, each key in it.
void ClusterMirror::spread(std::vector<dcs::Change>& changes) const {
    std::vector<dcs::Change> all;
    for (dcs::Change& change : changes) {
        if (!change.removed || !change.entry.key.ends_with('/')) {
            all.push_back(std::move(change));
            continue;
        }
        const std::string& folder = change.entry.key;
        for (auto key = keys_.lower_bound(folder);
             key != keys_.end() && key->first.starts_with(folder); ++key) {
            dcs::Change one;
            one.removed = true;
            one.entry.key = key->first;
            one.entry.modified = change.entry.modified;
            all.push_back(std::move(one));
        }
    }
    changes = std::move(all);
}

std::chrono::milliseconds ClusterMirror::hold_of(const std::string& key) const {
    const auto found = raw_ ? std::nullopt : locate(key, prefix_, scope_);
    if (!found) {
        return {};
    }
    return found->relative == "leader"               ? hold_.leader
           : found->relative.starts_with("members/") ? hold_.member
                                                     : std::chrono::milliseconds(0);
}

void ClusterMirror::hold_back(std::vector<dcs::Change>& changes, Time now) {
    std::erase_if(changes, [&](dcs::Change& change) {
        const std::string& key = change.entry.key;
        if (!change.removed) {
            held_.erase(key);
            return false;
        }
        const auto time = hold_of(key);
        if (time.count() == 0 || !keys_.contains(key)) {
            return false;
        }
        held_.try_emplace(key, Held{now + time, change});  // One that is held keeps its time.
        return true;
    });
}

std::optional<ClusterMirror::Time> ClusterMirror::due() const {
    std::optional<Time> first;
    for (const auto& [key, held] : held_) {
        first = first ? std::min(*first, held.due) : held.due;
    }
    return first;
}

std::vector<StoreEvent> ClusterMirror::release(Time now) {
    std::vector<dcs::Change> changes;
    std::uint64_t revision = 0;
    for (auto held = held_.begin(); held != held_.end();) {
        if (held->second.due > now) {
            ++held;
            continue;
        }
        revision = std::max(revision, held->second.change.entry.modified);
        changes.push_back(std::move(held->second.change));
        held = held_.erase(held);
    }
    return apply(std::move(changes), revision);
}

std::optional<KeyChange> ClusterMirror::apply_one(dcs::Change change) {
    KeyChange told;
    told.key = change.entry.key;
    const auto known = keys_.find(told.key);
    if (known != keys_.end()) {
        told.before = stored(known->second);
    }
    if (!change.removed) {
        told.now = stored(change.entry);
        keys_.insert_or_assign(told.key, std::move(change.entry));
    } else if (known == keys_.end()) {
        return std::nullopt;  // Created and removed in one transaction, or a folder's ghost.
    } else {
        keys_.erase(known);
    }
    return told;
}

std::vector<StoreEvent> ClusterMirror::apply(std::vector<dcs::Change> changes,
                                             std::uint64_t revision) {
    std::vector<StoreEvent> told;
    std::vector<KeyChange> raw;
    std::map<ClusterName, std::vector<KeyChange>> by_cluster;
    for (dcs::Change& change : changes) {
        auto one = apply_one(std::move(change));
        if (!one) {
            continue;
        }
        if (raw_) {
            raw.push_back(*std::move(one));
        } else if (auto found = locate(one->key, prefix_, scope_)) {
            by_cluster[std::move(found->cluster)].push_back(*std::move(one));
        }
    }
    if (!raw.empty()) {
        told.push_back(simple(StoreEvent::Kind::keys, revision));
        told.back().changes = std::move(raw);
    }
    for (auto& [name, of_cluster] : by_cluster) {
        const bool was_told = told_.contains(name);
        StoreEvent event = event_of(name, std::move(of_cluster), revision);
        if (event.cluster != nullptr || was_told) {
            told.push_back(std::move(event));
        }
    }
    return told;
}

StoreEvent ClusterMirror::event_of(const ClusterName& name, std::vector<KeyChange> changes,
                                   std::uint64_t revision) {
    StoreEvent event = simple(StoreEvent::Kind::cluster, revision);
    event.scope = name.scope;
    event.group = name.group;
    event.changes = std::move(changes);
    const std::string path = dcs_prefix(name_space_, name.text());
    std::vector<codec::RawKey> keys;
    bool is_patroni = false;
    for (auto key = keys_.lower_bound(path); key != keys_.end() && key->first.starts_with(path);
         ++key) {
        const auto found = locate(key->first, prefix_, scope_);
        if (found && found->cluster == name) {
            is_patroni = is_patroni || is_patroni_key(found->relative);
            keys.push_back({std::string(found->relative), key->second.value, key->second.modified});
        }
    }
    if (!is_patroni) {
        told_.erase(name);
        return event;
    }
    told_.insert(name);
    event.cluster = std::make_shared<const Cluster>(
        decode_keys(name_space_, name, std::move(keys), codec::Sources::kept));
    return event;
}

}  // namespace patroni::discovery
