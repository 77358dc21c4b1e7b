#include "base/text.hpp"
#include "config/store_sections.hpp"

#include <array>

namespace patroni::config {
namespace {

constexpr std::array<std::string_view, 9> k_keys = {
    "hosts", "use_ssl", "cacert", "cert", "key", "key_password", "verify", "set_acls", "auth_data"};
constexpr std::array<std::string_view, 11> k_exhibitor_keys = {
    "hosts", "port",         "poll_interval", "use_ssl",  "cacert",   "cert",
    "key",   "key_password", "verify",        "set_acls", "auth_data"};
constexpr std::uint16_t k_exhibitor_port = 8181;

std::string joined(const std::vector<std::string>& items) {
    std::string list;
    for (const auto& item : items) {
        list += (list.empty() ? "" : ",") + item;
    }
    return list;
}

/// "READ", "WRITE", ... as the letters that ZooKeeper's own shell uses; nullopt: another word.
std::optional<std::string> permissions(const std::string& words) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> known = {
        {{"read", "r"},
         {"write", "w"},
         {"create", "c"},
         {"delete", "d"},
         {"admin", "a"},
         {"all", "rwcda"}}};
    std::string letters;
    for (std::size_t start = 0; start <= words.size();) {
        const auto comma = std::min(words.find(',', start), words.size());
        const auto word = to_lower(trim(std::string_view(words).substr(start, comma - start)));
        start = comma + 1;
        bool found = false;
        for (const auto& [name, letter] : known) {
            if (word == name) {
                letters += letter;
                found = true;
            }
        }
        if (!found) {
            return std::nullopt;
        }
    }
    return letters;
}

void read_acls(Section& section, Seeds& seeds) {
    for (auto& [principal, words] : section.map("set_acls")) {
        const auto letters = permissions(words);
        if (!letters) {
            section.wrong(Section::item("set_acls", principal),
                          "expected a list of READ, WRITE, CREATE, DELETE, ADMIN, ALL");
            return;
        }
        const bool has_scheme = principal.find(':') != std::string::npos;
        seeds.acl.emplace_back(has_scheme ? principal : "x509:" + principal, *letters);
    }
}

/// How ZooKeeper is spoken to, wherever it is.
void read_access(Section& section, Seeds& seeds) {
    seeds.kind = Seeds::Kind::zookeeper;
    for (auto& [scheme, credential] : section.map("auth_data")) {
        if (to_lower(scheme) == "sasl") {
            section.wrong("auth_data." + scheme,
                          "this build cannot log in with SASL (Kerberos); use 'digest', a client "
                          "certificate, or --api http://HOST:8008",
                          ErrorKind::unsupported);
        }
        if (credential.empty()) {
            section.wrong(Section::item("auth_data", scheme),
                          "expected a credential, such as digest: 'USER:PASSWORD'");
        }
        seeds.auth_data.emplace_back(scheme, Secret(std::move(credential)));
    }
    read_acls(section, seeds);
    TlsSettings& tls = seeds.tls;
    section.authorities("cacert", tls);
    tls.certificate_file = section.text("cert");
    tls.key_file = section.text("key");
    tls.key_password = section.secret("key_password");
    tls.verify = section.flag("verify", true);
    if (section.flag("use_ssl", false)) {
        for (auto& endpoint : seeds.endpoints) {
            endpoint.tls = true;
        }
    }
}

}  // namespace

void read_zookeeper(Section& section, StoreSettings& settings) {
    Seeds& seeds = settings.seeds;
    const auto hosts = section.list("hosts");
    if (hosts.empty()) {
        return section.wrong(section.has("hosts") ? "hosts" : "",
                             "no host: expected 'hosts', such as [\"10.0.0.1:2181\"]");
    }
    auto parsed = Seeds::zookeeper(joined(hosts));
    if (!parsed) {
        return section.wrong("hosts", parsed.error().message);
    }
    seeds.endpoints = std::move(parsed->endpoints);
    seeds.chroot = std::move(parsed->chroot);
    read_access(section, seeds);
    for (auto& sentence : section.strangers(k_keys)) {
        settings.warnings.push_back(std::move(sentence));
    }
}

void read_exhibitor(Section& section, StoreSettings& settings) {
    Seeds& seeds = settings.seeds;
    const auto port = section.port("port", k_exhibitor_port);
    for (const auto& host : section.list("hosts")) {
        auto origin = parse_origin(host, port);
        if (!origin) {
            return section.wrong("hosts", origin.error().message);
        }
        seeds.exhibitors.push_back(std::move(*origin));
    }
    if (seeds.exhibitors.empty()) {
        section.wrong("", "no host: expected 'hosts', such as [\"10.0.0.1\"]");
    }
    seeds.exhibitor_poll_interval = std::chrono::seconds(section.seconds("poll_interval", 300));
    read_access(section, seeds);
    seeds.exhibitor_names_tls = section.flag("use_ssl", false);
    for (auto& sentence : section.strangers(k_exhibitor_keys)) {
        settings.warnings.push_back(std::move(sentence));
    }
}

}  // namespace patroni::config
