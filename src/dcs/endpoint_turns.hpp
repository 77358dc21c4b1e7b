#pragma once

#include "dcs/read_dialogue.hpp"
#include "dcs/store_identity.hpp"
#include "transport/http_client.hpp"

#include <patroni/url.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace patroni::dcs {

/// The endpoints of one store and how they are spoken to.
struct StoreAccess {
    std::vector<Origin> endpoints;  ///< At least one; tried in this order.
    std::shared_ptr<const TlsSettings> tls;
    /// From a request sent to the first byte of its answer; 0: only the turn counts.
    std::chrono::milliseconds first_byte{0};
    /// Which store this is, as far as it is known: endpoints of another one are refused. nullptr:
    /// it does not matter.
    std::shared_ptr<StoreIdentity> identity = nullptr;
};

/// The endpoints of a store in their turn, each with a fair part of the time that is left.
class EndpointTurns {
public:
    explicit EndpointTurns(StoreAccess access) : access_(std::move(access)) {}

    /// It is the turn of the first one.
    void begin(transport::SteadyTime deadline);
    /// Goes on to the next one when the refusal allows it. False when it does not, or there is
    /// none: then the error tells of the endpoints before, too.
    bool next(Refusal& refusal);
    /// From now on, the one whose turn it is comes last.
    void put_last();

    /// A call to the one whose turn it is.
    transport::Call call(protocol::Request request) const;
    /// Its name.
    std::string name() const { return access_.endpoints[index_].text(); }
    const StoreAccess& access() const noexcept { return access_; }
    /// The same store by the endpoint alone whose turn it is.
    StoreAccess this_endpoint() const;
    transport::SteadyTime end_of_turn() const noexcept { return end_of_turn_; }
    /// The one whose turn it is answers for another store than those before: a wrong address.
    std::optional<Refusal> refuse_foreign(const std::string& store,
                                          const protocol::Response& response) const;

private:
    void share_time();

    StoreAccess access_;
    std::size_t index_ = 0;
    transport::SteadyTime deadline_{};
    transport::SteadyTime end_of_turn_{};
    std::string failed_;  ///< The endpoints before, each with its reason.
};

}  // namespace patroni::dcs
