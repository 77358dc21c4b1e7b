#include "base/text.hpp"

#include <patroni/metrics.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace patroni {
namespace {

/// Typed views of the first sample of a name. A sample that is absent or says that it does not
/// know is nullopt.
class Reader {
public:
    explicit Reader(const Metrics& metrics) : metrics_(metrics) {}

    std::optional<std::int64_t> integer(std::string_view name) const {
        const MetricSample* sample = metrics_.find(name);
        return sample ? parse_integer<std::int64_t>(sample->text) : std::nullopt;
    }
    /// 0 stands for "not known".
    std::optional<std::int64_t> positive(std::string_view name) const {
        const auto number = integer(name);
        return number && *number > 0 ? number : std::nullopt;
    }
    std::optional<bool> flag(std::string_view name) const {
        const auto number = integer(name);
        return number == 0 || number == 1 ? std::optional(number == 1) : std::nullopt;
    }
    std::optional<Lsn> position(std::string_view name) const {
        const auto bytes = positive(name);
        return bytes ? std::optional(Lsn(static_cast<std::uint64_t>(*bytes))) : std::nullopt;
    }
    std::optional<WallTime> time(std::string_view name) const {
        constexpr double k_year_10000 = 253402300800.0;
        const MetricSample* sample = metrics_.find(name);
        if (!sample || !(sample->value > 0) || sample->value >= k_year_10000) {
            return std::nullopt;
        }
        return WallTime(std::chrono::microseconds(std::llround(sample->value * 1e6)));
    }
    /// Two digits for each part: "040104".
    std::optional<Version> version(std::string_view name) const {
        const MetricSample* sample = metrics_.find(name);
        const std::string_view text = sample ? std::string_view(sample->text) : "";
        if (text.size() < 4) {
            return std::nullopt;
        }
        return Version::parse(std::string(text.substr(0, 2)) + '.' +
                              std::string(text.substr(2, 2)) + '.' + std::string(text.substr(4)));
    }

private:
    const Metrics& metrics_;
};

}  // namespace

std::optional<std::string_view> MetricSample::label(std::string_view key) const {
    const auto found = std::find_if(labels.begin(), labels.end(),
                                    [key](const Label& label) { return label.first == key; });
    return found == labels.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::string_view postgres_state_name(std::int64_t state) noexcept {
    // The order of PostgresqlState in Patroni's patroni/postgresql/misc.py.
    constexpr std::array<std::string_view, 15> names{
        "initdb",           "initdb_failed", "custom_bootstrap", "custom_bootstrap_failed",
        "creating_replica", "running",       "starting",         "bootstrap_starting",
        "start_failed",     "restarting",    "restart_failed",   "stopping",
        "stopped",          "stop_failed",   "crashed"};
    return state >= 0 && state < std::int64_t{names.size()} ? names[static_cast<std::size_t>(state)]
                                                            : std::string_view();
}

const MetricSample* Metrics::find(std::string_view name,
                                  const std::vector<MetricSample::Label>& labels) const {
    const auto matches = [&](const MetricSample& sample) {
        return sample.name == name &&
               std::all_of(labels.begin(), labels.end(), [&](const MetricSample::Label& label) {
                   return sample.label(label.first) == label.second;
               });
    };
    const auto found = std::find_if(samples.begin(), samples.end(), matches);
    return found == samples.end() ? nullptr : &*found;
}

const MetricFamily* Metrics::family(std::string_view name) const {
    const auto found =
        std::find_if(families.begin(), families.end(),
                     [name](const MetricFamily& family) { return family.name == name; });
    return found == families.end() ? nullptr : &*found;
}

MemberMetrics Metrics::member() const {
    const Reader read(*this);
    MemberMetrics member;
    if (const MetricSample* sample = find("patroni_version")) {
        member.scope = sample->label("scope").value_or("");
        member.name = sample->label("name");
    }
    member.version = read.version("patroni_version");
    member.postgres_running = read.flag("patroni_postgres_running");
    member.postmaster_start_time = read.time("patroni_postmaster_start_time");
    member.primary = read.flag(find("patroni_primary") ? "patroni_primary" : "patroni_master");
    member.standby_leader = read.flag("patroni_standby_leader");
    member.replica = read.flag("patroni_replica");
    member.sync_standby = read.flag("patroni_sync_standby");
    member.quorum_standby = read.flag("patroni_quorum_standby");
    member.location = read.position("patroni_xlog_location");
    member.received_location = read.position("patroni_xlog_received_location");
    member.replayed_location = read.position("patroni_xlog_replayed_location");
    member.replayed_timestamp = read.time("patroni_xlog_replayed_timestamp");
    member.replay_paused = read.flag("patroni_xlog_paused");
    member.streaming = read.flag("patroni_postgres_streaming");
    member.in_archive_recovery = read.flag("patroni_postgres_in_archive_recovery");
    member.server_version = read.positive("patroni_postgres_server_version");
    member.cluster_unlocked = read.flag("patroni_cluster_unlocked");
    member.failsafe_mode_is_active = read.flag("patroni_failsafe_mode_is_active");
    member.timeline = read.positive("patroni_postgres_timeline");
    member.dcs_last_seen = read.time("patroni_dcs_last_seen");
    member.pending_restart = read.flag("patroni_pending_restart");
    member.paused = read.flag("patroni_is_paused");
    member.postgres_state = read.integer("patroni_postgres_state");
    return member;
}

}  // namespace patroni
