#pragma once

#include "patronictl/dcs_view.hpp"
#include "patronictl/session.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patronictl {

/// Which members `--role` means.
enum class RoleFilter { leader, primary, standby_leader, replica, standby, any };

/// The choices of `--role`, comma-separated, and their meaning.
inline constexpr std::string_view k_roles = "leader,primary,standby-leader,replica,standby,any";
RoleFilter role_filter(std::string_view word);
std::string_view to_string(RoleFilter role);

/// The members with a role: of the groups in DCS order, in Citus mode without a group of all.
std::vector<const DcsMember*> members_with_role(const Session& session, const DcsCluster& cluster,
                                                const std::optional<int>& group, RoleFilter role);

/// The first member that `--role` or `--member` mean (the leader without both); nullptr when there
/// is none. Throws Fail when both are given.
const DcsMember* any_member(const Session& session, const DcsCluster& cluster,
                            const std::optional<int>& group, const std::optional<RoleFilter>& role,
                            const std::optional<std::string>& member);

/// The leader first, then the others in DCS order; only those that have an API URL.
std::vector<const DcsMember*> leader_first(const DcsCluster& cluster);

/// What `select_members` is asked for.
struct Selection {
    std::string cluster_name;
    std::optional<int> group;
    std::vector<std::string> names;
    RoleFilter role = RoleFilter::any;
    bool force = false;
    std::string action;  ///< "reload", "restart", "reinitialize", "flush".
    bool confirm = true;
};

/// Prints the table of members, picks the ones that the command line means and asks whether that
/// is right. In DCS order. Throws Fail and Abort.
std::vector<const DcsMember*> select_members(Session& session, const DcsCluster& cluster,
                                             const Selection& selection);

/// "pg1, pg2".
std::string joined_names(const std::vector<const DcsMember*>& members);

}  // namespace patronictl
