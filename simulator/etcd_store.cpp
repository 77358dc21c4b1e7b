#include "simulator/etcd_store.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace patroni::simulation {
namespace {

// etcd 3 keeps everything until it is told; a simulation that runs for days must end somewhere.
constexpr std::size_t max_history_3 = 100'000;

std::string below(std::string_view path) {
    return std::string(path) + "/";
}

/// Moves the names of what is removed to `gone`.
void erase_below(EtcdStore::Keys& keys, std::string_view path, std::vector<std::string>& gone) {
    const std::string prefix = below(path);
    auto key = keys.lower_bound(prefix);
    while (key != keys.end() && key->first.starts_with(prefix)) {
        gone.push_back(key->first);
        key = keys.erase(key);
    }
}

}  // namespace

void EtcdStore::put(std::string_view key, std::string_view value) {
    write(key, {.value = std::string(value)}, Action::set);
}

bool EtcdStore::remove(std::string_view key) {
    return erase(key, Action::remove).before.has_value();
}

void EtcdStore::expire(const std::vector<std::string>& keys) {
    const Batch batch(*this);
    for (const std::string& key : keys) {
        erase(key, Action::expire);
    }
}

void EtcdStore::prolong(std::string_view key, Time ends) {
    if (const auto found = entries_.find(key); found != entries_.end()) {
        found->second.ends = ends;
    }
}

void EtcdStore::end_lifetimes() {
    if (kind_ == SimulatedStore::etcd3) {
        return;  // its leases end
    }
    std::vector<std::pair<Time, std::string>> over;
    for (const Keys* keys : {&entries_, &directories_}) {
        for (const auto& [key, entry] : *keys) {
            if (entry.ends && !entry.kept && *entry.ends <= time_) {
                over.emplace_back(*entry.ends, key);
            }
        }
    }
    std::ranges::sort(over);  // in the order in which they ended
    for (const auto& [ends, key] : over) {
        if (directories_.contains(key)) {
            erase_directory(key, Action::expire);
        } else {
            erase(key, Action::expire);
        }
    }
}

int EtcdStore::listen(Listener listener) {
    listeners_.emplace(++last_listener_, std::move(listener));
    return last_listener_;
}

const EtcdEntry* EtcdStore::find(std::string_view key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second;
}

bool EtcdStore::is_empty_directory(std::string_view path) const {
    const std::string prefix = below(path);
    const auto has_none = [&](const auto& map) {
        const auto next = map.lower_bound(prefix);
        return next == map.end() || !next->first.starts_with(prefix);
    };
    return has_none(entries_) && has_none(directories_);
}

EtcdChange EtcdStore::write(std::string_view key, EtcdEntry entry, Action action, bool quiet) {
    EtcdChange change{
        .action = action, .quiet = quiet, .index = next_index(), .key = std::string(key)};
    make_parents(key, change.index);
    const auto [place, is_new] = entries_.try_emplace(change.key);
    if (!is_new) {
        change.before = std::move(place->second);
    }
    const bool goes_on = !is_new && (kind_ == SimulatedStore::etcd3 || action != Action::set);
    entry.created = goes_on ? change.before->created : change.index;
    entry.version = is_new ? 1 : change.before->version + 1;
    entry.modified = change.index;
    place->second = entry;
    change.now = std::move(entry);
    return record(std::move(change));
}

EtcdChange EtcdStore::make_directory(std::string_view path, EtcdEntry entry, Action action) {
    EtcdChange change{.action = action, .index = next_index(), .key = std::string(path)};
    make_parents(path, change.index);
    change.directory = true;
    if (const auto found = entries_.find(path); found != entries_.end()) {
        change.before = found->second;
        change.replaced_key = true;
        entries_.erase(found);
    }
    const auto [place, is_new] = directories_.try_emplace(change.key);
    if (!is_new) {
        change.before = place->second;
    }
    entry.created = is_new ? change.index : place->second.created;
    // A directory keeps its number when its lifetime changes; only the event has the new one.
    entry.modified = is_new ? change.index : place->second.modified;
    place->second = entry;
    entry.modified = change.index;
    change.now = std::move(entry);
    return record(std::move(change));
}

EtcdChange EtcdStore::erase(std::string_view key, Action action) {
    EtcdChange change{.action = action, .key = std::string(key)};
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
        return change;
    }
    change.index = next_index();
    change.before = std::move(found->second);
    entries_.erase(found);
    return record(std::move(change));
}

EtcdChange EtcdStore::erase_directory(std::string_view path, Action action) {
    EtcdChange change{.action = action, .key = std::string(path), .directory = true};
    const auto found = directories_.find(path);
    if (found == directories_.end()) {
        return change;
    }
    change.index = next_index();
    change.before = std::move(found->second);
    directories_.erase(found);
    erase_below(entries_, path, change.below);
    erase_below(directories_, path, change.below);
    return record(std::move(change));
}

void EtcdStore::end_batch() {
    if (--batches_ == 0 && !batch_.empty()) {
        untold_.push_back(std::exchange(batch_, {}));
        tell();
    }
}

void EtcdStore::compact(std::int64_t index) {
    // A key that was written at this very revision is still there for who starts to watch with it.
    const auto stays = [&](const EtcdChange& change) {
        return kind_ == SimulatedStore::etcd3 && change.index == index && change.now;
    };
    const auto end = std::ranges::find_if(
        history_, [&](const EtcdChange& change) { return change.index > index; });
    history_.erase(std::remove_if(history_.begin(), end, std::not_fn(stays)), end);
    forgotten_ = std::max(forgotten_, index);
}

std::int64_t EtcdStore::next_index() {
    const bool same = kind_ == SimulatedStore::etcd3 && batches_ > 0 && !batch_.empty();
    return same ? index_ : ++index_;
}

void EtcdStore::make_parents(std::string_view key, std::int64_t index) {
    if (kind_ == SimulatedStore::etcd3) {
        return;
    }
    for (std::size_t slash = key.find('/', 1); slash != std::string_view::npos;
         slash = key.find('/', slash + 1)) {
        directories_.try_emplace(std::string(key.substr(0, slash)),
                                 EtcdEntry{.created = index, .modified = index});
    }
}

EtcdChange EtcdStore::record(EtcdChange change) {
    change.at = time_;
    history_.push_back(change);
    const std::size_t limit = kind_ == SimulatedStore::etcd2 ? etcd2_history : max_history_3;
    if (history_.size() > limit) {
        forgotten_ = history_.front().index;
        history_.pop_front();
    }
    if (batches_ > 0) {
        batch_.push_back(change);
    } else {
        untold_.push_back({change});
        tell();
    }
    return change;
}

void EtcdStore::tell() {
    if (std::exchange(telling_, true)) {
        return;
    }
    while (!untold_.empty()) {
        const std::vector<EtcdChange> changes = std::move(untold_.front());
        untold_.pop_front();
        const auto listeners = listeners_;  // one of them may end another
        for (const auto& [number, listener] : listeners) {
            if (listeners_.contains(number)) {
                listener(changes);
            }
        }
    }
    telling_ = false;
}

}  // namespace patroni::simulation
