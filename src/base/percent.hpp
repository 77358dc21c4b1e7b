#pragma once

#include <string>
#include <string_view>

namespace patroni {

/// Encodes a URL path: everything but unreserved characters, `/`, `:`, `@`, and `,` becomes %XX.
std::string percent_encode_path(std::string_view path);

/// Encodes a name or value of a query: everything but unreserved characters.
std::string percent_encode_query(std::string_view text);

/// Encodes a value of application/x-www-form-urlencoded, as Python's urlencode does: a blank is
/// `+`.
std::string encode_form(std::string_view text);

}  // namespace patroni
