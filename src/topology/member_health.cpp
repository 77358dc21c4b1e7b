#include "topology/member_health.hpp"

namespace patroni::topology {
namespace {

/// The first Patroni whose `/patroni` tells synchronous standbys.
constexpr Version k_tells_sync{3, 0, 2};

std::string choose_name(const DiscoveredMember& member, const Observation& observation,
                        const PublishedMember* published) {
    if (member.name) {
        return *member.name;
    }
    if (observation.answer && observation.answer->name) {
        return *observation.answer->name;
    }
    if (published != nullptr) {
        return published->name;
    }
    return member.display_name();
}

Role live_role(const MemberStatus& status, const PublishedMember* published) {
    if (status.role != Role::replica) {
        return status.role;
    }
    if (status.quorum_standby) {
        return Role::quorum_standby;
    }
    if (status.sync_standby) {
        return Role::sync_standby;
    }
    const bool tells = status.version && *status.version >= k_tells_sync;
    if (!tells && published != nullptr && published->role == Role::sync_standby) {
        return Role::sync_standby;
    }
    return Role::replica;
}

void take_answer(MemberHealth& row, const MemberStatus& status, const Observation& observation,
                 const PublishedMember* published) {
    row.observed_at = observation.at;
    row.role = live_role(status, published);
    row.role_reported = status.role_reported;
    row.role_source = FactSource::live;
    row.state = status.state;
    row.timeline = status.timeline;
    row.lsn = status.location;
    row.received_lsn = status.received_location;
    row.replayed_lsn = status.replayed_location;
    row.replayed_at = status.replayed_timestamp;
    row.replay_paused = status.replay_paused;
    row.replication_state = status.replication_state;
    row.pending_restart = status.pending_restart;
    row.tags = status.tags;
    row.server_version = status.server_version;
    row.patroni_version = status.patroni_version;
}

/// For a member that gave no answer: what others say of it, marked with its source.
void take_published(MemberHealth& row, const PublishedMember& published, FactSource source) {
    row.role = published.role;
    row.role_reported = published.role_reported;
    row.role_source = source;
    row.state = published.state;
    row.timeline = published.timeline;
    row.tags = published.tags;
    row.patroni_version = published.patroni_version;
    if (published.pending_restart) {
        row.pending_restart = true;
    }
}

}  // namespace

MemberHealth describe_member(const DiscoveredMember& member, const Observation& observation,
                             const PublishedView& published) {
    const PublishedMember* record = published.find(member, observation);
    MemberHealth row;
    row.discovered = member;
    row.name = choose_name(member, observation, record);
    row.postgres = member.postgres;
    if (!row.postgres && record != nullptr) {
        row.postgres = record->postgres;
    }
    if (published.lock_known() && (record != nullptr || !published.lock_holder())) {
        row.holds_lock = published.lock_holder() && record != nullptr &&
                         record->name == *published.lock_holder();
    }
    if (observation.answer) {
        take_answer(row, *observation.answer, observation, record);
    } else {
        row.error = observation.answer.error();
        if (record != nullptr) {
            take_published(row, *record, published.source());
        }
    }
    return row;
}

MemberHealth describe_gone(const GoneMember& gone, const std::string& scope,
                           const PublishedView& published) {
    MemberHealth row;
    row.name = gone.name;
    row.discovered.name = gone.name;
    row.discovered.scope = scope;
    row.discovered.api = gone.api;
    row.role = Role::gone;
    row.role_source = FactSource::dcs;
    row.holds_lock = published.lock_holder() == gone.name;
    row.named_by = gone.named_by;
    return row;
}

bool is_live_primary(const MemberHealth& member) {
    return member.role_source == FactSource::live && member.role == Role::primary &&
           member.state == "running";
}

bool is_live_standby_leader(const MemberHealth& member) {
    return member.role_source == FactSource::live && member.role == Role::standby_leader &&
           member.state == "running";
}

}  // namespace patroni::topology
