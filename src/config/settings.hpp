#pragma once

#include <patroni/result.hpp>
#include <patroni/secret.hpp>
#include <patroni/seeds.hpp>
#include <patroni/tls_settings.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace patroni::config {

/// User and password for the REST API of members.
struct MemberAuth {
    std::string user;
    Secret password;
    std::string place;  ///< Where it was configured: "FILE:LINE".
};

/// What a patroni.yml or patronictl.yaml says about where the cluster is and how to speak to it.
struct Settings {
    Seeds seeds;             ///< From `etcd` or `etcd3`, with `scope` and `namespace`.
    TlsSettings member_tls;  ///< From `ctl`, else `restapi`.
    /// From `ctl`, else `restapi`: `authentication` (username, password) or `auth` (both with a
    /// colon between).
    std::optional<MemberAuth> member_auth;
    std::string store_place;  ///< Where the store was configured: "FILE:LINE".
};

/// Reads the text of a configuration file. The store is the first section that Patroni itself
/// would take (consul, etcd, etcd3, exhibitor, kubernetes, raft, zookeeper). Error `config` names
/// file and line and what would be right; a store that this build cannot read is `unsupported`.
Result<Settings> parse_settings(std::string_view text, const std::string& file);

}  // namespace patroni::config
