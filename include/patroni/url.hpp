#pragma once

#include <patroni/result.hpp>
#include <patroni/secret.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patroni {

/// A host (name, IPv4, or IPv6 without brackets) and a TCP port.
struct HostPort {
    std::string host;
    std::uint16_t port = 0;

    /// `host:port`, IPv6 in brackets.
    std::string text() const;

    friend auto operator<=>(const HostPort&, const HostPort&) = default;
};

/// Reads `host:port`, `[v6]:port`, or a host alone when `default_port` is not 0. A host is at most
/// 255 characters of letters, digits, `.`, `-`, `_`, or an IPv6 address (with optional zone).
Result<HostPort> parse_host_port(std::string_view text, std::uint16_t default_port = 0);

/// Where requests go: scheme, host and port.
struct Origin {
    bool tls = false;
    HostPort address;

    /// `http://host:port` or `https://host:port`.
    std::string text() const;

    friend auto operator<=>(const Origin&, const Origin&) = default;
};

/// A parsed URL of the form `scheme://[user[:password]@]host[:port][/path][?query]`.
struct Url {
    std::string scheme;  ///< Lower case.
    std::string user;    ///< Percent-decoded.
    Secret password;     ///< Percent-decoded.
    HostPort address;    ///< Port 0 when the text names none.
    std::string path;    ///< As written, with its leading slash; empty when there is none.
    std::string query;   ///< As written, without the question mark.

    /// The URL without user and password.
    std::string text() const;
};

/// Reads a URL; Error kind `config`, and the message never repeats user and password.
Result<Url> parse_url(std::string_view text);

/// Reads an `http` or `https` URL, or a bare `host[:port]` (then http), into the origin it names.
/// Path and query are ignored; `default_port` is used when the text names none; when it is
/// 0 too, a URL means 80 or 443.
Result<Origin> parse_origin(std::string_view text, std::uint16_t default_port);

}  // namespace patroni
