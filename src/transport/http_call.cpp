#include "transport/http_call.hpp"

#include "transport/tls_error.hpp"

#include <boost/asio/post.hpp>

#include <cerrno>
#include <utility>

namespace patroni::transport {
namespace {

using protocol::ExchangeEvent;
using protocol::HttpExchange;
using protocol::StreamEnd;

/// One fast peer must not keep the others waiting.
constexpr int k_steps_per_turn = 32;

}  // namespace

HttpCall::HttpCall(CallHost& host, std::weak_ptr<void> host_alive, Call call, HttpExchange exchange,
                   Callback<void(Result<protocol::Response>)> done)
    : host_(host),
      host_alive_(std::move(host_alive)),
      call_(std::move(call)),
      exchange_(std::move(exchange)),
      done_(std::move(done)) {
    deadline_.emplace(host.context(), call_.deadlines.total, [this] { on_deadline(); });
}

void HttpCall::wait_for_turn() {
    deadline_->begin_phase();
}

void HttpCall::run(std::unique_ptr<Stream> stream) {
    if (stream) {
        trace("use the kept connection");
        on_kept_stream_ = true;
        use(std::move(stream));
    } else {
        connect();
    }
}

void HttpCall::connect() {
    phase_ = Phase::connecting;
    on_kept_stream_ = false;
    std::shared_ptr<TlsContext> tls;
    if (call_.origin.tls) {
        auto loaded = host_.tls_context(call_.tls);
        if (!loaded) {
            finish(std::move(loaded).error());
            return;
        }
        tls = *std::move(loaded);
    }
    Connector::Environment environment{host_.context(), host_.resolver(), *deadline_,
                                       call_.deadlines.connect, nullptr};
    if (host_.is_tracing()) {
        environment.trace = [this](std::string_view text) { trace(text); };
    }
    const auto connector =
        std::make_shared<Connector>(std::move(environment), call_.origin, std::move(tls));
    connector_ = connector;
    connector->start([self = shared_from_this()](Result<std::unique_ptr<Stream>> stream) {
        if (stream) {
            self->use(*std::move(stream));
        } else {
            self->finish(std::move(stream).error());
        }
    });
}

void HttpCall::use(std::unique_ptr<Stream> stream) {
    stream_ = std::move(stream);
    phase_ = Phase::writing;
    deadline_->begin_phase();
    advance();
}

void HttpCall::advance() {
    const auto self = shared_from_this();
    for (int step = 0; step < k_steps_per_turn; ++step) {
        switch (exchange_.action()) {
            case HttpExchange::Action::write:
                if (!(write_failed_ ? read_some() : write_some())) {
                    return;
                }
                break;
            case HttpExchange::Action::read:
                if (!read_some()) {
                    return;
                }
                break;
            case HttpExchange::Action::done:
                finish(exchange_.take_response());
                return;
            case HttpExchange::Action::failed:
                on_exchange_failed();
                return;
        }
    }
    yield();
}

/// True: look at the exchange again.
bool HttpCall::write_some() {
    const IoResult result = stream_->write_some(exchange_.unsent());
    if (result.state == Io::want_read || result.state == Io::want_write) {
        wait(result.state);
        return false;
    }
    if (result.state != Io::done) {
        // A server that refuses a request may answer and close before it has read all of it.
        write_failed_ = true;
        write_code_ = result.code;
        return true;
    }
    if (exchange_.resume(ExchangeEvent::sent(result.bytes)) == HttpExchange::Action::read) {
        trace("request sent");
        phase_ = Phase::waiting;
        deadline_->begin_phase(call_.deadlines.first_byte);
    }
    return true;
}

bool HttpCall::read_some() {
    const std::span<char> buffer = host_.read_buffer();
    const IoResult result = stream_->read_some(buffer.data(), buffer.size());
    switch (result.state) {
        case Io::done:
            if (phase_ != Phase::reading) {
                phase_ = Phase::reading;
                deadline_->begin_phase();
            }
            exchange_.resume(ExchangeEvent::received({buffer.data(), result.bytes}));
            return true;
        case Io::want_read:
        case Io::want_write:
            if (write_failed_) {
                exchange_.resume(ExchangeEvent::ended(StreamEnd::reset, write_code_));
                return true;
            }
            wait(result.state);
            return false;
        case Io::eof:
            exchange_.resume(ExchangeEvent::ended(StreamEnd::eof));
            return true;
        case Io::truncated:
            exchange_.resume(ExchangeEvent::ended(StreamEnd::tls_truncated));
            return true;
        case Io::failed:
            if (result.code.category() == tls_category()) {
                on_tls_failure(result.code);
                return false;
            }
            exchange_.resume(ExchangeEvent::ended(StreamEnd::reset, result.code));
            return true;
    }
    return false;
}

void HttpCall::on_tls_failure(std::error_code code) {
    Error error = exchange_.failure(ErrorKind::tls, stream_->tls_failure());
    error.code = code;
    if (is_certificate_required(code)) {
        error.delivery = Delivery::not_sent;  // The server refused before it read the request.
    }
    finish(std::move(error));
}

void HttpCall::wait(Io direction) {
    using Socket = boost::asio::ip::tcp::socket;
    stream_->socket().async_wait(
        direction == Io::want_read ? Socket::wait_read : Socket::wait_write,
        [self = shared_from_this()](const boost::system::error_code&) {
            if (self->phase_ != Phase::ended) {
                self->advance();  // The next read or write tells what there is.
            }
        });
}

void HttpCall::yield() {
    boost::asio::post(host_.context(), [self = shared_from_this()] {
        if (self->phase_ != Phase::ended) {
            self->advance();
        }
    });
}

void HttpCall::on_exchange_failed() {
    Error error = exchange_.take_error();
    const bool no_answer = error.kind == ErrorKind::reset && exchange_.received_bytes() == 0;
    if (no_answer && retry(error.delivery)) {
        return;
    }
    if (no_answer) {
        error.message += call_.origin.tls ? " after the TLS handshake (it may require a client "
                                            "certificate)"
                                          : " (it may want https, or the request made it fail)";
    }
    finish(std::move(error));
}

/// A kept connection can have been closed by the server while our request was on its way. That is
/// no reason to fail, but only what is safe is sent a second time.
bool HttpCall::retry(Delivery delivery) {
    const std::string& method = call_.request.method;
    const bool is_safe =
        call_.idempotent || method == "GET" || method == "HEAD" || delivery == Delivery::not_sent;
    if (!on_kept_stream_ || !is_safe) {
        return false;
    }
    auto again = HttpExchange::create(call_.request, call_.origin.address.text(), call_.keep_alive,
                                      call_.limits);
    if (!again) {
        return false;
    }
    trace("the kept connection was dead; once more");
    exchange_ = *std::move(again);
    write_failed_ = false;
    stream_.reset();
    connect();
    return true;
}

void HttpCall::on_deadline() {
    const auto self = shared_from_this();
    if (phase_ == Phase::connecting) {
        const auto connector = connector_;
        connector->on_deadline();
    } else if (phase_ != Phase::ended) {
        finish(exchange_.failure(ErrorKind::timeout, timeout_message()));
    }
}

std::string HttpCall::timeout_message() const {
    const std::string time = std::to_string(deadline_->phase_limit().count()) + " ms";
    switch (phase_) {
        case Phase::queued:
            return "no turn in " + time + ": other requests to this host took all the time";
        case Phase::writing:
            return "the server did not take the request in " + time;
        case Phase::waiting:
            return "no answer in " + time + " after the request was sent";
        default:
            return "the answer was not complete " + time + " after its first byte (" +
                   std::to_string(exchange_.received_bytes()) + " bytes received)";
    }
}

void HttpCall::cancel() {
    if (phase_ != Phase::ended) {
        finish(exchange_.failure(ErrorKind::cancelled, "cancelled"));
    }
}

void HttpCall::abandon() {
    done_ = {};
    release();
}

void HttpCall::finish(Result<protocol::Response> result) {
    if (phase_ == Phase::ended) {
        return;
    }
    const auto self = shared_from_this();
    if (result) {
        trace("status " + std::to_string(result->status) + ", " +
              std::to_string(exchange_.received_bytes()) + " bytes");
    } else {
        Error& error = result.error();
        if (error.endpoint.empty()) {
            error.endpoint = call_.origin.text();
        }
        trace(std::string(to_string(error.kind)).append(": ").append(error.message));
    }
    std::unique_ptr<Stream> kept;
    if (exchange_.reusable() && result) {
        kept = std::move(stream_);
    }
    release();
    boost::asio::post(host_.context(), [self, result = std::move(result)]() mutable {
        const auto alive = self->host_alive_.lock();
        if (alive && self->done_) {
            auto done = std::move(self->done_);
            done(std::move(result));
        }
    });
    host_.on_call_ended(*this, std::move(kept));
}

void HttpCall::release() {
    phase_ = Phase::ended;
    deadline_->stop();
    if (connector_) {
        std::exchange(connector_, nullptr)->cancel();
    }
    if (stream_) {
        // Patroni's TLS workers wait for our close_notify, so it is sent and theirs not awaited.
        stream_->say_goodbye();
        stream_.reset();
    }
}

void HttpCall::trace(std::string_view text) {
    if (!host_.is_tracing()) {
        return;
    }
    const std::string& target = call_.request.target;  // The query may hold a token.
    host_.trace(call_.origin.text() + ' ' + call_.request.method + ' ' +
                target.substr(0, target.find('?')) + ": " + std::string(text));
}

}  // namespace patroni::transport
