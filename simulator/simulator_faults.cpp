// The part of Simulator that makes its members' servers misbehave.
#include "simulator/simulator_impl.hpp"

namespace patroni {

void Simulator::fault(std::string_view member, const Fault& fault) {
    impl_->run([&] {
        const Impl::Found found = impl_->find_member(member);
        found.api().fault(fault);
        const bool spoils = fault.kind != Fault::Kind::slow && fault.times == 0;
        found.member.answers = !spoils || !std::string_view("/patroni").starts_with(fault.path);
    });
}

void Simulator::clear_fault(std::string_view member) {
    impl_->run([&] {
        const Impl::Found found = impl_->find_member(member);
        found.api().fault(std::nullopt);
        found.member.answers = true;
    });
}

void Simulator::tls(std::string_view member, SimulatedTls certificate) {
    impl_->run(
        [&] { impl_->find_member(member).api().tls(impl_->certificates_.server(certificate)); });
}

std::string Simulator::ca_certificate() const {
    return impl_->run([&] { return impl_->certificates_.ca_pem(); });
}

HostPort Simulator::silent_name_server() {
    return impl_->run([&] {
        using boost::asio::ip::udp;
        auto& socket = impl_->name_server_;
        if (!socket) {
            // Nobody reads: the kernel takes the questions until its buffer is full.
            socket.emplace(impl_->context_,
                           udp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
        }
        return HostPort{.host = "127.0.0.1", .port = socket->local_endpoint().port()};
    });
}

}  // namespace patroni
