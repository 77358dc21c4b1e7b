#include "transport/connector.hpp"

#include "transport/network_error.hpp"
#include "transport/tls_error.hpp"
#include "transport/tls_stream.hpp"

#include <sstream>
#include <utility>

namespace patroni::transport {
namespace {

std::string in_ms(std::chrono::milliseconds limit) {
    return " in " + std::to_string(limit.count()) + " ms";
}

}  // namespace

Connector::Connector(Environment environment, Origin origin, std::shared_ptr<TlsContext> tls)
    : environment_(std::move(environment)), origin_(std::move(origin)), tls_(std::move(tls)) {}

void Connector::start(Callback<void(Result<std::unique_ptr<Stream>>)> done) {
    done_ = std::move(done);
    const HostPort& address = origin_.address;
    if (const auto endpoint = numeric_endpoint(address.host, address.port)) {
        endpoints_ = {*endpoint};
        connect_next();
        return;
    }
    phase_ = Phase::resolving;
    environment_.deadline.begin_phase(environment_.step_limit);
    trace("resolve ", address.host);
    lookup_ = environment_.resolver->resolve(
        address.host, address.port, [self = shared_from_this()](Result<Endpoints> endpoints) {
            self->on_resolved(std::move(endpoints));
        });
}

void Connector::on_resolved(Result<Endpoints> endpoints) {
    if (phase_ != Phase::resolving) {
        return;
    }
    if (!endpoints) {
        finish(std::move(endpoints).error());
        return;
    }
    endpoints_ = *std::move(endpoints);
    connect_next();
}

void Connector::connect_next() {
    const auto& endpoint = endpoints_[next_++];
    phase_ = Phase::connecting;
    environment_.deadline.begin_phase(environment_.step_limit);
    if (environment_.trace) {
        trace("connect to ", address_text());
    }

    socket_.emplace(environment_.context);
    boost::system::error_code ec;
    socket_->open(endpoint.protocol(), ec);
    if (ec) {
        address_failed(connect_error(ec, address_text()));
        return;
    }
    // Without it, TLS 1.2 resumption and requests of two segments wait 40 ms for the delayed ACK.
    socket_->set_option(boost::asio::ip::tcp::no_delay(true), ec);
    socket_->async_connect(endpoint, [self = shared_from_this(), attempt = next_](auto result) {
        if (self->phase_ == Phase::connecting && self->next_ == attempt) {
            self->on_connected(result);
        }
    });
}

void Connector::on_connected(std::error_code code) {
    if (code) {
        address_failed(connect_error(code, address_text()));
    } else {
        on_tcp_ready();
    }
}

void Connector::address_failed(Error error) {
    trace("failed: ", error.message);
    socket_.reset();
    // "Unreachable" says least: often it is only the IPv6 address on a host without IPv6.
    if (!telling_error_ || error.kind != ErrorKind::unreachable) {
        telling_error_ = std::move(error);
    }
    if (next_ < endpoints_.size() && !environment_.deadline.is_total_over()) {
        connect_next();
    } else {
        finish(*std::move(telling_error_));
    }
}

void Connector::on_tcp_ready() {
    boost::system::error_code ec;
    socket_->native_non_blocking(true, ec);
    if (!tls_) {
        stream_ = std::make_unique<PlainStream>(*std::move(socket_));
        finish(std::move(stream_));
        return;
    }
    phase_ = Phase::handshake;
    environment_.deadline.begin_phase(environment_.step_limit);
    stream_ = std::make_unique<TlsStream>(*std::move(socket_), tls_, origin_.address);
    shake_hands();
}

void Connector::shake_hands() {
    const IoResult result = stream_->handshake();
    switch (result.state) {
        case Io::done:
            trace("TLS is up");
            finish(std::move(stream_));
            return;
        case Io::want_read:
        case Io::want_write:
            stream_->socket().async_wait(
                result.state == Io::want_read ? Socket::wait_read : Socket::wait_write,
                [self = shared_from_this()](const boost::system::error_code&) {
                    if (self->phase_ == Phase::handshake) {
                        self->shake_hands();
                    }
                });
            return;
        case Io::eof:
        case Io::truncated:
        case Io::failed:
            on_handshake_failure(result);
            return;
    }
}

void Connector::on_handshake_failure(const IoResult& result) {
    if (result.state != Io::failed) {
        fail(ErrorKind::tls,
             "the server closed the connection during the TLS handshake: does the port speak "
             "https?");
    } else if (result.code.category() == tls_category()) {
        fail(ErrorKind::tls, stream_->tls_failure(), result.code);
    } else {
        fail(ErrorKind::reset,
             "the connection broke during the TLS handshake (" + result.code.message() + ")",
             result.code);
    }
}

void Connector::on_deadline() {
    const auto limit = environment_.deadline.phase_limit();
    switch (phase_) {
        case Phase::resolving:
            fail(ErrorKind::timeout,
                 "the host name " + origin_.address.host + " was not resolved" + in_ms(limit));
            return;
        case Phase::connecting: {
            Error error;
            error.kind = ErrorKind::timeout;
            error.message = "no connection" + in_ms(limit);
            address_failed(std::move(error));
            return;
        }
        case Phase::handshake:
            fail(ErrorKind::timeout,
                 "no TLS handshake" + in_ms(limit) + ": does the port speak https?");
            return;
        case Phase::idle:
        case Phase::ended:
            return;
    }
}

void Connector::fail(ErrorKind kind, std::string message, std::error_code code) {
    Error error;
    error.kind = kind;
    error.code = code;
    error.message = std::move(message);
    finish(std::move(error));
}

void Connector::finish(Result<std::unique_ptr<Stream>> result) {
    auto done = std::move(done_);
    cancel();
    if (done) {
        done(std::move(result));
    }
}

void Connector::cancel() {
    phase_ = Phase::ended;
    done_ = {};
    std::exchange(lookup_, {}).cancel();
    socket_.reset();
    stream_.reset();
}

void Connector::trace(std::string_view step, std::string_view detail) {
    if (environment_.trace) {
        environment_.trace(std::string(step).append(detail));
    }
}

std::string Connector::address_text() const {
    std::ostringstream text;
    text << endpoints_[next_ - 1];
    return text.str();
}

}  // namespace patroni::transport
