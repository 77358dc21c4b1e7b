#include "base/text.hpp"

#include <patroni/seeds.hpp>

#include <algorithm>
#include <iterator>

namespace patroni {
namespace {

constexpr std::uint16_t k_etcd_port = 2379;
constexpr std::uint16_t k_consul_port = 8500;
constexpr std::uint16_t k_zookeeper_port = 2181;
constexpr std::uint16_t k_patroni_port = 8008;

Error config_error(std::string message) {
    Error error;
    error.kind = ErrorKind::config;
    error.message = std::move(message);
    return error;
}

/// Moves the userinfo of an endpoint's text into the seeds, so that nobody prints it.
Result<void> take_user(std::string_view text, Seeds& seeds) {
    const auto scheme = text.find("://");
    const auto start = scheme == std::string_view::npos ? 0 : scheme + 3;
    const auto end = text.find_first_of("/?#", start);
    const auto at = text.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < start) {
        return {};
    }
    const std::string url =
        (scheme == std::string_view::npos ? "http://" : std::string(text.substr(0, start))) +
        std::string(text.substr(start));
    auto parsed = parse_url(url);
    if (!parsed) {
        return std::move(parsed).error();
    }
    seeds.user = parsed->user;
    seeds.password = parsed->password;
    return {};
}

std::string without_user(std::string_view text) {
    const auto scheme = text.find("://");
    const auto start = scheme == std::string_view::npos ? 0 : scheme + 3;
    const auto end = text.find_first_of("/?#", start);
    const auto at = text.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < start) {
        return std::string(text);
    }
    return std::string(text.substr(0, start)) + std::string(text.substr(at + 1));
}

Result<Seeds> parse_list(Seeds::Kind kind, std::string_view list, std::uint16_t default_port,
                         const char* what) {
    Seeds seeds;
    seeds.kind = kind;
    while (!list.empty()) {
        const auto comma = list.find(',');
        std::string_view item = trim(list.substr(0, comma));
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
        if (item.empty()) {
            continue;
        }
        if (auto user = take_user(item, seeds); !user) {
            return std::move(user).error();
        }
        auto origin = parse_origin(without_user(item), default_port);
        if (!origin && item.find('@') != std::string_view::npos) {
            // What stands before the sign may be a password: not even a part of it is repeated.
            return config_error(std::string(what) +
                                ": no address behind user and password (host:port; a / ? or # in a "
                                "password is written as %2F %3F %23)");
        }
        if (!origin) {
            return std::move(origin).error();
        }
        if (std::find(seeds.endpoints.begin(), seeds.endpoints.end(), *origin) ==
            seeds.endpoints.end()) {
            seeds.endpoints.push_back(std::move(*origin));
        }
    }
    if (seeds.endpoints.empty()) {
        return config_error(std::string(what) + ": no address given (host:port, comma-separated)");
    }
    return seeds;
}

}  // namespace

std::string_view to_string(Seeds::Kind kind) noexcept {
    switch (kind) {
        case Seeds::Kind::registrator:
            return "registrator";
        case Seeds::Kind::etcd2:
            return "etcd2";
        case Seeds::Kind::etcd3:
            return "etcd3";
        case Seeds::Kind::consul:
            return "consul";
        case Seeds::Kind::zookeeper:
            return "zookeeper";
        case Seeds::Kind::api:
            return "api";
        case Seeds::Kind::members:
            return "members";
    }
    return "";
}

bool is_store(Seeds::Kind kind) noexcept {
    return kind == Seeds::Kind::etcd2 || kind == Seeds::Kind::etcd3 ||
           kind == Seeds::Kind::consul || kind == Seeds::Kind::zookeeper;
}

namespace {

/// A scheme of registrator's URLs, as registrator itself names its stores.
struct RegistryScheme {
    std::string_view scheme;
    Seeds::Registry registry;
    bool tls;
};
constexpr RegistryScheme k_registries[] = {
    {"etcd", Seeds::Registry::etcd2, false},
    {"http", Seeds::Registry::etcd2, false},
    {"etcd-tls", Seeds::Registry::etcd2, true},
    {"etcds", Seeds::Registry::etcd2, true},
    {"https", Seeds::Registry::etcd2, true},
    {"consulkv", Seeds::Registry::consul_kv, false},
    {"consulkv-tls", Seeds::Registry::consul_kv, true},
    {"consul", Seeds::Registry::consul_catalog, false},
    {"consul-tls", Seeds::Registry::consul_catalog, true},
};

Error unknown_registry(std::string_view scheme) {
    Error error = config_error(
        "registrator: expected etcd://HOST:PORT/DIRECTORY, consulkv://HOST:PORT/PREFIX/SERVICE or "
        "consul://HOST:PORT/SERVICE (etcd-tls:// and so on for TLS); entries in other stores "
        "cannot be read by this build");
    if (scheme == "zookeeper" || scheme == "skydns2") {
        error.kind = ErrorKind::unsupported;
    }
    return error;
}

}  // namespace

