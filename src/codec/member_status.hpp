#pragma once

#include <patroni/cluster.hpp>
#include <patroni/member_status.hpp>
#include <patroni/result.hpp>

#include <string_view>

namespace patroni::codec {

/// Reads the status document of `GET /patroni` or a health endpoint, of Patroni 0.90 to 4.1.
/// Tolerant: a field of a wrong type counts as absent. Error `decode` when the text is no JSON
/// object, or one without the `patroni` object and without `state` (not a Patroni).
Result<MemberStatus> decode_member_status(std::string_view body);

/// Reads `GET /cluster`. Error `decode` when it is not a JSON object with a `members` array.
Result<ClusterOverview> decode_cluster_overview(std::string_view body);

/// Reads the value of a DCS key `members/NAME`: JSON, or the bare URL of Patroni before 0.4. Never
/// fails: what cannot be read is a member with empty data, and `problem` says why.
struct DecodedMember {
    PublishedMember member;
    std::string server_state;  ///< The `state` alone, which Patroni shows for the lock holder.
    std::string problem;       ///< Empty when the value was as expected.
};
DecodedMember decode_published_member(std::string_view name, std::string_view value);

}  // namespace patroni::codec
