#include "simulator/http_responder.hpp"

#include "simulator/http_connection.hpp"

#include <utility>

namespace patroni::simulation {

HttpResponder::HttpResponder(std::weak_ptr<HttpConnection> connection, std::uint64_t answer)
    : connection_(std::move(connection)), answer_(answer) {}

void HttpResponder::reply(HttpReply reply) const {
    if (const auto connection = connection_.lock()) {
        connection->answer(answer_, std::move(reply.segments),
                           reply.close ? SendPlan::End::close : SendPlan::End::keep);
    }
}

void HttpResponder::send(std::string bytes) const {
    if (const auto connection = connection_.lock()) {
        connection->answer(answer_, {std::move(bytes)}, SendPlan::End::more);
    }
}

void HttpResponder::end(std::string bytes, bool close) const {
    reply({.segments = {std::move(bytes)}, .close = close});
}

void HttpResponder::reset() const {
    const auto connection = connection_.lock();
    if (connection && connection->answers(answer_)) {
        connection->reset();
    }
}

bool HttpResponder::open() const {
    const auto connection = connection_.lock();
    return connection && connection->answers(answer_);
}

void HttpResponder::when_gone(std::function<void()> gone) const {
    const auto connection = connection_.lock();
    if (connection && connection->answers(answer_)) {
        connection->when_gone(std::move(gone));
    }
}

}  // namespace patroni::simulation
