// The part of Simulator that is about time, and what happens to members in it.
#include "simulator/simulator_impl.hpp"

#include <algorithm>

namespace patroni {

using simulation::ClusterState;
using simulation::MemberState;
using std::chrono::milliseconds;

void Simulator::crash_postgres(std::string_view member) {
    impl_->change(member, [](const Impl::Found& found) {
        if (!found.member.running()) {
            throw std::logic_error("patroni::Simulator: PostgreSQL of '" + found.member.name +
                                   "' does not run");
        }
        found.entry.ha->crash(found.member);
    });
}

void Simulator::fail_starts(std::string_view member, bool on) {
    impl_->change(member, [on](const Impl::Found& found) { found.member.start_fails = on; });
}

void Simulator::partition(std::string_view member) {
    impl_->change(member,
                  [](const Impl::Found& found) { found.entry.ha->partition(found.member); });
}

void Simulator::heal(std::string_view member) {
    impl_->change(member, [](const Impl::Found& found) { found.entry.ha->heal(found.member); });
}

void Simulator::hang(std::string_view member, bool on) {
    impl_->change(member,
                  [on](const Impl::Found& found) { found.entry.ha->hang(found.member, on); });
}

void Simulator::conflict(unsigned times, std::string_view scope) {
    impl_->change_cluster(scope, [times](ClusterState& cluster) { cluster.conflicts = times; });
}

void Simulator::pending_restart(std::string_view member, std::string_view parameter,
                                std::string_view old_value, std::string_view new_value) {
    impl_->change(member, [&](const Impl::Found& found) {
        Value& reasons = found.member.pending_restart;
        if (reasons.is_null()) {
            reasons = Value::object();
        }
        reasons.set(parameter, Value::object({{"old_value", old_value}, {"new_value", new_value}}));
        settle(found.entry.state);
    });
}

void Simulator::lag_rate(std::string_view member, std::int64_t bytes_per_second) {
    impl_->change(member, [&](const Impl::Found& found) {
        found.member.lag_rate = bytes_per_second;
        impl_->grow_lag(found.entry, found.member.name, ++found.member.lag_rate_count);
    });
}

void Simulator::Impl::grow_lag(Entry& entry, const std::string& name, unsigned number) {
    clock_.after(std::chrono::seconds(1), [this, &entry, name, number] {
        MemberState* member = entry.state.find(name);
        if (member == nullptr || member->lag_rate == 0 || member->lag_rate_count != number) {
            return;
        }
        if (entry.state.follows(*member)) {
            const auto before = static_cast<std::int64_t>(member->receive_lag);
            const std::int64_t after = std::max<std::int64_t>(0, before + member->lag_rate);
            simulation::lag(entry.state, *member, static_cast<std::uint64_t>(after), 0, now());
            publish(entry);
            member->lag_rate = after == 0 ? 0 : member->lag_rate;
        }
        grow_lag(entry, name, number);
    });
}

void Simulator::advance(milliseconds time) {
    impl_->run([&] {
        impl_->clock_.advance(time);
        for (auto& [scope, entry] : impl_->clusters_) {
            impl_->publish(*entry);
        }
    });
}

void Simulator::run_real_time(double scale) {
    if (!(scale > 0)) {
        throw std::invalid_argument("patroni::Simulator: time must pass");
    }
    impl_->run([&] { impl_->clock_.run(scale); });
}

void Simulator::stop_time() {
    impl_->run([&] { impl_->clock_.run(0); });
}

WallTime Simulator::now() const {
    return impl_->run([&] { return impl_->now(); });
}

bool Simulator::wait_until(const std::function<bool()>& condition, milliseconds timeout) {
    constexpr milliseconds step{100};
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (!condition()) {
        if (!impl_->run([&] { return impl_->clock_.is_manual(); })) {
            if (std::chrono::steady_clock::now() >= deadline) {
                return false;
            }
            std::this_thread::sleep_for(milliseconds(1));
        } else if (timeout > milliseconds{0}) {
            advance(std::min(step, timeout));
            timeout -= step;
        } else {
            return false;
        }
    }
    return true;
}

void Simulator::expire() {
    impl_->run([&] {
        for (auto& [scope, entry] : impl_->clusters_) {
            ClusterState& cluster = entry->state;
            if (!cluster.store_decides) {
                continue;
            }
            const auto lock = cluster.lock;
            for (MemberState& member : cluster.members) {
                if (member.has_key && (!member.alive || !member.reaches_store)) {
                    drop_keys(cluster, member);
                }
            }
            settle(cluster);
            impl_->publish(*entry);
            if (cluster.lock != lock) {
                entry->ha->wake_all();
            }
        }
    });
}

}  // namespace patroni
