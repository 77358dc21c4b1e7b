#include "config/store_sections.hpp"

#include <array>

namespace patroni::config {
namespace {

constexpr std::array<std::string_view, 16> k_keys = {"host",
                                                     "port",
                                                     "url",
                                                     "scheme",
                                                     "token",
                                                     "verify",
                                                     "cacert",
                                                     "cert",
                                                     "key",
                                                     "dc",
                                                     "consistency",
                                                     "checks",
                                                     "register_service",
                                                     "service_tags",
                                                     "service_check_interval",
                                                     "service_check_tls_server_name"};

/// One agent, or several as a list. The port beside `host` beats the one in it.
std::string agents(Section& section) {
    if (auto url = section.text("url"); !url.empty()) {
        return url;
    }
    std::string scheme = section.text("scheme");
    if (scheme.empty()) {
        scheme = "http";
    } else if (scheme != "http" && scheme != "https") {
        section.wrong("scheme", "expected http or https");
    }
    auto hosts = section.list("host");
    if (hosts.empty()) {
        hosts.emplace_back("127.0.0.1");
    }
    const auto port = section.port("port", 0);
    std::string list;
    for (auto& host : hosts) {
        const auto colon = host.rfind(':');
        const bool has_port = colon != std::string::npos && host.find(']', colon) == host.npos;
        if (port != 0 && hosts.size() == 1 && has_port) {
            host.resize(colon);
        }
        const bool add = port != 0 && (hosts.size() == 1 || !has_port);
        list += (list.empty() ? "" : ",") + scheme + "://" + host +
                (add ? ":" + std::to_string(port) : "");
    }
    return list;
}

}  // namespace

void read_consul(Section& section, StoreSettings& settings) {
    Seeds& seeds = settings.seeds;
    seeds.kind = Seeds::Kind::consul;
    auto parsed = Seeds::consul(agents(section));
    if (!parsed) {
        return section.wrong(section.has("url") ? "url" : "host", parsed.error().message);
    }
    seeds.endpoints = std::move(parsed->endpoints);
    seeds.token = section.secret("token");
    seeds.datacenter = section.text("dc");
    const auto consistency = section.text("consistency");
    if (!consistency.empty() && consistency != "default" && consistency != "consistent" &&
        consistency != "stale" && section.dialect() == Dialect::patctl) {
        section.wrong("consistency", "expected default, consistent or stale");
    }
    TlsSettings& tls = seeds.tls;
    section.authorities("cacert", tls);
    tls.certificate_file = section.text("cert");
    tls.key_file = section.text("key");
    // With authorities Patroni's client verifies whatever `verify` says.
    const bool has_ca = !tls.ca_file.empty() || !tls.ca_directory.empty();
    tls.verify = section.truth("verify").value_or(true) || has_ca;
    for (auto& sentence : section.strangers(k_keys)) {
        settings.warnings.push_back(std::move(sentence));
    }
}

}  // namespace patroni::config
