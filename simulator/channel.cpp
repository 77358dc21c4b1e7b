#include "simulator/channel.hpp"

#include <boost/asio/write.hpp>

#include <utility>

namespace patroni::simulation {

namespace asio = boost::asio;

Channel::Channel(Socket socket, std::shared_ptr<asio::ssl::context> tls)
    : socket_(std::move(socket)), context_(std::move(tls)) {
    if (context_) {
        tls_.emplace(socket_, *context_);
    }
}

void Channel::open(std::function<void(boost::system::error_code)> done) {
    if (tls_) {
        tls_->async_handshake(asio::ssl::stream_base::server, std::move(done));
    } else {
        done({});
    }
}

void Channel::read_some(asio::mutable_buffer into, Done done) {
    tls_ ? tls_->async_read_some(into, std::move(done))
         : socket_.async_read_some(into, std::move(done));
}

void Channel::write(asio::const_buffer bytes, Done done) {
    tls_ ? asio::async_write(*tls_, bytes, std::move(done))
         : asio::async_write(socket_, bytes, std::move(done));
}

void Channel::end(std::function<void()> done) {
    if (tls_) {
        tls_->async_shutdown([done = std::move(done)](boost::system::error_code) { done(); });
        return;
    }
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    done();
}

void Channel::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void Channel::reset() {
    boost::system::error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
}

}  // namespace patroni::simulation
