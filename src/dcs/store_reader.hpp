#pragma once

#include "dcs/read_dialogue.hpp"
#include "transport/http_client.hpp"

#include <patroni/callback.hpp>
#include <patroni/operation.hpp>
#include <patroni/url.hpp>

#include <memory>
#include <vector>

namespace patroni::dcs {

/// The endpoints of one store and how they are spoken to.
struct StoreAccess {
    std::vector<Origin> endpoints;  ///< At least one; tried in this order.
    std::shared_ptr<const TlsSettings> tls;
};

/// Runs a dialogue against the first endpoint that carries it through. An endpoint that cannot be
/// reached, or that has no leader, is followed by the next one; each gets a fair part of the time.
/// The Error is that of the last endpoint, and names the others in its message.
Operation read_store(transport::HttpClient& http, StoreAccess access,
                     std::unique_ptr<ReadDialogue> dialogue, transport::SteadyTime deadline,
                     Callback<void(Result<Snapshot>)> done);

}  // namespace patroni::dcs
