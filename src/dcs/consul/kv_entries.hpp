#pragma once

#include "dcs/snapshot.hpp"

#include <patroni/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patroni::dcs::consul {

/// The entries of an answer: `[{"Key":K,"Value":BASE64 or null,"ModifyIndex":N,...}]`, sorted by
/// key, each once. Errors: `decode`, `limit`.
Result<std::vector<Entry>> parse_entries(std::string_view body);

}  // namespace patroni::dcs::consul