Result<Seeds> Seeds::registrator(std::string_view url) {
    const auto scheme_end = url.find("://");
    const std::string_view scheme =
        scheme_end == std::string_view::npos ? std::string_view() : url.substr(0, scheme_end);
    const auto* known =
        std::find_if(std::begin(k_registries), std::end(k_registries),
                     [&](const RegistryScheme& one) { return one.scheme == scheme; });
    if (known == std::end(k_registries)) {
        return unknown_registry(scheme);
    }
    const bool tls = known->tls;
    const bool is_etcd = known->registry == Registry::etcd2;
    const std::string_view rest = url.substr(scheme_end + 3);
    const auto slash = rest.find('/');
    std::string directory(slash == std::string_view::npos ? std::string_view()
                                                          : rest.substr(slash));
    while (!directory.empty() && directory.back() == '/') {
        directory.pop_back();
    }
    if (directory.empty()) {
        return config_error(
            "registrator: no directory in the URL; it is the service's key, such as "
            "etcd://HOST:PORT/dingo-postgresql95-8008");
    }
    // Scheme and userinfo may stand before the first of several hosts: split by hand.
    const std::string_view authority = rest.substr(0, slash);
    const auto at = authority.rfind('@');
    const std::string_view hosts =
        at == std::string_view::npos ? authority : authority.substr(at + 1);
    std::string list;
    for (std::size_t start = 0; start <= hosts.size();) {
        const auto comma = std::min(hosts.find(',', start), hosts.size());
        if (comma > start) {
            list += (list.empty() ? "" : ",") + std::string(tls ? "https://" : "http://") +
                    std::string(hosts.substr(start, comma - start));
        }
        start = comma + 1;
    }
    auto seeds =
        parse_list(Kind::registrator, list, is_etcd ? k_etcd_port : k_consul_port, "registrator");
    if (!seeds) {
        return seeds;
    }
    if (at != std::string_view::npos && !is_etcd) {
        return config_error(
            "registrator: no user and password in an address of Consul, which knows ACL tokens");
    }
    if (at != std::string_view::npos) {
        const std::string with_user = "http://" + std::string(authority.substr(0, at)) + "@host";
        if (auto user = take_user(with_user, *seeds); !user) {
            return std::move(user).error();
        }
    }
    if (known->registry == Registry::consul_catalog && directory.rfind('/') != 0) {
        return config_error("registrator: a service of Consul's catalog has no slash in its name");
    }
    seeds->registry = known->registry;
    seeds->directory = std::move(directory);
    return seeds;
}

Result<Seeds> Seeds::etcd2(std::string_view hosts, std::string_view scope) {
    auto seeds = parse_list(Kind::etcd2, hosts, k_etcd_port, "etcd");
    if (seeds) {
        seeds->scope = scope;
    }
    return seeds;
}

Result<Seeds> Seeds::etcd3(std::string_view hosts, std::string_view scope) {
    auto seeds = parse_list(Kind::etcd3, hosts, k_etcd_port, "etcd3");
    if (seeds) {
        seeds->scope = scope;
    }
    return seeds;
}

Result<Seeds> Seeds::consul(std::string_view hosts, std::string_view scope) {
    auto seeds = parse_list(Kind::consul, hosts, k_consul_port, "consul");
    if (seeds) {
        seeds->scope = scope;
    }
    return seeds;
}

Result<Seeds> Seeds::zookeeper(std::string_view hosts, std::string_view scope) {
    const auto scheme = hosts.find("://");
    const auto slash = hosts.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
    std::string_view chroot = hosts.substr(std::min(slash, hosts.size()));
    while (chroot.ends_with('/')) {
        chroot.remove_suffix(1);
    }
    if (chroot.find(',') != std::string_view::npos) {
        return config_error(
            "zookeeper: the chroot stands behind the last host: h1,h2:2181/patroni");
    }
    auto seeds = parse_list(Kind::zookeeper, hosts.substr(0, slash), k_zookeeper_port, "zookeeper");
    if (seeds) {
        seeds->scope = scope;
        seeds->chroot = chroot;
    }
    return seeds;
}

Result<Seeds> Seeds::api(std::string_view urls) {
    return parse_list(Kind::api, urls, k_patroni_port, "api");
}

Result<Seeds> Seeds::members(std::string_view list) {
    return parse_list(Kind::members, list, k_patroni_port, "members");
}

}  // namespace patroni
