#pragma once

#include "protocol/http_message.hpp"

#include <patroni/member_queries.hpp>
#include <patroni/result.hpp>

namespace patroni::rest {

// What an answer to each question means. Errors, all `answered`: `unsupported` when the server does
// not know the path (Patroni answers those with 503 and its status document, or with 501),
// `not_found`, `unauthorized`, `http_status`, `decode`. The caller adds the endpoint.

Result<MemberStatus> decode(const GetStatus&, const protocol::Response& response);
Result<ClusterOverview> decode(const GetCluster&, const protocol::Response& response);
Result<History> decode(const GetHistory&, const protocol::Response& response);
Result<Value> decode(const GetConfig&, const protocol::Response& response);
Result<Metrics> decode(const GetMetrics&, const protocol::Response& response);
Result<GetFailsafe::Data> decode(const GetFailsafe&, const protocol::Response& response);
Result<CheckHealth::Data> decode(const CheckHealth& request, const protocol::Response& response);
Result<CheckLiveness::Data> decode(const CheckLiveness&, const protocol::Response& response);
Result<CheckReadiness::Data> decode(const CheckReadiness&, const protocol::Response& response);

}  // namespace patroni::rest
