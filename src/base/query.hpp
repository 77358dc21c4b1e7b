#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patroni {

using Query = std::vector<std::pair<std::string, std::string>>;

/// The query of a request target as Python's parse_qs reads it: `+` and `%xx` decoded, empty values
/// dropped, the first of a repeated key counts.
Query parse_query(std::string_view target);
std::optional<std::string> find_parameter(const Query& query, std::string_view key);

/// `%xx` decoded; `+` becomes a blank when asked for.
std::string percent_decode(std::string_view text, bool plus_is_blank);

/// Patroni's sizes ("16kB", "1MB", "0x400"); nullopt when it could not read them.
std::optional<std::int64_t> parse_size(std::string_view text);

}  // namespace patroni
