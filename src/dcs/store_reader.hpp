#pragma once

#include "dcs/endpoint_turns.hpp"

#include <patroni/callback.hpp>
#include <patroni/operation.hpp>

#include <memory>

namespace patroni::dcs {

/// Runs a dialogue against the first endpoint that carries it through. An endpoint that cannot be
/// reached, or that has no leader, is followed by the next one; each gets a fair part of the time.
/// The Error is that of the last endpoint, and names the others in its message.
Operation read_store(transport::HttpClient& http, StoreAccess access,
                     std::unique_ptr<ReadDialogue> dialogue, transport::SteadyTime deadline,
                     Callback<void(Result<Snapshot>)> done);

}  // namespace patroni::dcs
