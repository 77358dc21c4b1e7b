#pragma once

#include <patroni/cluster.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::codec {

/// Collects the members that other keys name although they have no member key. The first key that
/// names one is the one that is told.
class GoneMembers {
public:
    GoneMembers(const std::vector<PublishedMember>& members, std::string path);

    void add(std::string_view name, std::string_view key, std::optional<Origin> api = {});
    /// Replication slots are named after members, but not every name can be told from its slot.
    void add_slot(std::string_view slot, std::string_view key);

    std::vector<GoneMember> take() &&;

private:
    std::string path_;
    std::set<std::string, std::less<>> known_;  ///< In lower case: names are equal without case.
    std::set<std::string, std::less<>> known_slots_;
    std::map<std::string, GoneMember, std::less<>> gone_;  ///< By name in lower case.
};

}  // namespace patroni::codec
