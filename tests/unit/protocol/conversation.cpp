#include "unit/protocol/conversation.hpp"

#include <stdexcept>

namespace patroni::protocol::test {

HttpExchange exchange_for(const Conversation& conversation) {
    Request request;
    request.method = conversation.method;
    auto exchange = HttpExchange::create(request, "pg1:8008", true, conversation.limits);
    if (!exchange) {
        throw std::logic_error(exchange.error().message);
    }
    return *std::move(exchange);
}

HttpExchange play(const Conversation& conversation, const std::vector<std::string_view>& pieces,
                  Conversation::End end) {
    using End = Conversation::End;
    HttpExchange exchange = exchange_for(conversation);
    exchange.resume(ExchangeEvent::sent(exchange.unsent().size()));
    for (const std::string_view piece : pieces) {
        exchange.resume(ExchangeEvent::received(piece));
    }
    switch (end) {
        case End::open:
            break;
        case End::eof:
            exchange.resume(ExchangeEvent::ended(StreamEnd::eof));
            break;
        case End::tls_truncated:
            exchange.resume(ExchangeEvent::ended(StreamEnd::tls_truncated));
            break;
        case End::reset:
            exchange.resume(ExchangeEvent::ended(
                StreamEnd::reset, std::make_error_code(std::errc::connection_reset)));
            break;
    }
    return exchange;
}

std::string summary(HttpExchange exchange) {
    using Action = HttpExchange::Action;
    if (exchange.action() == Action::done) {
        const bool reusable = exchange.reusable();
        const Response response = exchange.take_response();
        return std::to_string(response.status) + ' ' + response.reason + "; " +
               std::to_string(response.headers.size()) + " headers; body " + response.body + "; " +
               (reusable ? "keep" : "close");
    }
    if (exchange.action() == Action::failed) {
        const Error error = exchange.take_error();
        return "failed " + std::string(to_string(error.kind)) + ' ' +
               std::to_string(error.http_status) + ' ' + std::string(to_string(error.delivery)) +
               ": " + error.message;
    }
    return exchange.action() == Action::read ? "read" : "write";
}

}  // namespace patroni::protocol::test
