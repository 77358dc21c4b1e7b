#pragma once

#include "transport/http_client.hpp"

#include <patroni/callback.hpp>
#include <patroni/cluster.hpp>
#include <patroni/member_status.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>

#include <memory>
#include <optional>

namespace patroni::rest {

/// One member's REST API and how it is spoken to.
struct MemberAccess {
    Origin origin;
    std::shared_ptr<const TlsSettings> tls;
    transport::Deadlines deadlines;
};

/// `GET /patroni`. Errors: those of the transport; `decode` when the answer is no status document
/// of a Patroni; `unauthorized` and `http_status` for a refusal without one.
Operation get_status(transport::HttpClient& http, const MemberAccess& access,
                     Callback<void(Result<MemberStatus>)> done);

/// What a member answers to `GET /cluster`: the overview (Patroni >= 1.6.1), or its own status
/// document with 503 (before).
struct ClusterAnswer {
    std::optional<ClusterOverview> overview;
    std::optional<MemberStatus> status;
};

/// `GET /cluster`. An empty reply is an Error of kind `reset`: the member cannot read its DCS.
Operation get_cluster(transport::HttpClient& http, const MemberAccess& access,
                      Callback<void(Result<ClusterAnswer>)> done);

/// The overview alone; Error `unsupported` for a Patroni that has none.
Result<ClusterOverview> overview_of(Result<ClusterAnswer> answer);

/// The first Patroni with `GET /cluster`.
inline constexpr Version k_has_cluster{1, 6, 1};

}  // namespace patroni::rest
