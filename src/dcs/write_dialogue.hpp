#pragma once

#include "dcs/read_dialogue.hpp"

#include <patroni/store_write.hpp>

#include <optional>
#include <string>
#include <variant>

namespace patroni::dcs {

/// The store answered, and the answer does not say whether the write was carried out.
struct Lost {
    Error error;
};

/// What to do next: send a request to the same endpoint, or stop. A Refusal means that nothing was
/// written; with `try_next` another endpoint may do it.
using WriteStep = std::variant<protocol::Request, StoreOutcome, Refusal, Lost>;

/// A write as a dialogue of HTTP requests and responses, without any I/O. One object is one write.
class WriteDialogue {
public:
    virtual ~WriteDialogue() = default;
    /// The first request; also starts over at another endpoint.
    virtual protocol::Request start() = 0;
    virtual WriteStep resume(const protocol::Response& response) = 0;
    /// Whether the request that was given last changes the store: then nobody knows what became of
    /// it when its answer is lost.
    virtual bool is_write() const = 0;
    /// What is known already when the request that was given last gets no answer: it only asked
    /// for more about a write that is done or refused. nullopt while nothing is.
    virtual std::optional<StoreOutcome> settled() const { return std::nullopt; }
};

/// What a conflict says: `outcome.current` is set where it is known.
std::string conflict_message(const StoreOutcome& outcome, const StoreWrite& write);

}  // namespace patroni::dcs
