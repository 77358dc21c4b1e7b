#include "base/host.hpp"
#include "base/text.hpp"

#include <patroni/url.hpp>

#include <algorithm>

namespace patroni {
namespace {

// No message repeats the text: it can hold a password at an unexpected place.
Error bad_url(std::string message) {
    Error error;
    error.kind = ErrorKind::config;
    error.message = std::move(message);
    return error;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const auto byte = parse_integer<std::uint8_t>(text.substr(i + 1, 2), 16);
            if (!byte || i + 2 >= text.size()) {
                return std::nullopt;
            }
            c = static_cast<char>(*byte);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            return std::nullopt;
        }
        out.push_back(c);
    }
    return out;
}

bool is_scheme(std::string_view text) {
    if (text.empty() || !is_letter(text.front())) {
        return false;
    }
    for (const char c : text) {
        if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') {
            return false;
        }
    }
    return true;
}

bool is_clean(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '\\' || c == '#') {
            return false;
        }
    }
    return true;
}

/// The address in a URL: the zone of an IPv6 address stands behind `%25` there (RFC 6874).
std::string address_in_url(const HostPort& address) {
    std::string text = address.port == 0 ? bracketed(address.host) : address.text();
    if (const std::size_t zone = text.find('%'); zone != std::string::npos) {
        text.insert(zone + 1, "25");
    }
    return text;
}

Result<HostPort> parse_authority(std::string_view text, bool many_hosts) {
    if (many_hosts) {
        text = text.substr(0, text.find(','));
    }
    if (text.empty()) {
        return bad_url("the URL names no host");
    }
    auto parts = split_host_port(text);
    if (!parts) {
        return bad_url("the URL has a bad host or port");
    }
    const std::size_t zone = parts->host.find("%25");
    if (parts->bracketed && zone != std::string::npos && zone + 3 < parts->host.size()) {
        parts->host.erase(zone + 1, 2);
    }
    if (!is_host(parts->host) || (parts->host.find(':') != std::string::npos) != parts->bracketed) {
        return bad_url("the URL has a bad host name");
    }
    return HostPort{std::move(parts->host), parts->port};
}

}  // namespace

std::string Origin::text() const {
    return (tls ? "https://" : "http://") + address_in_url(address);
}

std::string Url::text() const {
    std::string out = scheme + "://" + address_in_url(address) + path;
    if (!query.empty()) {
        out += '?' + query;
    }
    return out;
}

Result<Url> parse_url(std::string_view text) {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) {
        return bad_url("not a URL of the form scheme://host:port");
    }
    Url url;
    url.scheme = to_lower(text.substr(0, colon));
    std::string_view rest = text.substr(colon + 3);

    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view authority = rest.substr(0, end);
    rest.remove_prefix(end);
    if (!is_clean(rest)) {
        return bad_url("the URL has a blank, a control character, '\\' or '#' behind the host");
    }

    // The last at sign: a password with one in plain must not become part of the host.
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        const std::string_view userinfo = authority.substr(0, at);
        authority.remove_prefix(at + 1);
        const std::size_t separator = std::min(userinfo.find(':'), userinfo.size());
        auto user = percent_decode(userinfo.substr(0, separator));
        const bool has_password = separator < userinfo.size();
        auto password = has_password ? percent_decode(userinfo.substr(separator + 1)) : "";
        if (!user || !password) {
            return bad_url("the user or password in the URL has a bad percent escape or character");
        }
        url.user = std::move(*user);
        url.password = Secret(std::move(*password));
    }

    const bool postgres = url.scheme == "postgres" || url.scheme == "postgresql";
    auto address = parse_authority(authority, postgres);
    if (!address) {
        return std::move(address).error();
    }
    url.address = std::move(*address);
    const std::size_t question = std::min(rest.find('?'), rest.size());
    url.path = rest.substr(0, question);
    if (question < rest.size()) {
        url.query = rest.substr(question + 1);
    }
    return url;
}

Result<Origin> parse_origin(std::string_view text, std::uint16_t default_port) {
    if (text.find("://") == std::string_view::npos) {
        auto address = parse_host_port(text.substr(0, text.find('/')), default_port);
        if (!address) {
            return std::move(address).error();
        }
        return Origin{false, std::move(*address)};
    }
    auto url = parse_url(text);
    if (!url) {
        return std::move(url).error();
    }
    if (url->scheme != "http" && url->scheme != "https") {
        return bad_url("the URL must begin with http:// or https://");
    }
    Origin origin{url->scheme == "https", std::move(url->address)};
    if (origin.address.port == 0) {
        const std::uint16_t usual = origin.tls ? 443 : 80;
        origin.address.port = default_port != 0 ? default_port : usual;
    }
    return origin;
}

}  // namespace patroni
