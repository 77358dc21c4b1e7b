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

/// How many events an etcd 2 knows.
inline constexpr int etcd2_history = 1000;

/// The keys of one etcd API with its counter of changes (index, revision), the changes themselves,
/// and who wants to know of them. No sockets; its time is moved from outside. One thread.
class EtcdStore {
public:
    using Action = EtcdChange::Action;
    using Time = std::chrono::microseconds;
    using Keys = std::map<std::string, EtcdEntry, std::less<>>;
    /// Gets the changes of one write (in etcd 3: of one transaction), in order, when it is done. It
    /// may write itself: that is told after this, to all.
    using Listener = std::function<void(const std::vector<EtcdChange>&)>;

    explicit EtcdStore(SimulatedStore kind)
        : kind_(kind), index_(kind == SimulatedStore::etcd2 ? 3 : 1) {}

    void put(std::string_view key, std::string_view value);
    /// False when there is no such key.
    bool remove(std::string_view key);
    /// The lifetime of these keys has ended: one change of all in etcd 3, one after the other in
    /// etcd 2. Keys that do not exist are left out.
    void expire(const std::vector<std::string>& keys);
    /// The key lives until then: no change that anybody is told of.
    void prolong(std::string_view key, Time ends);

    /// `entry` without its numbers. In etcd 2 `set` makes a new key of an old one; `quiet` is for
    /// its refresh.
    EtcdChange write(std::string_view key, EtcdEntry entry, Action action, bool quiet = false);
    EtcdChange make_directory(std::string_view path, EtcdEntry entry, Action action);
    EtcdChange erase(std::string_view key, Action action);
    /// With all that is below.
    EtcdChange erase_directory(std::string_view path, Action action);
    /// While one exists, all changes are one transaction in etcd 3.
    class Batch {
    public:
        explicit Batch(EtcdStore& store) : store_(store) { ++store_.batches_; }
        ~Batch() { store_.end_batch(); }
        Batch(const Batch&) = delete;
        Batch& operator=(const Batch&) = delete;

    private:
        EtcdStore& store_;
    };

    const Keys& entries() const { return entries_; }
    const EtcdEntry* find(std::string_view key) const;
    /// Directories (no slash at the end) of etcd 2, which keeps empty ones.
    const Keys& directories() const { return directories_; }
    bool is_empty_directory(std::string_view path) const;
    std::int64_t index() const { return index_; }

    Time time() const { return time_; }
    /// It is this late now. In etcd 2 what has lived long enough expires (`end_lifetimes`).
    void set_time(Time time) { time_ = time; }
    void end_lifetimes();

    /// Calls the listener from now on; the number is for `unlisten`.
    int listen(Listener listener);
    void unlisten(int listener) { listeners_.erase(listener); }

    /// Changes that are still known, the oldest first: 1000 in etcd 2, in etcd 3 those after
    /// `compact`.
    const std::deque<EtcdChange>& history() const { return history_; }
    /// Changes before this index are not known any more, and (etcd 2) that one neither.
    std::int64_t forgotten() const { return forgotten_; }
    /// Forgets the changes up to this index, as etcd 3 does when it is compacted.
    void compact(std::int64_t index);

private:
    std::int64_t next_index();
    void make_parents(std::string_view key, std::int64_t index);
    EtcdChange record(EtcdChange change);
    void end_batch();
    void tell();

    SimulatedStore kind_;
    Keys entries_;
    Keys directories_;
    std::int64_t index_;  ///< A new server has written something itself.
    std::deque<EtcdChange> history_;
    std::int64_t forgotten_ = 0;
    Time time_{0};
    int batches_ = 0;
    std::vector<EtcdChange> batch_;
    std::deque<std::vector<EtcdChange>> untold_;
    bool telling_ = false;
    std::map<int, Listener> listeners_;
    int last_listener_ = 0;
};

}  // namespace patroni::simulation
