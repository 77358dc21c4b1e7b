#include "simulator/version_features.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace patroni::simulation {
namespace {

constexpr Version never{.major = 99, .minor = 0, .patch = 0};

struct Row {
    Feature feature;
    Version since;
    Version until = never;  ///< The first version without it.
};

/// When each came and went. From the version table of Patroni's REST API; the last version of each
/// line was compared with recordings, what came within 3.0 with the sources of 3.0.1.
constexpr std::array history{
    Row{Feature::role_while_down, {1, 0, 0}},
    Row{Feature::replay_stands_for_receive, {1, 2, 0}},
    Row{Feature::timeline, {1, 4, 0}},
    Row{Feature::replication, {1, 1, 0}},
    Row{Feature::cluster_unlocked_flag, {1, 4, 6}, {2, 1, 2}},  // true or false, while SQL works
    Row{Feature::cluster_unlocked_when_true, {2, 1, 2}},
    Row{Feature::dcs_last_seen, {2, 1, 2}},
    Row{Feature::pause_before_last_seen, {3, 0, 2}},  // before that, after "patroni"
    Row{Feature::sync_standby_field, {3, 0, 2}},
    Row{Feature::replication_state, {3, 0, 4}},
    Row{Feature::name, {3, 2, 0}},
    Row{Feature::python_times, {2, 1, 0}},
    Row{Feature::primary_word, {4, 0, 0}},

    Row{Feature::cluster, {1, 6, 1}},       // with /history
    Row{Feature::health_paths, {1, 6, 0}},  // all but /quorum; 0.90 knows /master and /replica
    Row{Feature::query, {2, 0, 0}},
    Row{Feature::leader_paths, {2, 1, 0}},  // standby leaders have paths of their own
    Row{Feature::probes, {2, 0, 0}},        // /liveness, /readiness
    Row{Feature::liveness_by_loop, {2, 1, 5}},
    Row{Feature::readiness_by_lag, {4, 1, 0}},
    Row{Feature::live_leader_position, {4, 1, 0}},
    Row{Feature::metrics, {2, 1, 0}},
    Row{Feature::failsafe, {3, 0, 0}},
    Row{Feature::mpp, {3, 3, 0}},

    Row{Feature::head, {2, 1, 5}},
    Row{Feature::options, {1, 0, 0}},
    Row{Feature::options_headless, {1, 0, 0}, {2, 0, 0}},  // without the empty line
    Row{Feature::config_writes, {1, 0, 0}},                // with POST /reload, DELETE /restart
    Row{Feature::switchover, {1, 4, 0}},
    Row{Feature::delete_switchover, {2, 0, 0}},
    Row{Feature::sigterm, {2, 1, 5}},
    Row{Feature::citus, {3, 0, 0}},

    Row{Feature::body_checks, {1, 0, 0}},       // 411 and 400 for what is no JSON object
    Row{Feature::switchover_412, {1, 4, 0}},    // and texts that name the action
    Row{Feature::switchover_rules, {3, 2, 0}},  // strict; no scheduled failover
    Row{Feature::restart_filters, {1, 1, 0}},
    Row{Feature::restart_timeout, {1, 2, 0}},
    Row{Feature::two_part_version, {1, 4, 0}},
    Row{Feature::reinitialize_force, {1, 4, 0}},
    Row{Feature::patch_without_config, {2, 0, 0}},
    Row{Feature::standby_leader_filter, {4, 0, 0}},
    Row{Feature::primary_filter, {3, 0, 0}},
    Row{Feature::stopped_is_unreachable, {2, 1, 0}},

    Row{Feature::metrics_name_label, {3, 2, 0}},
    Row{Feature::metrics_primary, {3, 0, 0}},
    Row{Feature::metrics_master, {2, 1, 0}, {4, 0, 0}},
    Row{Feature::postgres_state_metric, {4, 1, 0}},

    Row{Feature::cluster_scope, {3, 2, 0}},
    Row{Feature::cluster_positions, {4, 1, 0}},

    Row{Feature::config_key, {1, 0, 0}},
    Row{Feature::member_version, {1, 6, 0}},
    Row{Feature::member_password, {0, 4, 0}, {1, 0, 0}},  // the replication user's, in conn_url
    Row{Feature::status_key, {2, 1, 0}},                  // before that optime/leader
    Row{Feature::status_slots, {4, 0, 0}},                // of all members
    Row{Feature::history_promoted, {2, 1, 1}},
    Row{Feature::history_microseconds, {2, 1, 0}},
    Row{Feature::sync_quorum, {4, 0, 0}},
    Row{Feature::etcd3, {2, 0, 0}},

    Row{Feature::maintenance, {1, 4, 0}},
    Row{Feature::sync_mode, {1, 4, 0}},
    Row{Feature::quorum_mode, {4, 0, 0}},
    Row{Feature::standby_cluster, {1, 5, 6}},
    Row{Feature::nostream, {3, 3, 0}},
    Row{Feature::follows_without_restart, {2, 0, 0}},
    Row{Feature::demoted_word, {1, 1, 0}},
    Row{Feature::promoted_word, {3, 0, 0}},
    Row{Feature::pending_restart_reason, {3, 3, 0}},
    Row{Feature::failover_priority, {3, 2, 0}},
};

/// The simulated lines. The first patch is the one from which on the table above says everything:
/// earlier ones have bugs of their own. The last one was recorded.
struct Line {
    std::string_view line;
    std::string_view first;
    std::string_view last;
};
constexpr std::array<Line, 7> lines{{{"0.90", "0.90", "0.90"},
                                     {"1.6", "1.6.5", "1.6.5"},
                                     {"2.1", "2.1.5", "2.1.7"},
                                     {"3.0", "3.0.2", "3.0.4"},
                                     {"3.3", "3.3.3", "3.3.11"},
                                     {"4.0", "4.0.2", "4.0.10"},
                                     {"4.1", "4.1.0", "4.1.4"}}};

/// What came to three lines at once, each with a patch of its own.
bool reaches(const Version& version, int patch_of_3_3, int patch_of_4_0, int patch_of_4_1) {
    const Version line{.major = version.major, .minor = version.minor, .patch = 0};
    if (line == Version{.major = 3, .minor = 3, .patch = 0}) {
        return version.patch >= patch_of_3_3;
    }
    if (line == Version{.major = 4, .minor = 0, .patch = 0}) {
        return version.patch >= patch_of_4_0;
    }
    return version >= Version{.major = 4, .minor = 1, .patch = patch_of_4_1};
}

}  // namespace

