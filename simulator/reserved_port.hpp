#pragma once

#include <patroni/url.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>

namespace boost::asio {
class io_context;
}

namespace patroni::simulation {

/// An acceptor that is bound to a loopback port (0: any) and does not listen yet.
boost::asio::ip::tcp::acceptor bound_acceptor(boost::asio::io_context& context, std::uint16_t port);

/// Holds a loopback port. Nothing listens there, unless an acceptor is bound to it as well.
class ReservedPort {
public:
    explicit ReservedPort(boost::asio::io_context& context);

    const HostPort& address() const { return address_; }

private:
    boost::asio::ip::tcp::acceptor holder_;
    HostPort address_;
};

}  // namespace patroni::simulation
