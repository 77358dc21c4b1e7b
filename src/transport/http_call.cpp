#include "transport/http_call.hpp"

#include "protocol/request_text.hpp"
#include "transport/tls_error.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace patroni::transport {

using protocol::HttpExchange;

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
        auto loaded = host_.tls_context(call_.tls, [this](const Error& error) {
            trace("changed TLS files cannot be used, what they held before goes on: " +
                  error.endpoint + ": " + error.message);
        });
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
    phase_ = Phase::exchanging;
    ExchangeRunner::Environment environment{
        host_.context(),     *deadline_, call_.deadlines.first_byte,
        host_.read_buffer(), nullptr,    nullptr};
    if (host_.is_tracing()) {
        environment.trace = [this](std::string_view text) { trace(text); };
    }
    if (call_.sink) {
        stream->watch_peer();
        environment.received = [this] { pass_on(); };
    }
    const auto runner =
        std::make_shared<ExchangeRunner>(std::move(environment), exchange_, std::move(stream));
    runner_ = runner;
    runner->start([self = shared_from_this()](std::error_code tls_code) {
        if (tls_code) {
            self->on_tls_failure(tls_code);
        } else if (self->exchange_.action() == HttpExchange::Action::done) {
            self->finish(self->exchange_.take_response());
        } else {
            self->on_exchange_failed();
        }
    });
}

/// The sink may cancel this call, and even destroy the client.
void HttpCall::pass_on() {
    const auto self = shared_from_this();
    const protocol::Response* head = exchange_.head();
    if (head == nullptr || head->status != 200) {
        return;
    }
    const auto sink = call_.sink;
    if (!head_passed_) {
        head_passed_ = true;
        sink->head(*head);
    }
    if (phase_ == Phase::ended) {
        return;
    }
    if (const std::string piece = exchange_.take_body(); !piece.empty()) {
        sink->body(piece);
    }
}

void HttpCall::on_tls_failure(std::error_code code) {
    Error error = exchange_.failure(ErrorKind::tls, runner_->tls_failure());
    error.code = code;
    if (is_certificate_required(code)) {
        error.delivery = Delivery::not_sent;  // The server refused before it read the request.
    }
    finish(std::move(error));
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
    auto again = HttpExchange::create(call_.request, protocol::host_header(call_.origin.address),
                                      call_.keep_alive, call_.limits);
    if (!again) {
        return false;
    }
    trace("the kept connection was dead; once more");
    std::exchange(runner_, nullptr)->close();
    exchange_ = *std::move(again);
    connect();
    return true;
}

void HttpCall::on_deadline() {
    const auto self = shared_from_this();
    if (phase_ == Phase::queued) {
        finish(exchange_.failure(ErrorKind::timeout,
                                 "no turn in " + std::to_string(deadline_->phase_limit().count()) +
                                     " ms: other requests to this host took all the time"));
    } else if (phase_ == Phase::connecting) {
        const auto connector = connector_;
        connector->on_deadline();
    } else if (phase_ == Phase::exchanging) {
        finish(exchange_.failure(ErrorKind::timeout, runner_->timeout_message()));
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
        if (host_.is_tracing()) {
            trace("status " + std::to_string(result->status) + ", " +
                  std::to_string(exchange_.received_bytes()) + " bytes");
        }
    } else {
        Error& error = result.error();
        if (error.endpoint.empty()) {
            error.endpoint = call_.origin.text();
        }
        trace(std::string(to_string(error.kind)).append(": ").append(error.message));
    }
    std::unique_ptr<Stream> kept;
    if (result && exchange_.reusable()) {
        kept = runner_->take_stream();
    }
    release();
    result_.emplace(std::move(result));
    boost::asio::post(host_.context(), [self] {
        const auto alive = self->host_alive_.lock();
        if (alive && self->done_) {
            auto done = std::move(self->done_);
            done(*std::move(self->result_));
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
    if (runner_) {
        std::exchange(runner_, nullptr)->close();
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
