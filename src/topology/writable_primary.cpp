#include "topology/writable_primary.hpp"

#include "topology/member_health.hpp"

#include <algorithm>

namespace patroni::topology {
namespace {

Error error_of(ErrorKind kind, std::string message) {
    Error error;
    error.kind = kind;
    error.message = std::move(message);
    error.delivery = Delivery::answered;
    return error;
}

std::string quoted(const std::string& scope) {
    return scope.empty() ? "the cluster" : "cluster \"" + scope + "\"";
}

Result<const ClusterStatus*> choose(const StatusReport& report, std::string_view scope) {
    std::vector<const ClusterStatus*> found;
    std::string names;
    for (const auto& cluster : report.clusters) {
        if (scope.empty() || cluster.scope == scope) {
            found.push_back(&cluster);
            names += (names.empty() ? "\"" : ", \"") + cluster.scope + "\"";
        }
    }
    if (found.size() == 1) {
        return found.front();
    }
    if (found.empty()) {
        return error_of(ErrorKind::not_found,
                        scope.empty() ? "the source names no member"
                                      : "the source has no " + quoted(std::string(scope)));
    }
    return error_of(ErrorKind::config, scope.empty()
                                           ? "several clusters: name the scope (" + names + ")"
                                           : "several clusters have the scope " + names);
}

/// Its address is answered by somebody else: what is said there does not count.
bool is_another(const ClusterStatus& cluster, const MemberHealth& member) {
    return std::any_of(cluster.problems.begin(), cluster.problems.end(), [&](const auto& problem) {
        return problem.member == member.name &&
               (problem.kind == "scope_mismatch" || problem.kind == "name_mismatch");
    });
}

/// One member in the error: what it is, or why nobody knows.
std::string word(const MemberHealth& member) {
    std::string text = member.name;
    if (member.discovered.api && member.discovered.api->address.text() != member.name) {
        text += " (" + member.discovered.api->text() + ")";
    }
    if (member.error) {
        text += ": " + member.error->message;
    } else if (member.role_source == FactSource::live) {
        text += " is " + (member.role_reported.empty() ? "of unknown role" : member.role_reported) +
                ", " + (member.state.empty() ? "state unknown" : member.state);
    } else {
        text += " did not answer";
    }
    if (member.holds_lock == true) {
        text += " (holds the leader lock)";
    }
    return text;
}

Error nobody(const ClusterStatus& cluster) {
    std::string text;
    ErrorKind kind = ErrorKind::not_found;
    if (cluster.primaries_seen.size() > 1) {
        kind = ErrorKind::conflict;
        text = "several members of " + quoted(cluster.scope) +
               " run as a primary, and the leader lock does not decide";
    } else if (!cluster.primaries_seen.empty()) {
        text = cluster.primaries_seen.front() + " runs as a primary of " + quoted(cluster.scope) +
               ", but the leader lock is not its";
    } else if (cluster.standby_leader) {
        text = *cluster.standby_leader + " leads " + quoted(cluster.scope) +
               ", a standby cluster, which takes no writes";
    } else {
        text = quoted(cluster.scope) + " has no running primary";
    }
    const char* separator = ": ";
    for (const auto& member : cluster.members) {
        if (member.role != Role::gone) {
            text += separator + word(member);
            separator = "; ";
        }
    }
    return error_of(kind, std::move(text));
}

WritablePrimary describe(const ClusterStatus& cluster, const MemberHealth& member,
                         FactSource lock_source) {
    WritablePrimary primary;
    primary.scope = cluster.scope;
    primary.member = member.name;
    primary.api = member.discovered.api;
    primary.postgres = member.postgres;
    primary.timeline = member.timeline;
    primary.lock_source = lock_source;
    for (const auto& name : cluster.primaries_seen) {
        if (name != member.name) {
            primary.other_primaries.push_back(name);
        }
    }
    primary.observed_at = member.observed_at.value_or(WallTime{});
    return primary;
}

}  // namespace

Result<WritablePrimary> find_writable_primary(const StatusReport& report, std::string_view scope,
                                              const std::vector<Origin>& vouched) {
    const auto chosen = choose(report, scope);
    if (!chosen) {
        return chosen.error();
    }
    const ClusterStatus& cluster = **chosen;
    const MemberHealth* by_its_word = nullptr;
    bool lock_is_elsewhere = cluster.lock_source != FactSource::none && !cluster.lock_holder;
    for (const auto& member : cluster.members) {
        const bool runs = is_live_primary(member) && !is_another(cluster, member);
        if (member.holds_lock == true) {
            if (runs) {
                return describe(cluster, member, cluster.lock_source);
            }
            lock_is_elsewhere = true;
        }
        const bool vouches =
            member.discovered.api &&
            std::find(vouched.begin(), vouched.end(), *member.discovered.api) != vouched.end();
        if (runs && vouches && member.holds_lock != false) {
            by_its_word = &member;
        }
    }
    if (by_its_word != nullptr && !lock_is_elsewhere && cluster.primaries_seen.size() == 1) {
        return describe(cluster, *by_its_word, FactSource::live);
    }
    return nobody(cluster);
}

bool all_are_placed(const StatusReport& report) {
    return std::all_of(
        report.clusters.begin(), report.clusters.end(), [](const ClusterStatus& cluster) {
            return std::all_of(cluster.members.begin(), cluster.members.end(),
                               [](const MemberHealth& member) {
                                   return !member.error || member.holds_lock.has_value();
                               });
        });
}

}  // namespace patroni::topology
