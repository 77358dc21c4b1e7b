#include "simulator/http_server.hpp"

#include "simulator/http_connection.hpp"
#include "simulator/reserved_port.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <utility>

namespace patroni::simulation {

namespace asio = boost::asio;
using asio::ip::tcp;

class HttpServer::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(asio::io_context& context, DeferredHandler handler)
        : context_(context), reserved_(context), listener_(context) {
        service_->handler = std::move(handler);
    }

    /// Opens or closes the listener, as the owner and the fault want it.
    void update_listener() {
        const bool open = wanted_ && !service_->has_fault(Fault::Kind::refuse);
        if (open && !listener_.is_open()) {
            listener_ = bound_acceptor(context_, reserved_.address().port);
            listener_.listen();
            accept();
        } else if (!open) {
            boost::system::error_code ignored;
            listener_.close(ignored);
        }
    }

    void close() {
        wanted_ = false;
        update_listener();
        const auto connections = service_->connections;  // each leaves the set
        for (const auto& connection : connections) {
            connection->reset();
        }
    }

    /// Answers what was kept back, as far as nothing keeps it back any more.
    void resume() {
        const auto connections = service_->connections;  // answering may remove some
        for (const auto& connection : connections) {
            connection->resume();
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
                self->serve(std::move(socket));
                self->accept();
            });
    }

    void serve(tcp::socket socket) {
        auto connection = std::make_shared<HttpConnection>(std::move(socket), service_);
        service_->connections.insert(connection);
        SimulatedTraffic& traffic = service_->traffic;
        ++traffic.connections;
        traffic.open_at_most = std::max(traffic.open_at_most, ++traffic.open);
        if (service_->has_fault(Fault::Kind::reset_on_accept)) {
            service_->spend_fault();
            connection->reset();
        } else {
            service_->waiting.push_back(connection);
            service_->start_waiting();
        }
    }

    asio::io_context& context_;
    ReservedPort reserved_;
    tcp::acceptor listener_;
    bool wanted_ = false;
    std::shared_ptr<HttpService> service_ = std::make_shared<HttpService>();
};

HttpServer::HttpServer(asio::io_context& context, Handler handler)
    : HttpServer(context, [handler = std::move(handler)](const HttpRequest& request,
                                                         const HttpResponder& responder) {
          responder.reply(handler(request));
      }) {}

HttpServer::HttpServer(asio::io_context& context, DeferredHandler handler)
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
    } else {
        impl_->wanted_ = true;
        impl_->update_listener();
    }
}

void HttpServer::hold(bool on) {
    impl_->service_->held = on;
    impl_->resume();
}

void HttpServer::fault(std::optional<Fault> fault) {
    impl_->service_->fault = std::move(fault);
    impl_->update_listener();
    impl_->resume();
}

void HttpServer::tls(std::shared_ptr<asio::ssl::context> context) {
    impl_->service_->tls = std::move(context);
}

void HttpServer::workers(std::size_t count) {
    impl_->service_->workers = count;
    impl_->service_->start_waiting();
}

const SimulatedTraffic& HttpServer::traffic() const {
    return impl_->service_->traffic;
}

}  // namespace patroni::simulation
