#include "unit/topology/picture.hpp"

#include "codec/json.hpp"
#include "codec/report.hpp"

namespace patroni::testing {
namespace {

MemberStatus running(Role role, const char* word) {
    MemberStatus status;
    status.state = "running";
    status.role = role;
    status.role_reported = word;
    status.scope = "demo";
    status.system_identifier = "1";
    status.server_version = 150020;
    return of_version(std::move(status), "4.1.4");
}

std::optional<Lsn> lsn(std::optional<std::uint64_t> bytes) {
    return bytes ? std::optional(Lsn(*bytes)) : std::nullopt;
}

}  // namespace

MemberStatus of_version(MemberStatus status, const std::string& version) {
    status.patroni_version = version;
    status.version = Version::parse(version);
    return status;
}

MemberStatus primary_at(std::uint64_t position, std::int64_t timeline) {
    auto status = running(Role::primary, "primary");
    status.location = Lsn(position);
    status.timeline = timeline;
    return status;
}

MemberStatus replica_at(std::optional<std::uint64_t> received,
                        std::optional<std::uint64_t> replayed, std::int64_t timeline) {
    auto status = running(Role::replica, "replica");
    status.received_location = lsn(received);
    status.replayed_location = lsn(replayed);
    status.replay_paused = false;
    status.timeline = timeline;
    status.replication_state = "streaming";
    return status;
}

PublishedMember published(const std::string& name, Role role, std::optional<std::uint64_t> lag) {
    PublishedMember member;
    member.name = name;
    member.role = role;
    member.role_reported = role == Role::primary ? "leader" : std::string(to_string(role));
    member.state = role == Role::primary ? "running" : "streaming";
    member.timeline = 1;
    member.lag = lag;
    return member;
}

Picture& Picture::add(DiscoveredMember member, Result<MemberStatus> answer) {
    if (!member.api) {
        const auto number = std::to_string(discovery.members.size() + 1);
        member.api = Origin{false, {"10.0.0." + number, 8008}};
    }
    discovery.members.push_back(std::move(member));
    observations.push_back({std::move(answer), WallTime(std::chrono::seconds(1795446189))});
    return *this;
}

Picture& Picture::answers(const std::string& name, MemberStatus status) {
    DiscoveredMember member;
    if (!name.empty()) {
        member.name = name;
        status.name = name;
    }
    return add(std::move(member), std::move(status));
}

Picture& Picture::silent(const std::string& name, ErrorKind kind) {
    DiscoveredMember member;
    if (!name.empty()) {
        member.name = name;
    }
    Error error;
    error.kind = kind;
    error.message = "no answer in the test";
    return add(std::move(member), std::move(error));
}

Picture& Picture::store(Cluster cluster) {
    const auto scope = cluster.scope;
    for (auto& member : discovery.members) {
        member.scope = scope;
    }
    discovery.clusters.insert_or_assign(scope, std::move(cluster));
    return *this;
}

Picture& Picture::overview(std::size_t member, Result<ClusterOverview> answer) {
    overviews.push_back({member, std::move(answer)});
    return *this;
}

StatusReport Picture::report() const {
    return topology::assemble_report(discovery, observations, overviews);
}

ClusterStatus Picture::only() const {
    auto found = report();
    EXPECT_EQ(found.clusters.size(), 1U);
    return found.clusters.empty() ? ClusterStatus{} : std::move(found.clusters.front());
}

Cluster stored(std::vector<PublishedMember> members, std::optional<std::string> leader) {
    Cluster cluster;
    cluster.scope = "demo";
    cluster.path = "/service/demo/";
    cluster.initialize = "1";
    cluster.leader = std::move(leader);
    cluster.members = std::move(members);
    cluster.paused = false;
    cluster.leader_lsn = Lsn(1000);
    return cluster;
}

ClusterOverview overview_of(std::vector<PublishedMember> members) {
    ClusterOverview overview;
    overview.members = std::move(members);
    overview.scope = "demo";
    return overview;
}

MemberHealth row(const ClusterStatus& cluster, const std::string& name) {
    for (const auto& member : cluster.members) {
        if (member.name == name) {
            return member;
        }
    }
    ADD_FAILURE() << "no row " << name;
    return {};
}

std::vector<std::string> row_names(const ClusterStatus& cluster) {
    std::vector<std::string> names;
    for (const auto& member : cluster.members) {
        names.push_back(member.name);
    }
    return names;
}

std::vector<std::string> problem_kinds(const ClusterStatus& cluster) {
    std::vector<std::string> kinds;
    for (const auto& problem : cluster.problems) {
        kinds.push_back(problem.kind + (problem.member.empty() ? "" : " " + problem.member));
    }
    return kinds;
}

std::string fingerprint(const StatusReport& report) {
    return codec::to_json(codec::status_document(report));
}

}  // namespace patroni::testing
