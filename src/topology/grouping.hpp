#pragma once

#include <patroni/discovery.hpp>
#include <patroni/member_status.hpp>
#include <patroni/result.hpp>
#include <patroni/timestamp.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace patroni::topology {

/// What one member answered to `GET /patroni`, or why it did not.
struct Observation {
    Result<MemberStatus> answer;
    WallTime at{};
};

/// The members that form one cluster: one scope and one system identifier.
struct Group {
    std::string scope;  ///< Empty when no source and no answer names one.
    std::optional<std::string> system_identifier;
    std::vector<std::size_t> members;  ///< Indices into Discovery::members.
    /// Another cluster of this scope exists (another identifier).
    bool contested = false;
    /// These members have no identifier, and the scope has several: they belong to one of them.
    bool ambiguous = false;
};

/// Groups discovered members by what they and the store say. A member without an identifier joins
/// the only cluster of its scope; one without a scope joins the only group there is.
/// `observations` has one element for each member. Sorted by scope and identifier.
std::vector<Group> group_members(const Discovery& discovery,
                                 const std::vector<Observation>& observations);

}  // namespace patroni::topology
