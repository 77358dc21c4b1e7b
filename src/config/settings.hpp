#pragma once

#include <patroni/result.hpp>
#include <patroni/seeds.hpp>
#include <patroni/tls_settings.hpp>

#include <string>
#include <string_view>

namespace patroni::config {

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
