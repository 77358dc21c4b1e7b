#pragma once

#include "dcs/read_dialogue.hpp"
#include "dcs/watch_event.hpp"
#include "protocol/http_message.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace patroni::dcs {

// What a watch wants next.

/// Nothing new: listen to the stream that is open.
struct Listen {};
/// Read everything with reader(), and give it to read().
struct Read {};
/// Send this, and give the whole answer to answered().
struct Ask {
    protocol::Request request;
};
/// Send this on a connection of its own in place of the stream before, and give the answer to
/// opened() and received() as it arrives; one that is not 200 to answered().
struct Open {
    protocol::Request request;
};

struct WatchStep {
    std::vector<WatchEvent> events;  ///< To be told before what comes next.
    bool served = false;             ///< From now on this endpoint serves the watch.
    bool probe_now = false;          ///< Whether the endpoint is up to date is in doubt.
    /// A Refusal ends this endpoint's turn; the next one, or the same again, goes on.
    std::variant<Listen, Read, Ask, Open, Refusal> next = Listen{};
};

/// The watch of a prefix as a machine without any I/O, which lives as long as the watch. It keeps
/// the cursor: what was told, so that nothing is told twice or left out when it goes on elsewhere.
class WatchDialogue {
public:
    virtual ~WatchDialogue() = default;
    /// An endpoint has its turn: goes on where it was, or reads when it was nowhere.
    virtual WatchStep start(const std::string& endpoint) = 0;
    virtual WatchStep read(Snapshot snapshot) = 0;
    virtual WatchStep answered(const protocol::Response& response) = 0;
    virtual WatchStep opened(const protocol::Response& head) = 0;
    virtual WatchStep received(std::string_view bytes) = 0;
    /// The stream has ended in order.
    virtual WatchStep ended() = 0;
    /// What probe() read: the revision, without entries.
    virtual WatchStep probed(const Snapshot& now) = 0;

    virtual std::unique_ptr<ReadDialogue> reader() const = 0;
    /// Asks the endpoint whether it is alive and has a quorum.
    virtual std::unique_ptr<ReadDialogue> probe() = 0;
};

/// An endpoint whose turn ends because it belongs to another store.
Refusal other_store();
/// The stream ended although nobody wanted it to.
Refusal stream_ended();

}  // namespace patroni::dcs
