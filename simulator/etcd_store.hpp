#pragma once

#include "simulator/etcd_change.hpp"

#include <patroni/simulator.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::simulation {

/// The keys of one etcd API with its counter of changes (index, revision), the changes themselves,
/// and who wants to know of them. No sockets, no clock; one thread.
class EtcdStore {
public:
    using Action = EtcdChange::Action;
    /// Gets the changes of one write (in etcd 3: of one transaction), in order, when it is done. It
    /// may write itself: that is told after this, to all.
    using Listener = std::function<void(const std::vector<EtcdChange>&)>;

    explicit EtcdStore(SimulatedStore kind) : kind_(kind) {}

    void put(std::string_view key, std::string_view value);
    /// As above with a lifetime that the caller renews and ends: `set_ttl`, `expire`.
    void put(std::string_view key, std::string_view value,
             std::optional<std::chrono::milliseconds> ttl, std::int64_t lease);
    /// False when there is no such key.
    bool remove(std::string_view key);
    /// Writes if the key's last change is `expected` (0: if there is no such key) and returns the
    /// new index; nullopt: it is not, and nothing was done.
    std::optional<std::int64_t> compare_and_put(std::string_view key, std::int64_t expected,
                                                std::string_view value,
                                                std::optional<std::chrono::milliseconds> ttl = {},
                                                std::int64_t lease = 0);
    /// Removes if the key's last change is `expected`.
    bool compare_and_remove(std::string_view key, std::int64_t expected);
    /// The lifetime of these keys has ended: one change of all in etcd 3, one after the other in
    /// etcd 2. Keys that do not exist are left out.
    void expire(const std::vector<std::string>& keys);
    /// Time passed, or a loop renewed the key: no change that anybody sees.
    void set_ttl(std::string_view key, std::chrono::milliseconds ttl);
    /// Time passes for what is `counted`; in etcd 2 what has none left expires. (Leases of etcd 3
    /// are EtcdLeases'.)
    void advance(std::chrono::milliseconds time);

    /// Calls the listener from now on; the number is for `unlisten`.
    int listen(Listener listener);
    void unlisten(int listener) { listeners_.erase(listener); }

    const std::map<std::string, EtcdEntry, std::less<>>& entries() const { return entries_; }
    const EtcdEntry* find(std::string_view key) const;
    /// Directories (no slash at the end) of etcd 2, which keeps empty ones.
    const std::map<std::string, EtcdEntry, std::less<>>& directories() const {
        return directories_;
    }
    bool is_empty_directory(std::string_view path) const;
    std::int64_t index() const { return index_; }

    /// What the APIs write: `entry` without its numbers. In etcd 2 `set` makes a new key of an old
    /// one. Returns the change.
    EtcdChange write(std::string_view key, EtcdEntry entry, Action action, bool quiet = false);
    EtcdChange make_directory(std::string_view path, EtcdEntry entry, Action action);
    EtcdChange erase(std::string_view key, Action action);
    /// With all that is below.
    EtcdChange erase_directory(std::string_view path, Action action);
    /// While one exists, all changes are one transaction.
    class Batch {
    public:
        explicit Batch(EtcdStore& store) : store_(store) { ++store_.batches_; }
        ~Batch() { store_.end_batch(); }
        Batch(const Batch&) = delete;
        Batch& operator=(const Batch&) = delete;

    private:
        EtcdStore& store_;
    };

    /// Changes that are still known, the oldest first: 1000 in etcd 2, in etcd 3 those after
    /// `compact`.
    const std::deque<EtcdChange>& history() const { return history_; }
    /// Changes before this index are not known any more, and (etcd 2) that one neither.
    std::int64_t forgotten() const { return forgotten_; }
    /// Forgets the changes up to this index, as etcd 3 does when it is compacted.
    void compact(std::int64_t index);
    /// All time that has passed.
    std::chrono::milliseconds elapsed() const { return elapsed_; }

private:
    std::int64_t next_index();
    void make_parents(std::string_view key, std::int64_t index);
    EtcdChange record(EtcdChange change);
    void end_batch();
    void tell();

    SimulatedStore kind_;
    std::map<std::string, EtcdEntry, std::less<>> entries_;
    std::map<std::string, EtcdEntry, std::less<>> directories_;
    std::int64_t index_ = 3;  // what a new server has written itself
    std::deque<EtcdChange> history_;
    std::int64_t forgotten_ = 0;
    std::chrono::milliseconds elapsed_{0};
    int batches_ = 0;
    std::vector<EtcdChange> batch_;
    std::deque<std::vector<EtcdChange>> untold_;
    bool telling_ = false;
    std::map<int, Listener> listeners_;
    int last_listener_ = 0;
};

}  // namespace patroni::simulation
