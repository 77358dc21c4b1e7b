#include "protocol/http_exchange.hpp"

#include "protocol/request_text.hpp"

namespace patroni::protocol {

Result<HttpExchange> HttpExchange::create(const Request& request, std::string_view host,
                                          bool keep_alive, const ResponseLimits& limits) {
    Result<std::string> text = request_text(request, host, keep_alive);
    if (!text) {
        return std::move(text).error();
    }
    return HttpExchange(*std::move(text), ResponseParser(request.method == "HEAD", limits),
                        keep_alive);
}

HttpExchange::Action HttpExchange::resume(const ExchangeEvent& event) {
    if (action_ == Action::done || action_ == Action::failed) {
        if (event.kind == ExchangeEvent::Kind::received) {
            parser_.put(event.bytes);  // Ignored, but the connection is not reusable any more.
        }
        return action_;
    }
    if (event.kind == ExchangeEvent::Kind::sent) {
        sent_bytes_ += event.sent_bytes;
        return action_ = unsent().empty() ? Action::read : Action::write;
    }
    const ResponseParser::State state = event.kind == ExchangeEvent::Kind::received
                                            ? parser_.put(event.bytes)
                                            : parser_.finish(event.end);
    if (state == ResponseParser::State::done) {
        return action_ = Action::done;
    }
    if (state == ResponseParser::State::failed) {
        error_ = parser_.take_error();
        error_.code = event.code;
        error_.http_status = status();
        error_.delivery = delivery();
        return action_ = Action::failed;
    }
    return action_;
}

Delivery HttpExchange::delivery() const {
    if (status() != 0) {
        return Delivery::answered;
    }
    return sent_bytes_ == 0 ? Delivery::not_sent : Delivery::may_have_been_sent;
}

bool HttpExchange::reusable() const {
    return action_ == Action::done && keep_alive_ && unsent().empty() && parser_.reusable();
}

Error HttpExchange::failure(ErrorKind kind, std::string message) const {
    Error error;
    error.kind = kind;
    error.message = std::move(message);
    error.http_status = status();
    error.delivery = delivery();
    return error;
}

}  // namespace patroni::protocol
