#pragma once

#include "protocol/http_exchange.hpp"

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::protocol::test {

/// What a server sends in answer to one request, and what must come of it.
struct Conversation {
    std::string name;
    std::string bytes;
    enum class End { open, eof, tls_truncated, reset } end = End::open;
    /// As summary() tells it.
    std::string outcome;
    std::string method = "GET";
    ResponseLimits limits = {};
};

inline void PrintTo(const Conversation& conversation, std::ostream* out) {
    *out << conversation.name;
}

HttpExchange exchange_for(const Conversation& conversation);

/// Sends the whole request, then gives the pieces and the end to the exchange.
HttpExchange play(const Conversation& conversation, const std::vector<std::string_view>& pieces,
                  Conversation::End end);

/// "200 OK; 1 headers; body {}; close", "failed reset 0 may_have_been_sent: message" or "read".
std::string summary(HttpExchange exchange);

const std::vector<Conversation>& conversations();

}  // namespace patroni::protocol::test
