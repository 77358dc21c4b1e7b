#pragma once

#include <patroni/version.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patroni::simulation {

/// What the answers and keys of Patroni's versions differ in; the table is in the .cpp.
enum class Feature {
    // GET /patroni
    role_while_down,
    replay_stands_for_receive,
    timeline,
    replication,
    cluster_unlocked_flag,
    cluster_unlocked_when_true,
    dcs_last_seen,
    pause_before_last_seen,
    sync_standby_field,
    replication_state,
    name,
    python_times,
    primary_word,
    // Endpoints
    cluster,
    health_paths,
    query,
    leader_paths,
    probes,
    liveness_by_loop,
    readiness_by_lag,
    live_leader_position,
    metrics,
    failsafe,
    failsafe_position,
    mpp,
    // Methods
    head,
    options,
    options_headless,
    config_writes,
    switchover,
    delete_switchover,
    sigterm,
    citus,
    // Writes
    body_checks,
    switchover_412,
    switchover_rules,
    restart_filters,
    restart_timeout,
    two_part_version,
    reinitialize_force,
    patch_without_config,
    get_config_502,
    worker_pool,
    // GET /metrics
    metrics_name_label,
    metrics_primary,
    metrics_master,
    metrics_fixes,
    postgres_state_metric,
    // GET /cluster
    cluster_scope,
    cluster_positions,
    // Keys
    config_key,
    member_version,
    member_password,
    status_key,
    status_slots,
    history_promoted,
    history_microseconds,
    sync_quorum,
    etcd3,
    // Behaviour
    maintenance,
    sync_mode,
    quorum_mode,
    standby_cluster,
    nostream,
    follows_without_restart,
    demoted_word,
    promoted_word,
    pending_restart_reason,
    failover_priority,
    standby_leader_filter,
    primary_filter,
    stopped_is_unreachable,
};

/// Whether a Patroni of that version has it.
bool has(const Version& version, Feature feature);

/// "0.90" to "4.1".
std::vector<std::string> simulated_lines();

/// The version text that the simulated members report: "2.1" is the last one of its line. Throws
/// std::invalid_argument for a line that is not simulated.
std::string simulated_version(std::string_view asked);

/// Whether the answers of exactly this version were compared with recordings.
bool is_verified(std::string_view version);

}  // namespace patroni::simulation
