#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patroni {

/// The pieces of `host`, `host:port`, `[v6]` or `[v6]:port`, not yet judged by `is_host`.
struct HostParts {
    std::string host;  ///< Without brackets.
    bool bracketed = false;
    std::uint16_t port = 0;  ///< 0 when the text names none.
};

/// nullopt when brackets do not match or the port is not 1 to 65535.
std::optional<HostParts> split_host_port(std::string_view text);

/// A name of letters, digits, `.`, `-` and `_`, or an IP address (IPv6 with optional zone).
bool is_host(std::string_view text) noexcept;

/// The host as it stands in front of a port: IPv6 in brackets.
std::string bracketed(std::string_view host);

}  // namespace patroni
