#pragma once

#include <patroni/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patctl::render {

/// Bytes for people; "?" when they are not known.
std::string size_text(const std::optional<std::uint64_t>& bytes);

/// "sync standby"; an unknown role is shown by its own word.
std::string role_text(const patroni::MemberHealth& member);
/// "OK", "NO LEADER", ...
std::string verdict_text(patroni::Verdict verdict);
/// Untrusted text for a terminal.
std::string safe(std::string_view text);
/// Untrusted text for one cell of tsv: tab, line end and backslash become \t, \n, \\.
std::string tsv_cell(std::string_view text);
/// One tsv line.
std::string tsv_line(const std::vector<std::string>& cells);

}  // namespace patctl::render
