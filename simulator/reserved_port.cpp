#include "simulator/reserved_port.hpp"

#include <boost/asio/io_context.hpp>

#include <sys/socket.h>

namespace patroni::simulation {

using boost::asio::ip::tcp;

tcp::acceptor bound_acceptor(boost::asio::io_context& context, std::uint16_t port) {
    tcp::acceptor acceptor{context};
    acceptor.open(tcp::v4());
    // Lets the listener share the port with the holder, which never listens: so nobody else can get
    // the port while the listener is closed, and no client can by chance connect to itself.
    const int on = 1;
    ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    acceptor.bind({boost::asio::ip::address_v4::loopback(), port});
    return acceptor;
}

ReservedPort::ReservedPort(boost::asio::io_context& context) : holder_(bound_acceptor(context, 0)) {
    address_ = {.host = "127.0.0.1", .port = holder_.local_endpoint().port()};
}

}  // namespace patroni::simulation
