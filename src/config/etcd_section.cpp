#include "base/text.hpp"
#include "config/store_sections.hpp"

#include <algorithm>
#include <array>

namespace patroni::config {
namespace {

constexpr std::array<std::string_view, 17> k_keys = {
    "host",       "hosts",      "port",     "url",      "proxy",  "use_proxies",
    "protocol",   "srv",        "username", "password", "cacert", "discovery_srv",
    "srv_domain", "srv_suffix", "cert",     "key",      "verify"};
constexpr std::uint16_t k_port = 2379;

bool is_url(std::string_view host) {
    return host.find("://") != std::string_view::npos;
}

/// Puts the protocol before a host that has none, and the port behind it.
std::string with_protocol(std::string host, const std::string& protocol, std::uint16_t port,
                          bool port_wins) {
    if (is_url(host)) {
        return host;
    }
    const auto colon = host.rfind(':');
    const auto bracket = host.rfind(']');
    const bool has_port =
        colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    std::string own_port = has_port ? host.substr(colon + 1) : std::to_string(port);
    if (has_port) {
        host.resize(colon);
    }
    if (host.find(':') != std::string::npos && host[0] != '[') {
        host = "[" + host + "]";
    }
    return protocol + "://" + host + ":" + (port_wins ? std::to_string(port) : own_port);
}

struct Endpoints {
    std::string key;  ///< Which key names them; empty: none does.
    std::string list;
};

/// `proxy` beats all; then `hosts`, `url` and `host`. (SRV records, if there are any, beat these.)
Endpoints named_endpoints(Section& section) {
    std::string protocol = section.text("protocol");
    if (protocol.empty()) {
        protocol = "http";
    } else if (protocol != "http" && protocol != "https") {
        section.wrong("protocol", "expected http or https");
    }
    const auto port = section.port("port", k_port);
    for (const auto* key : {"proxy", "hosts", "url", "host"}) {
        const auto hosts = section.list(key);
        const bool one = std::string_view(key) == "host" && hosts.size() == 1;
        Endpoints found{key, ""};
        for (const auto& host : hosts) {
            found.list += (found.list.empty() ? "" : ",") +
                          with_protocol(host, protocol, port, one && section.has("port"));
        }
        if (!found.list.empty()) {
            return found;
        }
    }
    return {};
}

void read_srv(Section& section, Seeds& seeds) {
    for (const auto* key : {"srv", "discovery_srv", "srv_domain"}) {
        if (auto domain = section.text(key); !domain.empty()) {
            seeds.srv_domain = std::move(domain);
        }
    }
    seeds.srv_suffix = section.text("srv_suffix");
    for (const auto& [key, value] :
         {std::pair("srv", &seeds.srv_domain), {"srv_suffix", &seeds.srv_suffix}}) {
        const bool good = std::all_of(value->begin(), value->end(), [](char c) {
            return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
        });
        if (!good) {
            section.wrong(section.has(key) ? key : "", "expected a name of DNS");
        }
    }
}

/// Without `cacert` Patroni's client of etcd verifies nothing.
void read_trust(Section& section, StoreSettings& settings) {
    TlsSettings& tls = settings.seeds.tls;
    section.authorities("cacert", tls);
    tls.certificate_file = section.text("cert");
    tls.key_file = section.text("key");
    if (!tls.key_file.empty() && tls.certificate_file.empty()) {
        if (section.dialect() == Dialect::patctl) {
            section.wrong("key", "the key of a client certificate; 'cert' is missing");
        }
        tls.key_file.clear();
    }
    const bool has_ca = !tls.ca_file.empty() || !tls.ca_directory.empty();
    const auto verify = section.truth("verify");
    tls.verify = verify.value_or(has_ca || section.dialect() == Dialect::patctl);
    const auto& endpoints = settings.seeds.endpoints;
    const bool is_https =
        !settings.seeds.srv_domain.empty() ||
        std::any_of(endpoints.begin(), endpoints.end(), [](const auto& each) { return each.tls; });
    if (tls.verify && !has_ca && !verify) {
        settings.tls_advice =
            section.place("") + ": " + section.name() +
            " names no 'cacert', so the store is verified against the CAs of this system (Patroni "
            "itself would verify nothing): add 'cacert: FILE' there or give --cacert FILE, or add "
            "'verify: false' to go on without";
    }
    if (!tls.verify && !verify && is_https) {
        settings.warnings.push_back(section.place("") + ": " + section.name() +
                                    ": the store's certificate is not verified, as Patroni has it "
                                    "without 'cacert'");
    }
}

}  // namespace

void read_etcd(Section& section, StoreSettings& settings) {
    Seeds& seeds = settings.seeds;
    const bool is_v3 = section.name() == "etcd3";
    seeds.kind = is_v3 ? Seeds::Kind::etcd3 : Seeds::Kind::etcd2;
    const Endpoints named = named_endpoints(section);
    if (named.key != "proxy") {
        read_srv(section, seeds);
    }
    if (!named.list.empty()) {
        auto parsed = is_v3 ? Seeds::etcd3(named.list) : Seeds::etcd2(named.list);
        if (!parsed) {
            section.wrong(named.key, parsed.error().message);
            return;
        }
        seeds.endpoints = std::move(parsed->endpoints);
        seeds.user = std::move(parsed->user);
        seeds.password = std::move(parsed->password);
    } else if (seeds.srv_domain.empty()) {
        section.wrong("",
                      "no endpoint: expected 'hosts' (or 'host', 'url', 'srv'), such as {hosts: "
                      "[\"10.0.0.1:2379\"]}");
    }
    if (seeds.user.empty()) {
        seeds.user = section.text("username");
        seeds.password = section.secret("password");
    }
    section.flag("use_proxies", false);  // Endpoints stay as configured in any case.
    read_trust(section, settings);
    for (auto& sentence : section.strangers(k_keys)) {
        settings.warnings.push_back(std::move(sentence));
    }
}

}  // namespace patroni::config
