#pragma once

#include <string>
#include <string_view>

namespace patroni {

/// Encodes a URL path: everything but unreserved characters, `/`, `:`, `@`, and `,` becomes %XX.
std::string percent_encode_path(std::string_view path);

}  // namespace patroni
