#include "config/dcs_url.hpp"

#include "base/text.hpp"

#include <patroni/url.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace patroni::config {
namespace {

struct Scheme {
    std::string_view name;
    std::uint16_t port;
};

/// In the order in which a port finds its scheme.
constexpr std::array k_schemes = {Scheme{"zookeeper", 2181}, Scheme{"exhibitor", 8181},
                                  Scheme{"consul", 8500}, Scheme{"etcd", 2379},
                                  Scheme{"etcd3", 2379}};

Error url_error(const Place& place, Dialect dialect, std::string message) {
    Error error;
    error.kind = ErrorKind::config;
    if (dialect == Dialect::patctl) {
        error.endpoint = place.text();
    }
    error.message = std::move(message);
    return error;
}

const Scheme* find_scheme(std::string_view name) {
    for (const auto& scheme : k_schemes) {
        if (scheme.name == name) {
            return &scheme;
        }
    }
    return nullptr;
}

const Scheme& scheme_of_port(std::uint16_t port) {
    for (const auto& scheme : k_schemes) {
        if (scheme.port == port) {
            return scheme;
        }
    }
    return *find_scheme("etcd");
}

/// The parts of a URL as Python's urlparse sees them.
struct Parts {
    std::string_view scheme;
    std::optional<std::string_view> user;
    std::string_view host;
    std::string_view port;
    std::string_view path;
};

Parts split(std::string_view url) {
    Parts parts;
    const auto slashes = url.find("//");
    if (slashes != std::string_view::npos) {
        parts.scheme = url.substr(0, slashes);
        if (parts.scheme.ends_with(':')) {
            parts.scheme.remove_suffix(1);
        }
        url.remove_prefix(slashes + 2);
    }
    url = url.substr(0, url.find_first_of("?#"));
    const auto slash = std::min(url.find('/'), url.size());
    parts.path = url.substr(slash);
    std::string_view authority = url.substr(0, slash);
    const auto at = authority.rfind('@');
    if (at != std::string_view::npos) {
        parts.user = authority.substr(0, at);
        authority.remove_prefix(at + 1);
    }
    const auto bracket = authority.find(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    parts.host = authority.substr(0, colon);
    if (colon != std::string_view::npos) {
        parts.port = authority.substr(colon + 1);
    }
    return parts;
}

Result<void> set_user(Layer& layer, const Scheme& scheme, std::string_view user,
                      const Place& place) {
    auto parsed = parse_url("http://" + std::string(user) + "@host");
    if (!parsed) {
        return url_error(place, Dialect::patctl, parsed.error().message);
    }
    layer.set(scheme.name, "username", std::move(parsed->user), place);
    layer.set(scheme.name, "password", parsed->password.reveal(), place);
    return {};
}

void set_address(Layer& layer, const Scheme& scheme, const std::string& host, std::uint16_t port,
                 const Place& place) {
    const std::string address = host + ":" + std::to_string(port);
    if (scheme.name == "zookeeper") {
        layer.set(scheme.name, "hosts", Value::Array{Value(address)}, place);
    } else if (scheme.name == "exhibitor") {
        layer.set(scheme.name, "hosts", Value::Array{Value(host)}, place);
        layer.set(scheme.name, "port", std::int64_t{port}, place);
    } else {
        layer.set(scheme.name, "host", address, place);
    }
}

}  // namespace

Result<Layer> read_dcs_url(const std::string& url, const Place& place, Dialect dialect) {
    const Parts parts = split(trim(url));
    std::uint16_t port = 0;
    if (!parts.port.empty()) {
        const auto number = parse_integer<std::uint16_t>(parts.port);
        if (!number || *number == 0) {
            return url_error(place, dialect,
                             "the port of the DCS URL is no number from 1 to 65535");
        }
        port = *number;
    }
    const std::string name = to_lower(parts.scheme);
    const Scheme* scheme = name.empty() ? &scheme_of_port(port) : find_scheme(name);
    if (scheme == nullptr) {
        // With an @ in it, it is more than a scheme and may hold a password.
        const bool is_word = name.find('@') == std::string::npos;
        std::string message =
            "Unknown dcs scheme: " + (is_word ? escape_untrusted(name, 40) : std::string("***"));
        if (dialect == Dialect::patctl) {
            message += "; one of consul, etcd, etcd3, exhibitor, zookeeper";
        }
        return url_error(place, dialect, std::move(message));
    }
    Layer layer;
    const std::string host = parts.host.empty() ? "localhost" : to_lower(parts.host);
    set_address(layer, *scheme, host, port == 0 ? scheme->port : port, place);
    const bool is_etcd = scheme->name.starts_with("etcd");
    if (parts.user && dialect == Dialect::patctl && is_etcd) {
        if (auto set = set_user(layer, *scheme, *parts.user, place); !set) {
            return std::move(set).error();
        }
    }
    if (const auto path = trim(parts.path); !path.empty() && path != "/") {
        layer.set("", "namespace", path, place);
    }
    return layer;
}

void apply_dcs_url(const Layer& store, Layer& configuration) {
    for (const auto& scheme : k_schemes) {
        configuration.remove(scheme.name);
    }
    configuration.patch(store);
}

}  // namespace patroni::config
