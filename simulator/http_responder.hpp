#pragma once

#include "simulator/http_message.hpp"

#include <cstdint>
#include <memory>

namespace patroni::simulation {

class HttpConnection;

/// Answers one request, at once or later. Faults of the server spoil the answer, whenever it comes.
/// Copies answer the same request. All functions belong to the server's thread and do nothing once
/// it is answered or the connection has ended. While nobody answers the client waits, and its next
/// request too.
class HttpResponder {
public:
    HttpResponder(std::weak_ptr<HttpConnection> connection, std::uint64_t answer);

    void reply(HttpReply reply) const;
    /// Whether the client still waits for the answer.
    bool open() const;

private:
    std::weak_ptr<HttpConnection> connection_;
    std::uint64_t answer_;
};

}  // namespace patroni::simulation
