// The part of Simulator that is about its etcd.
#include "simulator/simulator_impl.hpp"

#include <stdexcept>

namespace patroni {

namespace {

void require_quorum(const simulation::EtcdServer& etcd) {
    if (!etcd.has_quorum()) {
        throw std::logic_error("patroni::Simulator: etcd has no quorum");
    }
}

}  // namespace

HostPort Simulator::etcd() const {
    return impl_->run([&] { return impl_->etcd_port_->address(); });
}

SimulatedTraffic Simulator::etcd_traffic() const {
    return impl_->run([&] { return impl_->etcd_port_->traffic(); });
}

void Simulator::fault_etcd(const Fault& fault) {
    impl_->run([&] { impl_->etcd_port_->fault(fault); });
}

void Simulator::clear_etcd_fault() {
    impl_->run([&] { impl_->etcd_port_->fault(std::nullopt); });
}

void Simulator::tls_etcd(SimulatedTls certificate) {
    impl_->run([&] {
        impl_->etcd_port_->tls(impl_->certificates_.server(certificate));
        const std::string scheme = certificate == SimulatedTls::off ? "http://" : "https://";
        impl_->etcd_.client_url(scheme + impl_->etcd_port_->address().text());
    });
}

void Simulator::etcd_quorum(bool there) {
    impl_->run([&] {
        if (there == impl_->etcd_.has_quorum()) {
            return;
        }
        impl_->etcd_.set_quorum(there);
        for (auto& [scope, entry] : impl_->clusters_) {
            if (there) {
                entry->ha->store_back(entry->state.store == SimulatedStore::etcd3);
            } else {
                entry->ha->store_lost();
            }
        }
    });
}

void Simulator::compact_etcd() {
    impl_->run([&] {
        require_quorum(impl_->etcd_);
        for (const SimulatedStore which : {SimulatedStore::etcd2, SimulatedStore::etcd3}) {
            impl_->store(which).compact(impl_->store(which).index());
        }
    });
}

void Simulator::require_etcd_login(std::string_view user, std::string_view password,
                                   std::string_view key_prefix) {
    impl_->run([&] {
        impl_->etcd_.auth().require(std::string(user), std::string(password),
                                    std::string(key_prefix));
    });
}

void Simulator::forget_etcd_tokens() {
    impl_->run([&] { impl_->etcd_.auth().forget_tokens(); });
}

void Simulator::cut_etcd_watches() {
    impl_->run([&] { impl_->etcd_.cut_watches(); });
}

void Simulator::register_in_etcd(std::string_view image, std::string_view scope) {
    impl_->run([&] {
        require_quorum(impl_->etcd_);
        register_members(impl_->find_cluster(scope).state, std::string(image),
                         impl_->store(SimulatedStore::etcd2));
    });
}

void Simulator::put(SimulatedStore store, std::string_view key, std::string_view value) {
    impl_->run([&] {
        require_quorum(impl_->etcd_);
        impl_->store(store).put(key, value);
    });
}

void Simulator::remove(SimulatedStore store, std::string_view key) {
    impl_->run([&] {
        require_quorum(impl_->etcd_);
        impl_->store(store).remove(key);
    });
}

}  // namespace patroni
