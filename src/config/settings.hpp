#pragma once

#include "config/configuration.hpp"

#include <patroni/result.hpp>
#include <patroni/secret.hpp>
#include <patroni/seeds.hpp>
#include <patroni/tls_settings.hpp>

#include <optional>
#include <string>
#include <vector>

namespace patroni::config {

/// User and password for the REST API of members.
struct MemberAuth {
    std::string user;
    Secret password;
    std::string place;  ///< Where it was configured: "FILE:LINE".
};

/// How members are spoken to: section `ctl`, and what it does not say from `restapi`.
struct MemberSettings {
    TlsSettings tls;
    std::optional<MemberAuth> auth;
};

/// Which cluster is meant when a command does not say so.
struct ClusterSettings {
    std::string scope;                   ///< Empty: not configured.
    std::string name_space = "service";  ///< Patroni's default.
    std::optional<int> citus_group;      ///< Set: the cluster is one of Citus.
    std::string citus_database;
};

/// The store, and where its section is.
struct StoreSettings {
    Seeds seeds;        ///< With namespace and scope of the ClusterSettings.
    std::string name;   ///< "etcd3"
    std::string place;  ///< "FILE:LINE", "PATRONI_ETCD3_HOSTS" or "--dcs-url".
    /// What is taken as it is although it is unsafe, or is not taken; one sentence each.
    std::vector<std::string> warnings;
    /// What to do when the store's certificate cannot be verified; empty: nothing special.
    std::string tls_advice;
};

Result<MemberSettings> member_settings(const Configuration& configuration);
Result<ClusterSettings> cluster_settings(const Configuration& configuration);

/// The first section in Patroni's order: consul, etcd, etcd3, exhibitor, kubernetes, raft,
/// zookeeper. None: Error `config`, as patronictl with its text ("Can not find suitable
/// configuration of distributed configuration store", and on the next line what there is); one that
/// this build cannot read: `unsupported`, with what to do instead.
Result<StoreSettings> store_settings(const Configuration& configuration);

}  // namespace patroni::config
