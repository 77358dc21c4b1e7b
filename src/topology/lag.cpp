#include "topology/lag.hpp"

#include <algorithm>

namespace patroni::topology {
namespace {

bool is_standby(const MemberHealth& member) {
    switch (member.role) {
        case Role::replica:
        case Role::sync_standby:
        case Role::quorum_standby:
        case Role::standby_leader:
            return true;
        default:
            return false;
    }
}

bool on_other_timelines(const std::optional<std::int64_t>& a,
                        const std::optional<std::int64_t>& b) {
    return a && b && *a != *b;
}

std::optional<Lsn> further(std::optional<Lsn> a, std::optional<Lsn> b) {
    return a && b ? std::max(a, b) : (a ? a : b);
}

}  // namespace

void fill_lag(MemberHealth& member, const MemberHealth* primary, const PublishedMember* published,
              const PublishedView& view) {
    if (!is_standby(member)) {
        return;
    }
    if (primary != nullptr && on_other_timelines(member.timeline, primary->timeline)) {
        return;  // Positions of two histories cannot be compared, published ones neither.
    }
    const auto position = further(member.received_lsn, member.replayed_lsn);
    if (primary != nullptr && primary->lsn && position) {
        member.lag_source = FactSource::live;
        member.lag_bytes = lag_bytes(*primary->lsn, *position);
        if (member.received_lsn) {
            member.receive_lag_bytes = lag_bytes(*primary->lsn, *member.received_lsn);
        }
        if (member.replayed_lsn) {
            member.replay_lag_bytes = lag_bytes(*primary->lsn, *member.replayed_lsn);
        }
        return;
    }
    if (published == nullptr || !view.lags_known()) {
        return;
    }
    const PublishedMember* leader = view.leader();
    if (leader != nullptr && on_other_timelines(member.timeline, leader->timeline)) {
        return;
    }
    // A published lag is against what the leader published: 0 for a member that died just before
    // the leader wrote much. The leader's own position is better where we have it.
    const auto since = [&](const std::optional<Lsn>& behind,
                           const std::optional<std::uint64_t>& lag) {
        return primary != nullptr && primary->lsn && behind
                   ? std::optional(lag_bytes(*primary->lsn, *behind))
                   : lag;
    };
    member.lag_bytes = since(published->position, published->lag);
    member.receive_lag_bytes = since(published->receive_lsn, published->receive_lag);
    member.replay_lag_bytes = since(published->replay_lsn, published->replay_lag);
    if (member.lag_bytes || member.receive_lag_bytes || member.replay_lag_bytes) {
        member.lag_source = view.source();
    }
}

}  // namespace patroni::topology
