#include "simulator/http_responder.hpp"

#include "simulator/http_connection.hpp"

#include <utility>

namespace patroni::simulation {

HttpResponder::HttpResponder(std::weak_ptr<HttpConnection> connection, std::uint64_t answer)
    : connection_(std::move(connection)), answer_(answer) {}

void HttpResponder::reply(HttpReply reply) const {
    if (const auto connection = connection_.lock()) {
        connection->answer(answer_, std::move(reply));
    }
}

bool HttpResponder::open() const {
    const auto connection = connection_.lock();
    return connection && connection->answers(answer_);
}

}  // namespace patroni::simulation
