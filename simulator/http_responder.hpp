#pragma once

#include "simulator/http_message.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace patroni::simulation {

class HttpConnection;

/// Answers one request, at once or later: whole with `reply`, or in pieces with `send` and `end`.
/// Faults of the server spoil what is sent, whenever that is. Copies answer the same request. All
/// functions belong to the server's thread and do nothing once the answer is complete or the
/// connection has ended. While nobody answers the client waits, and its next request too.
class HttpResponder {
public:
    HttpResponder(std::weak_ptr<HttpConnection> connection, std::uint64_t answer);

    void reply(HttpReply reply) const;
    /// A piece (head, chunk) of an answer that goes on.
    void send(std::string bytes) const;
    /// The last piece; the connection stays unless it shall close.
    void end(std::string bytes, bool close = false) const;
    /// Ends the connection with a TCP reset.
    void reset() const;
    /// Whether the client still waits for (more of) the answer.
    bool open() const;
    /// Calls the function once, if the connection ends before the answer is complete. Replaces one
    /// that was given before.
    void when_gone(std::function<void()> gone) const;

private:
    std::weak_ptr<HttpConnection> connection_;
    std::uint64_t answer_;
};

}  // namespace patroni::simulation
