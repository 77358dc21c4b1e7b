#pragma once

#include "dcs/snapshot.hpp"
#include "protocol/http_message.hpp"

#include <patroni/error.hpp>
#include <patroni/secret.hpp>

#include <memory>
#include <string>
#include <variant>

namespace patroni::dcs {

/// Who asks a store; an empty user asks without credentials.
struct Credentials {
    std::string user;
    Secret password;
};

/// Why a store cannot answer. With `try_next` another endpoint of the same store may do better.
struct Refusal {
    Error error;
    bool try_next = false;
};

/// The error of a store that answered, and not as it was asked to.
Error answered_error(ErrorKind kind, const protocol::Response& response, std::string message);

/// What to do next: send a request to the same endpoint, or stop.
using Step = std::variant<protocol::Request, Snapshot, Refusal>;

/// The reading of a prefix as a dialogue of HTTP requests and responses, without any I/O: the same
/// code runs on sockets and on recordings. One object is one reading.
class ReadDialogue {
public:
    virtual ~ReadDialogue() = default;
    /// The first request; also starts over at another endpoint.
    virtual protocol::Request start() = 0;
    virtual Step resume(const protocol::Response& response) = 0;
};

}  // namespace patroni::dcs
