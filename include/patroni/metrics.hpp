#pragma once

#include <patroni/lsn.hpp>
#include <patroni/timestamp.hpp>
#include <patroni/version.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patroni {

/// One line of `GET /metrics`: `patroni_primary{scope="demo",name="pg1"} 1`.
struct MetricSample {
    using Label = std::pair<std::string, std::string>;

    std::string name;
    std::vector<Label> labels;  ///< In the order of the line, unescaped.
    double value = 0;           ///< NaN where the text is no number: Patroni can write "None".
    std::string text;           ///< The value as written: integers of 64 bits keep all digits.
    std::optional<std::int64_t> timestamp_ms;  ///< Patroni writes none.

    /// The value of a label; nullopt without it.
    std::optional<std::string_view> label(std::string_view key) const;
};

/// What `# HELP` and `# TYPE` say of the samples of one name.
struct MetricFamily {
    std::string name;
    std::string type;  ///< "gauge", "counter", ...; empty when not told.
    std::string help;
};

/// What every version of Patroni exports about a member; nullopt: not in the answer, or its text
/// for "not known" (0 for times, positions, timeline and version; "None"). The first version that
/// has a field is named where it is not 2.1.0.
struct MemberMetrics {
    std::string scope;
    std::optional<std::string> name;  ///< Patroni >= 3.2.0.
    std::optional<Version> version;   ///< Of Patroni.
    std::optional<bool> postgres_running;
    std::optional<WallTime> postmaster_start_time;
    std::optional<bool> primary;  ///< `patroni_primary` (>= 3.0.0), else `patroni_master`.
    std::optional<bool> standby_leader;
    std::optional<bool> replica;
    std::optional<bool> sync_standby;      ///< Patroni >= 3.0.2.
    std::optional<bool> quorum_standby;    ///< Patroni >= 4.0.0.
    std::optional<Lsn> location;           ///< Not in recovery: the member's own WAL position.
    std::optional<Lsn> received_location;  ///< In recovery: received up to here.
    std::optional<Lsn> replayed_location;  ///< In recovery: replayed up to here.
    std::optional<WallTime> replayed_timestamp;
    std::optional<bool> replay_paused;
    std::optional<bool> streaming;            ///< Patroni >= 3.0.4 and PostgreSQL >= 9.6, when up.
    std::optional<bool> in_archive_recovery;  ///< The same.
    std::optional<std::int64_t> server_version;  ///< PostgreSQL, as 90624 or 160004.
    std::optional<bool> cluster_unlocked;
    std::optional<bool> failsafe_mode_is_active;  ///< Patroni >= 3.0.0.
    std::optional<std::int64_t> timeline;
    std::optional<WallTime> dcs_last_seen;  ///< Patroni >= 2.1.2.
    std::optional<bool> pending_restart;    ///< Patroni >= 2.1.3.
    std::optional<bool> paused;             ///< Patroni >= 2.1.3.
    /// Patroni >= 4.1.0: the number of the state, -1 for one that Patroni does not know.
    std::optional<std::int64_t> postgres_state;
};

/// The word of `MemberMetrics::postgres_state`: "running", "initdb_failed"; empty when unknown.
std::string_view postgres_state_name(std::int64_t state) noexcept;

/// `GET /metrics` of one member (Patroni >= 2.1.0).
struct Metrics {
    std::vector<MetricSample> samples;   ///< In the order of the text.
    std::vector<MetricFamily> families;  ///< In the order of the text.

    /// The first sample of that name with all of these labels; nullptr without one.
    const MetricSample* find(std::string_view name,
                             const std::vector<MetricSample::Label>& labels = {}) const;
    const MetricFamily* family(std::string_view name) const;

    MemberMetrics member() const;
};

}  // namespace patroni
