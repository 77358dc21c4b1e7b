#pragma once

#include "patronictl/dcs_view.hpp"

#include <patroni/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patronictl {

/// One member as the table of members shows it, before a format is chosen.
struct MemberRow {
    std::string name;               ///< In a topology with its indentation.
    patroni::Value::Object fields;  ///< By the names of columns: "host", "receive_lag".

    const patroni::Value* find(std::string_view field) const;
};

/// Members of one group, sorted by name: what their keys say, and what follows from the cluster.
std::vector<MemberRow> member_rows(const DcsCluster& cluster);

/// Leader first, then its replicas below it, each with its own below; members that replicate from
/// each other in a circle disappear.
std::vector<MemberRow> sorted_by_topology(std::vector<MemberRow> rows);

}  // namespace patronictl
