#include "simulator/etcd_store.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace patroni::simulation {
namespace {

using std::chrono::milliseconds;

// etcd 3 keeps everything until it is told; a simulation that runs for days must end somewhere.
constexpr std::size_t max_history_2 = 1000;
constexpr std::size_t max_history_3 = 100'000;

std::string below(std::string_view path) {
    return std::string(path) + "/";
}

template <class Map>
void erase_below(Map& map, std::string_view path) {
    const std::string prefix = below(path);
    auto end = map.lower_bound(prefix);
    const auto begin = end;
    while (end != map.end() && end->first.starts_with(prefix)) {
        ++end;
    }
    map.erase(begin, end);
}

}  // namespace

void EtcdStore::put(std::string_view key, std::string_view value) {
    put(key, value, std::nullopt, 0);
}

void EtcdStore::put(std::string_view key, std::string_view value, std::optional<milliseconds> ttl,
                    std::int64_t lease) {
    write(key, {.value = std::string(value), .ttl = ttl, .lease = lease}, Action::set);
}

bool EtcdStore::remove(std::string_view key) {
    return erase(key, Action::remove).before.has_value();
}

std::optional<std::int64_t> EtcdStore::compare_and_put(std::string_view key, std::int64_t expected,
                                                       std::string_view value,
                                                       std::optional<milliseconds> ttl,
                                                       std::int64_t lease) {
    const EtcdEntry* entry = find(key);
    if ((entry == nullptr ? 0 : entry->modified) != expected) {
        return std::nullopt;
    }
    write(key, {.value = std::string(value), .ttl = ttl, .lease = lease},
          expected == 0 ? Action::create : Action::compare_and_swap);
    return index_;
}

bool EtcdStore::compare_and_remove(std::string_view key, std::int64_t expected) {
    const EtcdEntry* entry = find(key);
    if (entry == nullptr || entry->modified != expected) {
        return false;
    }
    erase(key, Action::compare_and_remove);
    return true;
}

void EtcdStore::expire(const std::vector<std::string>& keys) {
    const Batch batch(*this);
    for (const std::string& key : keys) {
        erase(key, Action::expire);
    }
}

void EtcdStore::set_ttl(std::string_view key, milliseconds ttl) {
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.ttl && !found->second.counted) {
        found->second.ttl = ttl;
    }
}

void EtcdStore::advance(milliseconds time) {
    elapsed_ += time;
    std::vector<std::pair<milliseconds, std::string>> over;
    for (auto* map : {&entries_, &directories_}) {
        for (auto& [key, entry] : *map) {
            if (entry.counted && entry.ttl) {
                *entry.ttl -= time;
                if (*entry.ttl <= milliseconds{0}) {
                    over.emplace_back(*entry.ttl, key);
                }
            }
        }
    }
    std::ranges::sort(over);  // in the order in which they ended
    for (const auto& [left, key] : over) {
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
    entry.modified = change.index;
    place->second = entry;
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
    erase_below(entries_, path);
    erase_below(directories_, path);
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
    change.at = elapsed_;
    history_.push_back(change);
    const std::size_t limit = kind_ == SimulatedStore::etcd2 ? max_history_2 : max_history_3;
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
