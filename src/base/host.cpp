#include "base/host.hpp"

#include "base/text.hpp"

#include <patroni/url.hpp>

#include <algorithm>
#include <arpa/inet.h>

namespace patroni {
namespace {

bool is_ipv6(std::string_view text) noexcept {
    const std::size_t percent = std::min(text.find('%'), text.size());
    if (percent < text.size()) {
        const std::string_view zone = text.substr(percent + 1);
        const bool clean = std::all_of(zone.begin(), zone.end(), [](char c) {
            return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
        });
        if (zone.empty() || zone.size() > 32 || !clean) {
            return false;
        }
    }
    char address[INET6_ADDRSTRLEN] = {};
    // inet_pton would stop at a NUL in the text.
    if (percent >= sizeof address || text.find('\0') != std::string_view::npos) {
        return false;
    }
    text.copy(address, percent);
    in6_addr ignored{};
    return inet_pton(AF_INET6, address, &ignored) == 1;
}

bool is_name(std::string_view text) noexcept {
    if (text.front() == '-' || text.front() == '.' || text.find("..") != std::string_view::npos) {
        return false;
    }
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
    });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    const auto port = parse_integer<std::uint16_t>(text);
    return port && *port != 0 && text.size() <= 5 ? port : std::nullopt;
}

}  // namespace

bool is_host(std::string_view text) noexcept {
    if (text.empty() || text.size() > 255) {
        return false;
    }
    return text.find(':') == std::string_view::npos ? is_name(text) : is_ipv6(text);
}

std::optional<HostParts> split_host_port(std::string_view text) {
    HostParts parts;
    std::size_t end = text.find(':');
    if (!text.empty() && text.front() == '[') {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos) {
            return std::nullopt;
        }
        parts.bracketed = true;
        parts.host = text.substr(1, close - 1);
        end = close + 1;
    } else {
        parts.host = text.substr(0, end);
    }
    if (end < text.size()) {
        const auto port = text[end] == ':' ? parse_port(text.substr(end + 1)) : std::nullopt;
        if (!port) {
            return std::nullopt;
        }
        parts.port = *port;
    }
    return parts;
}

std::string bracketed(std::string_view host) {
    return host.find(':') == std::string_view::npos ? std::string(host)
                                                    : '[' + std::string(host) + ']';
}

std::string HostPort::text() const {
    return bracketed(host) + ':' + std::to_string(port);
}

Result<HostPort> parse_host_port(std::string_view text, std::uint16_t default_port) {
    // What holds an at sign can hold a password: it is not repeated.
    const auto fail = [&](std::string_view what) {
        Error error;
        error.kind = ErrorKind::config;
        if (text.find('@') == std::string_view::npos) {
            error.message = '"' + escape_untrusted(text, 80) + "\": ";
        }
        error.message += what;
        return error;
    };
    if (default_port != 0 && text.find(':') != std::string_view::npos && is_host(text)) {
        return HostPort{std::string(text), default_port};  // A bare IPv6 address.
    }
    auto parts = split_host_port(text);
    if (!parts) {
        return fail("expected host:port, with a port from 1 to 65535");
    }
    if (!is_host(parts->host) || (parts->host.find(':') != std::string::npos) != parts->bracketed) {
        return fail("not a host name or address");
    }
    if (parts->port == 0 && default_port == 0) {
        return fail("the port is missing");
    }
    return HostPort{std::move(parts->host), parts->port != 0 ? parts->port : default_port};
}

}  // namespace patroni
