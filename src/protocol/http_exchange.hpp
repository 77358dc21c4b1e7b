#pragma once

#include "protocol/http_message.hpp"
#include "protocol/response_parser.hpp"

#include <patroni/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

namespace patroni::protocol {

/// What happened on the connection.
struct ExchangeEvent {
    enum class Kind { sent, received, ended };

    static ExchangeEvent sent(std::size_t count) { return {Kind::sent, count, {}, {}, {}}; }
    static ExchangeEvent received(std::string_view bytes) {
        return {Kind::received, 0, bytes, {}, {}};
    }
    static ExchangeEvent ended(StreamEnd end, std::error_code code = {}) {
        return {Kind::ended, 0, {}, end, code};
    }

    Kind kind = Kind::sent;
    std::size_t sent_bytes = 0;  ///< Taken by the kernel.
    std::string_view bytes;
    StreamEnd end = StreamEnd::eof;
    std::error_code code;  ///< Why the connection ended, when the system told.
};

/// One request and its response as a state machine without I/O: it is told what happened on the
/// connection and says what to do next. An early response ends it, also when the request was not
/// sent to its end.
class HttpExchange {
public:
    enum class Action { write, read, done, failed };

    /// Error kind `config` when the request cannot be put into HTTP (see request_text()).
    /// `host` is the value of the Host header.
    static Result<HttpExchange> create(const Request& request, std::string_view host,
                                       bool keep_alive, const ResponseLimits& limits);

    Action action() const noexcept { return action_; }
    Action resume(const ExchangeEvent& event);

    /// For `write`: the part of the request that was not sent yet.
    std::string_view unsent() const { return std::string_view(text_).substr(sent_bytes_); }

    Delivery delivery() const;
    /// 0 until a status line was received.
    int status() const { return parser_.status(); }
    std::size_t received_bytes() const { return parser_.received_bytes(); }

    /// As those of ResponseParser.
    const Response* head() const { return parser_.head(); }
    std::string take_body() { return parser_.take_body(); }

    /// After `done`: another request may follow on the same connection.
    bool reusable() const;
    Response take_response() { return parser_.take_response(); }
    /// After `failed`; without endpoint.
    Error take_error() { return std::move(error_); }
    /// A failure from outside the exchange (a deadline, the caller), with how far the request got.
    Error failure(ErrorKind kind, std::string message) const;

private:
    HttpExchange(std::string text, ResponseParser parser, bool keep_alive)
        : text_(std::move(text)), parser_(std::move(parser)), keep_alive_(keep_alive) {}

    std::string text_;
    std::size_t sent_bytes_ = 0;
    ResponseParser parser_;
    bool keep_alive_;
    Action action_ = Action::write;
    Error error_;
};

}  // namespace patroni::protocol
