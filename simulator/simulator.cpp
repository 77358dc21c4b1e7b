#include "simulator/simulator_impl.hpp"

namespace patroni {

using simulation::ClusterState;
using simulation::MemberState;

Simulator::Simulator() : impl_(std::make_unique<Impl>()) {}
Simulator::Simulator(Options options) : Simulator() {
    if (options.time == SimulatedTime::real) {
        run_real_time(options.time_scale);
    }
}
Simulator::~Simulator() = default;

void Simulator::add_cluster(SimulatedCluster options) {
    impl_->run([&] {
        if (impl_->clusters_.contains(options.scope)) {
            throw std::invalid_argument("patroni::Simulator: cluster '" + options.scope +
                                        "' exists");
        }
        auto entry = std::make_unique<Impl::Entry>();
        entry->state = simulation::make_cluster(options, impl_->now());
        ClusterState& state = entry->state;
        state.automatic = options.automatic_failover.value_or(!impl_->clock_.is_manual());
        state.time = impl_->clock_.time();
        for (MemberState& member : state.members) {
            member.renewed = state.time;
            impl_->open_ports(*entry, member);
        }
        settle_all(state);
        impl_->begin(*entry);
        impl_->clusters_.emplace(options.scope, std::move(entry));
    });
}

void Simulator::add_member(SimulatedMember member, std::string_view scope) {
    impl_->run([&] {
        Impl::Entry& entry = impl_->find_cluster(scope);
        impl_->open_ports(entry, simulation::add_member(entry.state, member, impl_->now()));
        settle(entry.state);
        impl_->publish(entry);
        entry.ha->wake(*entry.state.find(member.name));
    });
}

std::vector<std::string> Simulator::versions() {
    return simulation::simulated_lines();
}

bool Simulator::is_verified(std::string_view patroni_version) {
    return simulation::is_verified(patroni_version);
}

HostPort Simulator::api(std::string_view member) const {
    return impl_->run([&] { return impl_->find_member(member).member.api; });
}

HostPort Simulator::postgres(std::string_view member) const {
    return impl_->run([&] { return impl_->find_member(member).member.postgres; });
}

std::optional<std::string> Simulator::leader(std::string_view scope) const {
    return impl_->run([&] { return impl_->find_cluster(scope).state.lock; });
}

SimulatedTraffic Simulator::traffic(std::string_view member) const {
    return impl_->run([&] { return impl_->find_member(member).api().traffic(); });
}

void Simulator::kill(std::string_view member) {
    impl_->change(member, [](const Impl::Found& found) {
        if (found.member.alive) {
            simulation::kill(found.entry.state, found.member);
            found.entry.ha->stop_renewing(found.member);
        }
        found.api().listen(false);
    });
}

void Simulator::start(std::string_view member) {
    impl_->change(member, [this](const Impl::Found& found) {
        if (!found.entry.state.automatic) {
            simulation::start(found.entry.state, found.member, impl_->now());
            found.entry.ha->wake(found.member);
        } else if (!found.member.alive) {
            found.entry.ha->boot(found.member);
        }
        found.api().listen(true);
    });
}

void Simulator::promote(std::string_view member) {
    impl_->change(member, [this](const Impl::Found& found) {
        simulation::promote(found.entry.state, found.member, impl_->now());
    });
}

void Simulator::silence(std::string_view member, bool on) {
    impl_->change(member, [on](const Impl::Found& found) {
        found.api().hold(on);
        found.member.answers = !on;
    });
}

void Simulator::stop_postgres(std::string_view member) {
    impl_->change(member, [](const Impl::Found& found) {
        simulation::stop_postgres(found.entry.state, found.member);
    });
}

void Simulator::lag(std::string_view member, std::uint64_t receive_bytes,
                    std::uint64_t replay_bytes) {
    impl_->change(member, [&](const Impl::Found& found) {
        simulation::lag(found.entry.state, found.member, receive_bytes, replay_bytes, impl_->now());
    });
}

void Simulator::pause_replay(std::string_view member, bool on) {
    impl_->change(member, [&](const Impl::Found& found) {
        simulation::pause_replay(found.entry.state, found.member, on, impl_->now());
    });
}

void Simulator::write(std::uint64_t bytes, std::string_view scope) {
    impl_->change_cluster(
        scope, [&](ClusterState& cluster) { simulation::write(cluster, bytes, impl_->now()); });
}

void Simulator::sync_mode(SimulatedSync mode, std::string_view scope) {
    impl_->change_cluster(scope,
                          [mode](ClusterState& cluster) { simulation::set_sync(cluster, mode); });
}

void Simulator::tags(std::string_view member, Value tags) {
    impl_->change(member, [&](const Impl::Found& found) {
        simulation::set_tags(found.entry.state, found.member, tags);
    });
}

void Simulator::maintenance(bool on, std::string_view scope) {
    impl_->change_cluster(
        scope, [&](ClusterState& cluster) { simulation::set_paused(cluster, on, impl_->now()); });
}

}  // namespace patroni
