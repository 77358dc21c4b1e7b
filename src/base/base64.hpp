#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patroni {

/// Base64 with padding (RFC 4648).
std::string encode_base64(std::string_view bytes);
/// nullopt for anything but base64 with padding.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace patroni
