#pragma once

#include "simulator/clock.hpp"
#include "simulator/cluster_state.hpp"
#include "simulator/etcd_change.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::simulation {

/// The Patronis of one cluster: each runs its loop every `loop_wait` seconds, acts upon what is in
/// the store, and carries out actions that take time. The rules are those of Patroni's ha.py.
class HaLoop {
public:
    /// How the cluster gets to the store and back.
    struct Store {
        std::function<void()> write;
        std::function<bool()> read;  ///< Whether somebody else had changed it.
    };
    /// Called once with the outcome of an action and Patroni's text for it.
    using Done = std::function<void(bool, const std::string&)>;

    HaLoop(ClusterState& cluster, Clock& clock, Store store);

    ClusterState& cluster() { return cluster_; }
    Clock& clock() { return clock_; }

    /// The member's loops begin (its first is now), or go on at once.
    void wake(const MemberState& member);
    /// All loops begin, one after the other.
    void wake_all();
    /// Something changed by itself: streams, keys.
    void changed(MemberState& member);
    /// Reads what others wrote into the store.
    void refresh();
    /// Others wrote this: a Patroni is told of some keys by its own watch.
    void hear(const std::vector<EtcdChange>& changes);

    // Actions of one Patroni. `busy` says why it cannot: "restart already in progress".
    std::string busy(const MemberState& member) const;
    void restart(MemberState& member, std::chrono::milliseconds timeout, Done done);
    void reinitialize(MemberState& member);
    void crash(MemberState& member);
    /// Its loops stop, or go on at once.
    void hang(MemberState& member, bool on);
    /// It does not reach the store any more, or it is gone: its keys stay for a while.
    void stop_renewing(MemberState& member);
    /// The processes start anew; what the member becomes is decided by its loops.
    void boot(MemberState& member);

    // From the store and back to it.
    void partition(MemberState& member);
    void heal(MemberState& member);
    /// The store decides nothing any more: no member reaches it, and nothing expires.
    void store_lost();
    /// As before. `renewed`: an election has given every key its full time.
    void store_back(bool renewed);

    /// Why Patroni's REST API refuses a switchover or failover; empty: it does not.
    std::string refusal(const std::string& leader, const std::string& candidate,
                        const std::string& action) const;

private:
    // ha_loop.cpp
    void schedule(const std::string& name, SimulatedMoment delay);
    void expire_later(const MemberState& member);
    void loop(MemberState& member);
    void cycle(MemberState& member);
    void recover(MemberState& member);
    void lead(MemberState& member);
    void follow(MemberState& member);
    void without_leader(MemberState& member);
    void run_scheduled_restart(MemberState& member);
    void step_down(MemberState& member);
    void release(MemberState& member);

    // leader_race.cpp
    bool is_healthiest(const MemberState& member) const;
    bool wins_race(const MemberState& member, bool check_lag, const std::string& without) const;
    bool wins_requested(const MemberState& member) const;
    bool is_lagging(const MemberState& member) const;
    bool can_take_over(const MemberState& member) const;
    bool someone_can_take_over(const MemberState& leader, bool without_candidate) const;
    void act_on_request(MemberState& leader);
    bool is_time_for(WallTime at, const std::function<void()>& clean_up, MemberState& member);

    // postgres_actions.cpp
    /// Runs the step then, unless the member died or its action was cancelled.
    void step(MemberState& member, SimulatedMoment delay, std::function<void(MemberState&)> next);
    void begin(MemberState& member, std::string action);
    void start_postgres(MemberState& member, std::function<void(MemberState&)> then);
    void promote(MemberState& member);
    void demote(MemberState& member);
    void connect(MemberState& member);

    // store_loss.cpp
    void lose_store(MemberState& member);
    void without_store(MemberState& member);
    bool keeps_lead_by_failsafe(MemberState& member);

    ClusterState& cluster_;
    Clock& clock_;
    Store store_;
    std::map<std::string, unsigned> loops_;  ///< Which of the scheduled loops of a member counts.
};

/// Whether Patroni may make it the leader at all.
bool may_lead(const ClusterState& cluster, const MemberState& member);

}  // namespace patroni::simulation
