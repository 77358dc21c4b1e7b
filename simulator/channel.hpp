#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace patroni::simulation {

/// A server's end of one connection, with or without TLS.
class Channel {
public:
    using Socket = boost::asio::ip::tcp::socket;
    using Done = std::function<void(boost::system::error_code, std::size_t)>;

    /// `tls` is nullptr for plain TCP.
    Channel(Socket socket, std::shared_ptr<boost::asio::ssl::context> tls);

    Socket::executor_type executor() { return socket_.get_executor(); }
    /// The TLS handshake, if there is one to make.
    void open(std::function<void(boost::system::error_code)> done);
    void read_some(boost::asio::mutable_buffer into, Done done);
    void write(boost::asio::const_buffer bytes, Done done);
    /// Tells the client that nothing follows; with TLS it waits for the client to say the same, as
    /// Patroni's workers do.
    void end(std::function<void()> done);
    void close();
    /// As the death of a process does while bytes are unread.
    void reset();

private:
    Socket socket_;
    std::shared_ptr<boost::asio::ssl::context> context_;
    std::optional<boost::asio::ssl::stream<Socket&>> tls_;
};

}  // namespace patroni::simulation
