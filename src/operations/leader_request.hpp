#pragma once

#include "transport/http_client.hpp"

#include <patroni/leader_change.hpp>

#include <cstdint>
#include <string>
#include <variant>

namespace patroni::operations {

// A switchover or failover in the words of the wire: those of patronictl, which every Patroni
// reads.

/// `POST /switchover` or `/failover`; `old`: to a Patroni before 1.4, which knows only the latter.
protocol::Request to_http(const LeaderRequest& request, bool old = false);

/// Whether a server said that it knows no switchover.
bool is_too_old(const LeaderRequest& request, const protocol::Response& response);

/// The value of the key `failover`.
std::string failover_value(const LeaderRequest& request);

/// Whether the store may be written after a member did not answer: the leader is the same, and
/// nobody else has asked for anything. An idle key (`{}`) counts as none.
struct KeyWrite {
    StoreWrite write;
};
struct NoWrite {
    Reason reason = Reason::none;
    std::string message;
};
std::variant<KeyWrite, NoWrite> decide_write(const LeaderRequest& request, const Cluster& now);

}  // namespace patroni::operations
