#pragma once

#include "transport/http_client.hpp"

#include <patroni/callback.hpp>
#include <patroni/discovery.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>
#include <patroni/seeds.hpp>

#include <memory>

namespace patroni::discovery {

/// What one discovery needs.
struct Request {
    Seeds seeds;
    /// For members that the seeds are (`api`); stores use `seeds.tls`.
    std::shared_ptr<const TlsSettings> member_tls;
    transport::SteadyTime deadline;
};

/// Reads the source and returns the members' REST APIs with the identity that the source knows,
/// sorted by scope and name. Entries that cannot be used become problems; a source that cannot be
/// read at all, or has no such key, is an Error.
Operation discover(transport::HttpClient& http, Request request,
                   Callback<void(Result<Discovery>)> done);

}  // namespace patroni::discovery
