#include "topology/health_rules.hpp"

#include "base/byte_size.hpp"

#include <string>

namespace patroni::topology {
namespace {

constexpr Version k_tells_replication_state{3, 0, 4};

/// Collects what is wrong with one member.
class Judge {
public:
    Judge(MemberHealth& member, std::vector<ClusterProblem>& problems)
        : member_(member), problems_(problems) {}

    void blame(std::string kind, std::string message) {
        member_.reasons.push_back(kind);
        problems_.push_back({std::move(kind), member_.name, std::move(message)});
    }

private:
    MemberHealth& member_;
    std::vector<ClusterProblem>& problems_;
};

/// " (last commit replayed is 250 s old)": how much time a replay lag means.
std::string replay_age(const MemberHealth& member) {
    if (!member.replayed_at || !member.replayed_at->time || !member.observed_at) {
        return {};
    }
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(*member.observed_at -
                                                                      *member.replayed_at->time);
    return age.count() < 1 ? std::string()
                           : " (last commit replayed is " + std::to_string(age.count()) + " s old)";
}

std::string published_words(const MemberHealth& member) {
    if (member.role_source == FactSource::none) {
        return {};
    }
    const std::string who =
        member.role_source == FactSource::dcs ? "its key in the DCS" : "/cluster of another member";
    return "; " + who + " says " + std::string(to_string(member.role)) + ", " +
           (member.state.empty() ? "no state" : member.state);
}

void judge_silent(Judge& judge, const MemberHealth& member) {
    if (!member.discovered.api) {
        judge.blame("no_address",
                    "no source names the address of its REST API" + published_words(member));
        return;
    }
    judge.blame("no_answer", (member.error ? member.error->message : std::string("was not asked")) +
                                 published_words(member));
}

void judge_role(Judge& judge, const MemberHealth& member, const ClusterStatus& cluster) {
    switch (member.role) {
        case Role::unknown:
            judge.blame("role_unknown",
                        member.role_reported.empty()
                            ? "does not say its role (PostgreSQL is probably down)"
                            : "says a role that is not known: \"" + member.role_reported + "\"");
            break;
        case Role::demoted:
            judge.blame("demoted", "was demoted and is not a standby yet");
            break;
        case Role::uninitialized:
            judge.blame("uninitialized", "has no data directory yet");
            break;
        case Role::primary:
            // In maintenance mode a primary may run without the lock.
            if (member.holds_lock == false && cluster.paused != true) {
                judge.blame("without_lock", "runs as primary, but the leader lock is held by " +
                                                cluster.lock_holder.value_or("nobody"));
            }
            break;
        default:
            break;
    }
}

bool has_true_tag(const MemberHealth& member, std::string_view tag) {
    const Value* value = member.tags.find(tag);
    return value != nullptr && value->if_bool() != nullptr && *value->if_bool();
}

void judge_standby(Judge& judge, const MemberHealth& member, const MemberHealth* primary,
                   const LagLimits& limits) {
    if (primary != nullptr && member.timeline && primary->timeline &&
        *member.timeline != *primary->timeline) {
        judge.blame("other_timeline", "is on timeline " + std::to_string(*member.timeline) +
                                          ", the primary on " + std::to_string(*primary->timeline));
    }
    const auto version = Version::parse(member.patroni_version);
    const bool tells = version && *version >= k_tells_replication_state &&
                       member.server_version.value_or(0) >= 90600;
    if (primary != nullptr && tells && member.replication_state != "streaming" &&
        !has_true_tag(member, "nostream")) {
        judge.blame("not_streaming", member.replication_state
                                         ? "is in archive recovery, not streaming"
                                         : "does not stream from any member");
    }
    const std::string late = member.lag_source == FactSource::live ? "" : " (as published)";
    if (member.lag_bytes && *member.lag_bytes > limits.receive_bytes) {
        judge.blame("lagging",
                    "lacks " + byte_size_text(*member.lag_bytes) + " of the primary's WAL" + late);
    }
    if (member.replay_lag_bytes && *member.replay_lag_bytes > limits.replay_bytes) {
        judge.blame("replay_lag", "replays " + byte_size_text(*member.replay_lag_bytes) + " late" +
                                      late + replay_age(member) +
                                      (member.replay_paused == true ? "; replay is paused" : ""));
    } else if (member.replay_paused == true) {
        judge.blame("replay_paused", "replay is paused");
    }
}

}  // namespace

void judge_member(MemberHealth& member, const MemberHealth* primary, const ClusterStatus& cluster,
                  const LagLimits& limits, std::vector<ClusterProblem>& problems) {
    Judge judge(member, problems);
    if (member.role == Role::gone) {
        judge.blame("gone", "has no member key any more; named by " + member.named_by);
    } else if (member.role_source != FactSource::live) {
        judge_silent(judge, member);
    } else {
        if (member.state != "running") {
            judge.blame("not_running", member.state.empty()
                                           ? "does not say the state of its PostgreSQL"
                                           : "its PostgreSQL is \"" + member.state + "\"");
        }
        // A stopped 0.90 says no role at all: its state has been told already.
        if (member.state == "running" || member.role != Role::unknown) {
            judge_role(judge, member, cluster);
        }
        const bool standby = member.role == Role::replica || member.role == Role::sync_standby ||
                             member.role == Role::quorum_standby;
        if (standby && member.state == "running") {
            judge_standby(judge, member, primary, limits);
        }
    }
    member.healthy = member.reasons.empty();
}

}  // namespace patroni::topology
