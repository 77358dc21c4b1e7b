#include "simulator/http_server.hpp"

#include "simulator/reserved_port.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

namespace patroni::simulation {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::size_t max_request_bytes = 1024 * 1024;

class Connection;

/// What server and connections share; it outlives the server while a handler is queued.
struct Shared {
    HttpServer::Handler handler;
    bool held = false;
    SimulatedTraffic traffic;
    std::set<std::shared_ptr<Connection>> connections;
};

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(tcp::socket socket, std::shared_ptr<Shared> shared)
        : socket_(std::move(socket)), shared_(std::move(shared)) {}

    void read() {
        socket_.async_read_some(
            asio::buffer(chunk_),
            [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
                if (error || self->received_.size() > max_request_bytes) {
                    self->close();
                    return;
                }
                self->received_.append(self->chunk_.data(), size);
                if (!self->answering_) {
                    self->take();
                }
            });
    }

    /// Answers the next request, if it is complete and the server may answer.
    void take() {
        if (!pending_) {
            pending_ = take_request(received_);
            if (!pending_) {
                read();
                return;
            }
            ++shared_->traffic.requests;
        }
        if (shared_->held) {
            read();  // to notice when the client gives up
            return;
        }
        answering_ = true;
        reply_ = shared_->handler(*std::exchange(pending_, std::nullopt));
        segment_ = 0;
        write();
    }

    bool waits() const { return pending_.has_value(); }

    /// Ends the connection with a reset, as the death of a process does when bytes are unread.
    void reset() {
        boost::system::error_code ignored;
        socket_.set_option(asio::socket_base::linger(true, 0), ignored);
        close();
    }

    void close() {
        boost::system::error_code ignored;
        socket_.close(ignored);
        if (shared_->connections.erase(shared_from_this()) != 0) {
            --shared_->traffic.open;
        }
    }

private:
    void write() {
        if (segment_ < reply_.segments.size()) {
            asio::async_write(
                socket_, asio::buffer(reply_.segments[segment_]),
                [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                    ++self->segment_;
                    error ? self->close() : self->write();
                });
        } else if (reply_.close) {
            boost::system::error_code ignored;
            socket_.shutdown(tcp::socket::shutdown_send, ignored);
            close();
        } else {
            answering_ = false;
            take();
        }
    }

    tcp::socket socket_;
    std::shared_ptr<Shared> shared_;
    std::array<char, 4096> chunk_{};
    std::string received_;
    std::optional<HttpRequest> pending_;
    HttpReply reply_;
    std::size_t segment_ = 0;
    bool answering_ = false;
};

}  // namespace

class HttpServer::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::io_context& context, Handler handler)
        : context_(context), reserved_(context), listener_(context) {
        shared_->handler = std::move(handler);
    }

    void listen() {
        listener_ = bound_acceptor(context_, reserved_.address().port);
        listener_.listen();
        accept();
    }

    void close() {
        boost::system::error_code ignored;
        listener_.close(ignored);
        for (const auto& connection : std::exchange(shared_->connections, {})) {
            --shared_->traffic.open;
            connection->reset();
        }
    }

    void accept() {
        listener_.async_accept(
            [self = shared_from_this()](boost::system::error_code error, tcp::socket socket) {
                if (error) {
                    // Out of descriptors or aborted by the peer: go on; closed: end.
                    if (self->listener_.is_open() && error != asio::error::operation_aborted) {
                        self->accept();
                    }
                    return;
                }
                socket.set_option(tcp::no_delay(true), error);
                auto connection = std::make_shared<Connection>(std::move(socket), self->shared_);
                self->shared_->connections.insert(connection);
                SimulatedTraffic& traffic = self->shared_->traffic;
                ++traffic.connections;
                traffic.open_at_most = std::max(traffic.open_at_most, ++traffic.open);
                connection->read();
                self->accept();
            });
    }

    asio::io_context& context_;
    ReservedPort reserved_;
    tcp::acceptor listener_;
    std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

HttpServer::HttpServer(asio::io_context& context, Handler handler)
    : impl_(std::make_shared<Impl>(context, std::move(handler))) {}

HttpServer::~HttpServer() {
    impl_->close();
}

const HostPort& HttpServer::address() const {
    return impl_->reserved_.address();
}

void HttpServer::listen(bool on) {
    if (!on) {
        impl_->close();
    } else if (!impl_->listener_.is_open()) {
        impl_->listen();
    }
}

void HttpServer::hold(bool on) {
    impl_->shared_->held = on;
    if (!on) {
        const auto connections = impl_->shared_->connections;  // answering may remove some
        for (const auto& connection : connections) {
            if (connection->waits()) {
                connection->take();
            }
        }
    }
}

const SimulatedTraffic& HttpServer::traffic() const {
    return impl_->shared_->traffic;
}

}  // namespace patroni::simulation
