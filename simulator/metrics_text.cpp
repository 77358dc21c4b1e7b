#include "simulator/rest_api.hpp"
#include "simulator/time_text.hpp"

#include <patroni/version.hpp>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace patroni::simulation {
namespace {

/// `040104` for 4.1.4.
std::string version_number(const Version& version) {
    std::string text;
    for (const int part : {version.major, version.minor, version.patch}) {
        text += part < 10 ? "0" + std::to_string(part) : std::to_string(part);
    }
    return text;
}

/// Seconds with microseconds, as Python prints a float.
std::string epoch_text(WallTime time) {
    std::string text = std::to_string(time.time_since_epoch().count());
    text.insert(text.size() - 6, ".");
    while (text.ends_with('0') && !text.ends_with(".0")) {
        text.pop_back();
    }
    return text;
}

std::string labels(const ClusterState& cluster, const MemberState& member) {
    const std::string name =
        cluster.has(Feature::metrics_name_label) ? ",name=\"" + member.name + "\"" : std::string();
    return "{scope=\"" + cluster.scope + "\"" + name + "}";
}

class Page {
public:
    explicit Page(std::string labels) : labels_(std::move(labels)) {}

    void add(std::string_view name, std::string_view help, const std::string& value,
             std::string_view type = "gauge", std::string_view note = "",
             std::string_view gap = "") {
        const std::string metric = "patroni_" + std::string(name);
        text_ += "# HELP " + metric + " " + std::string(help) + "\n" + std::string(note) +
                 "# TYPE " + metric + " " + std::string(type) + "\n" + metric + std::string(gap) +
                 labels_ + " " + value + "\n";
    }
    void add(std::string_view name, std::string_view help, bool value) {
        add(name, help, std::string(value ? "1" : "0"));
    }

    std::string take() { return std::move(text_); }

private:
    std::string labels_;
    std::string text_;
};

constexpr std::string_view state_note =
    "# Values: 0=initdb, 1=initdb_failed, 2=custom_bootstrap, 3=custom_bootstrap_failed, "
    "4=creating_replica, 5=running, 6=starting, 7=bootstrap_starting, 8=start_failed, "
    "9=restarting, 10=restart_failed, 11=stopping, 12=stopped, 13=stop_failed, 14=crashed\n";

std::string state_number(Postgres state) {
    switch (state) {
        case Postgres::running:
        case Postgres::crashed:
            return "5";
        case Postgres::starting:
            return "6";
        case Postgres::start_failed:
            return "8";
        case Postgres::restarting:
            return "9";
        case Postgres::stopping:
            return "11";
        case Postgres::stopped:
            return "12";
        case Postgres::creating_replica:
            break;
    }
    return "4";
}

}  // namespace

std::string metrics_text(const ClusterState& cluster, const MemberState& member, WallTime now) {
    const bool up = member.state == Postgres::running;
    const bool standby = up && !member.primary;
    const bool in_set = standby && cluster.in_sync_set(member);
    const bool quorum = cluster.sync == SimulatedSync::quorum;
    const std::string_view role = role_word(cluster, member);
    const bool fixed = cluster.has(Feature::metrics_fixes);
    const auto number = [](bool known, auto value) {
        return known ? std::to_string(value) : std::string("0");
    };

    Page page{labels(cluster, member)};
    page.add("version", "Patroni semver without periods.", version_number(cluster.number));
    page.add("postgres_running", "Value is 1 if Postgres is running, 0 otherwise.", up);
    page.add("postmaster_start_time", "Epoch seconds since Postgres started.",
             up ? epoch_text(member.started_at) : "0");
    for (const Feature metric : {Feature::metrics_master, Feature::metrics_primary}) {
        if (cluster.has(metric)) {
            page.add(metric == Feature::metrics_master ? "master" : "primary",
                     "Value is 1 if this node is the leader, 0 otherwise.",
                     role == "primary" || role == "master");
        }
    }
    page.add("xlog_location",
             "Current location of the Postgres transaction log, 0 if this node is not the leader.",
             number(up && member.primary, member.location), "counter");
    page.add("standby_leader", "Value is 1 if this node is the standby_leader, 0 otherwise.",
             role == "standby_leader");
    page.add("replica", "Value is 1 if this node is a replica, 0 otherwise.", role == "replica");
    const bool with_quorum = cluster.has(Feature::quorum_mode);
    if (cluster.has(Feature::sync_standby_field)) {
        page.add("sync_standby",
                 with_quorum ? "Value is 1 if this node is a sync standby, 0 otherwise."
                             : "Value is 1 if this node is a sync standby replica, 0 otherwise.",
                 in_set && !quorum);
    }
    if (with_quorum) {
        page.add("quorum_standby", "Value is 1 if this node is a quorum standby, 0 otherwise.",
                 in_set && quorum);
    }
    page.add("xlog_received_location",
             "Current location of the received Postgres transaction log, 0 if this node is not a "
             "replica.",
             number(standby, member.location), "counter");
    page.add("xlog_replayed_location",
             "Current location of the replayed Postgres transaction log, 0 if this node is not a "
             "replica.",
             number(standby, member.replayed), "counter");
    page.add("xlog_replayed_timestamp",
             "Current timestamp of the replayed Postgres transaction log, 0 if null.",
             standby && member.replayed_at ? epoch_text(*member.replayed_at) : "0");
    page.add("xlog_paused", "Value is 1 if the Postgres xlog is paused, 0 otherwise.",
             standby && member.replay_paused);
    if (up && cluster.has(Feature::replication_state)) {
        page.add("postgres_streaming", "Value is 1 if Postgres is streaming, 0 otherwise.",
                 cluster.streaming(member));
        page.add("postgres_in_archive_recovery",
                 "Value is 1 if Postgres is replicating from archive, 0 otherwise.",
                 cluster.follows(member) && !cluster.streaming(member));
    }
    // A bug of the older versions: a blank before the labels.
    page.add("postgres_server_version", "Version of Postgres (if running), 0 otherwise.",
             number(up, cluster.server_version()), "gauge", "", fixed ? "" : " ");
    page.add("cluster_unlocked", "Value is 1 if the cluster is unlocked, 0 if locked.",
             !member.has_view || (!cluster.lock && member.reaches_store));
    if (cluster.has(Feature::failsafe)) {
        page.add("failsafe_mode_is_active", "Value is 1 if failsafe mode is active, 0 if inactive.",
                 cluster.failsafe_active(member));
    }
    page.add("postgres_timeline", "Postgres timeline of this node (if running), 0 otherwise.",
             number(up, member.timeline), fixed ? "gauge" : "counter");
    page.add("dcs_last_seen",
             "Epoch timestamp when DCS was last contacted successfully by Patroni.",
             std::to_string(epoch_seconds(member.reaches_store ? now : member.seen)));
    page.add("pending_restart", "Value is 1 if the node needs a restart, 0 otherwise.",
             !member.pending_restart.is_null());
    page.add("is_paused", "Value is 1 if auto failover is disabled, 0 otherwise.", cluster.paused);
    if (cluster.has(Feature::postgres_state_metric)) {
        page.add("postgres_state", "Numeric representation of Postgres state.",
                 state_number(member.state), "gauge", state_note);
    }
    return page.take();
}

}  // namespace patroni::simulation
