#pragma once

#include "topology/status_report.hpp"

#include <patroni/cluster.hpp>
#include <patroni/discovery.hpp>
#include <patroni/status.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace patroni::testing {

/// A running primary as Patroni 4.1 describes it.
MemberStatus primary_at(std::uint64_t lsn, std::int64_t timeline = 1);
/// A streaming replica as Patroni 4.1 describes it.
MemberStatus replica_at(std::optional<std::uint64_t> received,
                        std::optional<std::uint64_t> replayed, std::int64_t timeline = 1);
/// The same of another version: its text goes with it.
MemberStatus of_version(MemberStatus status, const std::string& version);

/// A row of `/cluster` or a member key.
PublishedMember published(const std::string& name, Role role,
                          std::optional<std::uint64_t> lag = std::nullopt);

/// What a client saw: members in the order in which they are added.
class Picture {
public:
    /// `name` is what discovery knows and what the member calls itself; empty: neither.
    Picture& answers(const std::string& name, MemberStatus status);
    Picture& silent(const std::string& name, ErrorKind kind = ErrorKind::timeout);
    Picture& add(DiscoveredMember member, Result<MemberStatus> answer);
    Picture& store(Cluster cluster);
    /// `/cluster` as the member at this index answered it.
    Picture& overview(std::size_t member, Result<ClusterOverview> answer);

    StatusReport report() const;
    /// The report's only cluster.
    ClusterStatus only() const;

    Discovery discovery;
    std::vector<topology::Observation> observations;
    std::vector<topology::OverviewAnswer> overviews;
};

/// A cluster as a store knows it: scope "demo", initialized as "1".
Cluster stored(std::vector<PublishedMember> members, std::optional<std::string> leader);
ClusterOverview overview_of(std::vector<PublishedMember> members);

/// The row of that name; a failure and an empty row when there is none.
MemberHealth row(const ClusterStatus& cluster, const std::string& name);
std::vector<std::string> row_names(const ClusterStatus& cluster);
/// "kind member" of each problem.
std::vector<std::string> problem_kinds(const ClusterStatus& cluster);
/// The whole report as JSON text: equal texts are equal reports.
std::string fingerprint(const StatusReport& report);

}  // namespace patroni::testing
