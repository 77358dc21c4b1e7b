#pragma once

#include "dcs/snapshot.hpp"

#include <patroni/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patroni::dcs::consul {

/// One key of Consul's KV store.
struct KvEntry {
    Entry entry;
    /// Held by a session: it goes with the session, as leader and members do.
    bool held = false;
};

/// The entries of an answer: `[{"Key":K,"Value":BASE64 or null,"ModifyIndex":N,"Session"?:S,...}]`,
/// sorted by key, each once. Errors: `decode`, `limit`.
Result<std::vector<KvEntry>> parse_entries(std::string_view body);

}  // namespace patroni::dcs::consul
