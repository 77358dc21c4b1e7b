#pragma once

#include "discovery/discover.hpp"
#include "rest/member_api.hpp"
#include "topology/grouping.hpp"
#include "transport/http_client.hpp"

#include <patroni/callback.hpp>
#include <patroni/discovery.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace patroni {

WallTime wall_now();

/// The part of the time that is left, as a point in time.
transport::SteadyTime part_of(transport::SteadyTime deadline, int percent);

/// Discovery, then `GET /patroni` of every member at once. Collects, and judges nothing. What is
/// under way keeps its owner alive, and the owner keeps the round: when the HttpClient goes, both
/// do.
class MemberRound {
public:
    MemberRound(transport::HttpClient& http, discovery::Request request);

    /// `owner` holds this round. `answered(index)` after each answer or failure of a member,
    /// `ended` once: with the Error of the source, or without one when every member has its
    /// observation. Neither is called after `drop`.
    void start(std::weak_ptr<void> owner, std::function<void(std::size_t)> answered,
               Callback<void(std::optional<Error>)> ended);
    /// Ends what is under way; the members that it hits have an Error.
    void cancel();
    /// As `cancel`, and tells nobody.
    void drop();

    const Discovery& discovery() const noexcept { return discovery_; }
    /// One for each member; until it is there, an Error that says so.
    const std::vector<topology::Observation>& observations() const noexcept {
        return observations_;
    }
    bool has_answered(std::size_t index) const { return answered_[index]; }
    /// How a discovered member that has an address is spoken to.
    rest::MemberAccess access(std::size_t index, transport::SteadyTime deadline) const;
    /// Whom this round waits for: members, or the first endpoint of the source.
    std::vector<std::string> waiting_for() const;

private:
    void take_discovery(Result<Discovery> result);
    void ask(std::size_t index, transport::SteadyTime deadline);
    void take(std::size_t index, Result<MemberStatus> answer);
    void end(std::optional<Error> error);

    transport::HttpClient& http_;
    discovery::Request request_;
    std::weak_ptr<void> owner_;
    std::function<void(std::size_t)> told_;
    Callback<void(std::optional<Error>)> ended_;
    Discovery discovery_;
    std::vector<topology::Observation> observations_;
    std::vector<bool> answered_;
    std::size_t waiting_ = 0;
    std::vector<Operation> calls_;
};

}  // namespace patroni
