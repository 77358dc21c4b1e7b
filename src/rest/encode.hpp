#pragma once

#include "protocol/http_message.hpp"

#include <patroni/capability.hpp>
#include <patroni/member_commands.hpp>
#include <patroni/member_queries.hpp>
#include <patroni/result.hpp>

#include <optional>

namespace patroni::rest {

/// A request as it goes to the wire, and the row of the table that it belongs to (nullptr for a
/// RawRequest that no row describes).
struct Encoded {
    const Capability* capability = nullptr;
    protocol::Request request;
};

// Each request for a member of that version; nullopt: the version is not known, and what it cannot
// do is found out by asking. Errors, nothing being sent: `unsupported` with the first version that
// can, `config` for a value that Patroni refuses or, worse, misunderstands.
using KnownVersion = std::optional<Version>;

Result<Encoded> encode(const GetStatus&, const KnownVersion&);
Result<Encoded> encode(const GetCluster&, const KnownVersion&);
Result<Encoded> encode(const GetHistory&, const KnownVersion&);
Result<Encoded> encode(const GetConfig&, const KnownVersion&);
Result<Encoded> encode(const GetMetrics&, const KnownVersion&);
Result<Encoded> encode(const GetFailsafe&, const KnownVersion&);
Result<Encoded> encode(const CheckHealth&, const KnownVersion&);
Result<Encoded> encode(const CheckLiveness&, const KnownVersion&);
Result<Encoded> encode(const CheckReadiness&, const KnownVersion&);
Result<Encoded> encode(const RawRequest&, const KnownVersion&);
Result<Encoded> encode(const PatchConfig&, const KnownVersion&);
Result<Encoded> encode(const PutConfig&, const KnownVersion&);
Result<Encoded> encode(const Reload&, const KnownVersion&);
Result<Encoded> encode(const Restart&, const KnownVersion&);
Result<Encoded> encode(const CancelRestart&, const KnownVersion&);
Result<Encoded> encode(const Reinitialize&, const KnownVersion&);
Result<Encoded> encode(const Switchover&, const KnownVersion&);
Result<Encoded> encode(const CancelSwitchover&, const KnownVersion&);
Result<Encoded> encode(const Failover&, const KnownVersion&);
Result<Encoded> encode(const AnnounceFailsafe&, const KnownVersion&);
Result<Encoded> encode(const NotifyCoordinator&, const KnownVersion&);
Result<Encoded> encode(const RequestSigterm&, const KnownVersion&);

// Whether a server that is too old would misunderstand the request instead of refusing it, or wants
// other words: then the version must be known before it is sent.
template <class Request>
bool needs_version(const Request&) {
    return false;
}
bool needs_version(const CheckHealth& request);
bool needs_version(const CheckReadiness& request);
bool needs_version(const RawRequest& request);
bool needs_version(const Restart& request);
bool needs_version(const Reinitialize& request);
bool needs_version(const Switchover& request);

}  // namespace patroni::rest
