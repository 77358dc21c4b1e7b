#pragma once

#include "patronictl/dcs_view.hpp"
#include "patronictl/session.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace patronictl {

/// How a table of members is printed.
struct MemberTable {
    std::string_view format = "pretty";  ///< pretty, topology, tsv, json, yaml, yml.
    bool extended = false;
    std::optional<int> group = std::nullopt;  ///< What was typed as --group.
};

/// Prints the members of a cluster (in Citus mode without a group: of all groups) and what is
/// planned for it, as `list` shows them.
void print_members(const Session& session, const DcsCluster& cluster, std::string_view name,
                   const MemberTable& how = {});

}  // namespace patronictl
