#pragma once

#include "config/configuration.hpp"

#include <patroni/result.hpp>
#include <patroni/secret.hpp>
#include <patroni/seeds.hpp>
#include <patroni/tls_settings.hpp>

#include <optional>
#include <string>
#include <string_view>
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
};

Result<MemberSettings> member_settings(const Configuration& configuration);
Result<ClusterSettings> cluster_settings(const Configuration& configuration);

/// The first section in Patroni's order: consul, etcd, etcd3, exhibitor, kubernetes, raft,
/// zookeeper. None: Error `config`, as patronictl with its text ("Can not find suitable
/// configuration of distributed configuration store", and on the next line what there is); one that
/// this build cannot read: `unsupported`, with what to do instead.
Result<StoreSettings> store_settings(const Configuration& configuration);

/// What a patroni.yml or patronictl.yaml says about where the cluster is and how to speak to it.
struct Settings {
    Seeds seeds;              ///< From `etcd` or `etcd3`, with `scope` and `namespace`.
    TlsSettings member_tls;   ///< From `ctl`, else `restapi`.
    std::string store_place;  ///< Where the store was configured: "FILE:LINE".
};

/// Reads the text of a configuration file. The store is the first section that Patroni itself
/// would take (consul, etcd, etcd3, exhibitor, kubernetes, raft, zookeeper). Error `config` names
/// file and line and what would be right; a store that this build cannot read is `unsupported`.
Result<Settings> parse_settings(std::string_view text, const std::string& file);

}  // namespace patroni::config