bool has(const Version& version, Feature feature) {
    switch (feature) {
        case Feature::metrics_fixes:
            return reaches(version, 11, 10, 4);
        case Feature::worker_pool:
            return reaches(version, 9, 8, 1);
        case Feature::get_config_502:
            return reaches(version, 8, 7, 0);
        case Feature::failsafe_position:
            return reaches(version, 3, 0, 0);
        default:
            break;
    }
    const auto* row = std::ranges::find(history, feature, &Row::feature);
    return row != history.end() && version >= row->since && version < row->until;
}

std::vector<std::string> simulated_lines() {
    std::vector<std::string> names;
    for (const Line& line : lines) {
        names.emplace_back(line.line);
    }
    return names;
}

std::string simulated_version(std::string_view asked) {
    const auto version = Version::parse(asked);
    for (const Line& line : lines) {
        if (asked == line.line) {
            return std::string(line.last);
        }
        if (version >= Version::parse(line.first) && version <= Version::parse(line.last)) {
            return std::string(asked);
        }
    }
    throw std::invalid_argument(
        "patroni::Simulator plays Patroni 0.90, 1.6, 2.1, 3.0, 3.3, 4.0 and 4.1, not '" +
        std::string(asked) + "'");
}

bool is_verified(std::string_view version) {
    return std::ranges::any_of(
        lines, [&](const Line& line) { return version == line.last || version == line.line; });
}

}  // namespace patroni::simulation
