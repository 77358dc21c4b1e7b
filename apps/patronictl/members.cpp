#include "patronictl/members.hpp"

#include "patronictl/member_table.hpp"
#include "patronictl/prompts.hpp"
#include "patronictl/python_text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace patronictl {
namespace {

constexpr std::array<std::pair<std::string_view, RoleFilter>, 6> k_words{
    {{"leader", RoleFilter::leader},
     {"primary", RoleFilter::primary},
     {"standby-leader", RoleFilter::standby_leader},
     {"replica", RoleFilter::replica},
     {"standby", RoleFilter::standby},
     {"any", RoleFilter::any}}};

bool is_leader_role(RoleFilter role) {
    return role == RoleFilter::leader || role == RoleFilter::primary ||
           role == RoleFilter::standby_leader;
}

bool leader_matches(const DcsMember& leader, RoleFilter role) {
    const std::string own = leader.text("role");
    switch (role) {
        case RoleFilter::primary:
            return own != "standby_leader";
        case RoleFilter::standby_leader:
            return own != "primary" && own != "master";
        default:
            return true;
    }
}

void add_with_role(const DcsCluster& cluster, RoleFilter role,
                   std::vector<const DcsMember*>& found) {
    if (is_leader_role(role)) {
        if (cluster.has_leader() && leader_matches(*cluster.leader, role)) {
            found.push_back(&*cluster.leader);
        }
        return;
    }
    for (const auto& member : cluster.members) {
        if (role == RoleFilter::any || !cluster.leader || member.name != cluster.leader->name) {
            found.push_back(&member);
        }
    }
}

}  // namespace

RoleFilter role_filter(std::string_view word) {
    for (const auto& [name, role] : k_words) {
        if (name == word) {
            return role;
        }
    }
    return RoleFilter::any;
}

std::string_view to_string(RoleFilter role) {
    for (const auto& [name, one] : k_words) {
        if (one == role) {
            return name;
        }
    }
    return "any";
}

std::vector<const DcsMember*> members_with_role(const Session& session, const DcsCluster& cluster,
                                                const std::optional<int>& group, RoleFilter role) {
    std::vector<const DcsMember*> found;
    add_with_role(cluster, role, found);
    if (session.is_citus() && !group) {
        for (const auto& worker : cluster.workers) {
            add_with_role(worker, role, found);
        }
    }
    return found;
}

const DcsMember* any_member(const Session& session, const DcsCluster& cluster,
                            const std::optional<int>& group, const std::optional<RoleFilter>& role,
                            const std::optional<std::string>& member) {
    if (member && role) {
        throw Fail("--role and --member are mutually exclusive options");
    }
    const RoleFilter wanted = member ? RoleFilter::any : role.value_or(RoleFilter::leader);
    for (const auto* one : members_with_role(session, cluster, group, wanted)) {
        if (!member || one->name == *member) {
            return one;
        }
    }
    return nullptr;
}

std::vector<const DcsMember*> leader_first(const DcsCluster& cluster) {
    std::vector<const DcsMember*> members;
    const bool leads = cluster.leader && !cluster.leader->api_url().empty();
    if (leads && !cluster.leader->name.empty()) {
        members.push_back(&*cluster.leader);
    }
    for (const auto& member : cluster.members) {
        if (!member.api_url().empty() && !(leads && member.name == cluster.leader->name)) {
            members.push_back(&member);
        }
    }
    return members;
}

std::string joined_names(const std::vector<const DcsMember*>& members) {
    std::string text;
    for (const auto* member : members) {
        text += (text.empty() ? "" : ", ") + member->name;
    }
    return text;
}

std::vector<const DcsMember*> select_members(Session& session, const DcsCluster& cluster,
                                             const Selection& selection) {
    auto members = members_with_role(session, cluster, selection.group, selection.role);
    if (selection.names.empty() && members.empty()) {
        throw Fail(selection.cluster_name + " cluster doesn't have any members");
    }
    print_members(session, cluster, selection.cluster_name, {.group = selection.group});

    std::set<std::string> candidates;
    for (const auto* member : members) {
        candidates.insert(member->name);
    }
    const bool reinitialize = selection.action == "reinitialize";
    std::set<std::string> wanted;
    for (const auto& name : selection.names) {
        if (candidates.contains(name)) {
            wanted.insert(name);
        }
    }
    if (!selection.names.empty() && wanted.empty()) {
        const std::string role(to_string(selection.role));
        throw Fail("No " + (reinitialize ? role : "'" + role + "'") + " among provided members");
    }
    if (selection.names.empty() && !reinitialize) {
        wanted = candidates;
    }
    if (wanted.empty() && !selection.force) {
        std::string list;
        std::set<std::string> listed;  // Groups of Citus may have the same names.
        for (const auto* member : members) {
            if (listed.insert(member->name).second) {
                list += (list.empty() ? "" : ", ") + member->name;
            }
        }
        const std::string name =
            prompt(session.streams(),
                   "Which member do you want to " + selection.action + " [" + list + "]?", "");
        if (!candidates.contains(name)) {
            throw Fail(name + " is not a member of cluster");
        }
        wanted.insert(name);
    }
    std::erase_if(members, [&](const DcsMember* member) { return !wanted.contains(member->name); });
    if (selection.confirm && !selection.force &&
        !confirm(session.streams(), "Are you sure you want to " + selection.action + " members " +
                                        joined_names(members) + "?")) {
        throw Fail("Aborted " + selection.action);
    }
    return members;
}

}  // namespace patronictl
