#pragma once

#include <patroni/discovery.hpp>
#include <patroni/status.hpp>

#include <string>
#include <vector>

namespace patroni::testing {

/// A member that answered, on 10.0.0.NUMBER, PostgreSQL beside it.
inline MemberHealth healthy(const std::string& name, int number, Role role) {
    MemberHealth member;
    member.name = name;
    member.discovered.name = name;
    const auto host = "10.0.0." + std::to_string(number);
    member.discovered.api = Origin{false, {host, 8008}};
    member.postgres = HostPort{host, 5432};
    member.role = role;
    member.role_reported = role == Role::primary ? "primary" : "replica";
    member.role_source = FactSource::live;
    member.state = "running";
    member.healthy = true;
    member.timeline = 3;
    member.patroni_version = "4.1.4";
    member.server_version = 160004;
    member.pending_restart = false;
    member.observed_at = WallTime(std::chrono::seconds(1795446189));
    if (role == Role::primary) {
        member.lsn = Lsn(0x6000060);
    } else {
        member.replication_state = "streaming";
        member.received_lsn = member.replayed_lsn = Lsn(0x6000060);
        member.lag_bytes = member.receive_lag_bytes = member.replay_lag_bytes = 0;
        member.lag_source = FactSource::live;
        member.replay_paused = false;
    }
    return member;
}

/// A member that gave no answer; nobody says anything of it.
inline MemberHealth silent(const std::string& name, int number, ErrorKind kind) {
    MemberHealth member;
    member.name = name;
    member.discovered.api = Origin{false, {"10.0.0." + std::to_string(number), 8008}};
    member.reasons = {"no_answer"};
    Error error;
    error.kind = kind;
    error.message = "no connection in 1 s";
    member.error = error;
    return member;
}

inline ClusterStatus cluster(Verdict verdict, std::vector<MemberHealth> members) {
    ClusterStatus status;
    status.scope = "batman";
    status.system_identifier = "6304927594";
    status.verdict = verdict;
    status.members = std::move(members);
    for (const auto& member : status.members) {
        if (member.role == Role::primary && member.role_source == FactSource::live) {
            status.primaries_seen.push_back(member.name);
        }
    }
    if (status.primaries_seen.size() == 1) {
        status.primary = status.primaries_seen.front();
    }
    return status;
}

inline StatusReport report_of(std::vector<ClusterStatus> clusters) {
    StatusReport report;
    report.clusters = std::move(clusters);
    report.source = "etcd3";
    report.observed_at = WallTime(std::chrono::milliseconds(1795446189593));
    report.elapsed = std::chrono::milliseconds(12);
    return report;
}

}  // namespace patroni::testing
