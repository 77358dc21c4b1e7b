#include "config/settings.hpp"

#include "base/text.hpp"
#include "codec/yaml.hpp"

#include <array>

namespace patroni::config {
namespace {

constexpr std::array<std::string_view, 7> k_stores = {"consul",     "etcd", "etcd3",    "exhibitor",
                                                      "kubernetes", "raft", "zookeeper"};

/// The document with helpers that know where they are.
class Reader {
public:
    Reader(codec::YamlDocument document, std::string file)
        : document_(std::move(document)), file_(std::move(file)) {}

    const Value* section(std::string_view name) const {
        const Value* value = document_.value.find(name);
        return value != nullptr && value->if_object() != nullptr ? value : nullptr;
    }
    bool has(std::string_view name) const { return document_.value.find(name) != nullptr; }

    /// Scalars of any YAML type as text; empty when absent or null.
    static std::string text(const Value* value) {
        if (value == nullptr) {
            return {};
        }
        if (const auto* string = value->if_string()) {
            return *string;
        }
        if (const auto* integer = value->if_int()) {
            return std::to_string(*integer);
        }
        if (const auto* number = value->if_number()) {
            return number->text;
        }
        return {};
    }
    std::string top(std::string_view name) const { return text(document_.value.find(name)); }

    std::string place(const std::string& path) const {
        const auto found = document_.lines.find(path);
        return file_ + (found == document_.lines.end() ? "" : ":" + std::to_string(found->second));
    }

    Error wrong(const std::string& path, const std::string& message,
                ErrorKind kind = ErrorKind::config) const {
        Error error;
        error.kind = kind;
        error.endpoint = place(path);
        error.message = path + ": " + message;
        return error;
    }

private:
    codec::YamlDocument document_;
    std::string file_;
};

std::string field(const Value* section, std::string_view name) {
    return section != nullptr ? Reader::text(section->find(name)) : std::string();
}

/// `hosts` as a comma-separated list: it may be a list or a text.
std::string join_hosts(const Value& hosts) {
    if (const auto* list = hosts.if_array()) {
        std::string joined;
        for (const auto& host : *list) {
            joined += (joined.empty() ? "" : ",") + Reader::text(&host);
        }
        return joined;
    }
    return Reader::text(&hosts);
}

bool names_port(std::string_view host) {
    const auto colon = host.rfind(':');
    const auto bracket = host.rfind(']');
    return colon != std::string_view::npos &&
           (bracket == std::string_view::npos || colon > bracket);
}

/// Puts the protocol before each host that has none, and the port (if any) behind it.
std::string with_protocol(const std::string& hosts, const std::string& protocol,
                          const std::string& port) {
    std::string list;
    std::size_t start = 0;
    while (start <= hosts.size()) {
        const auto comma = std::min(hosts.find(',', start), hosts.size());
        auto host = hosts.substr(start, comma - start);
        host = std::string(trim(host));
        if (!host.empty()) {
            const bool url = host.find("://") != std::string::npos;
            list += (list.empty() ? "" : ",") + (url ? "" : protocol + "://") + host +
                    (url || port.empty() || names_port(host) ? "" : ":" + port);
        }
        start = comma + 1;
    }
    return list;
}

Result<Seeds> read_etcd(const Reader& reader, const std::string& name) {
    const Value* section = reader.section(name);
    if (section == nullptr) {
        return reader.wrong(name, "expected a section such as {hosts: [\"10.0.0.1:2379\"]}");
    }
    for (const auto* other : {"proxy", "srv", "discovery_srv", "srv_domain"}) {
        if (section->find(other) != nullptr) {
            return reader.wrong(name + "." + other,
                                "not in this build yet; name the endpoints with 'hosts', or use "
                                "--api http://HOST:8008",
                                ErrorKind::unsupported);
        }
    }
    std::string protocol = field(section, "protocol");
    if (protocol.empty()) {
        protocol = "http";
    }
    std::string key = "hosts";
    std::string hosts;
    if (const Value* value = section->find("hosts")) {
        hosts = join_hosts(*value);
    } else if (section->find("url") != nullptr) {
        key = "url";
        hosts = field(section, "url");
    } else {
        key = "host";
        hosts = field(section, "host");
    }
    if (hosts.empty()) {
        return reader.wrong(name, "no endpoint: expected 'hosts' (or 'host', 'url')");
    }
    const std::string list = with_protocol(hosts, protocol, field(section, "port"));
    auto seeds = name == "etcd3" ? Seeds::etcd3(list) : Seeds::etcd2(list);
    if (!seeds) {
        return reader.wrong(name + "." + key, seeds.error().message);
    }
    if (const auto user = field(section, "username"); !user.empty()) {
        seeds->user = user;
        seeds->password = Secret(field(section, "password"));
    }
    seeds->tls.ca_file = field(section, "cacert");
    seeds->tls.certificate_file = field(section, "cert");
    seeds->tls.key_file = field(section, "key");
    return seeds;
}

TlsSettings read_member_tls(const Reader& reader) {
    const Value* ctl = reader.section("ctl");
    TlsSettings tls;
    tls.ca_file = field(ctl, "cacert");
    if (tls.ca_file.empty()) {
        tls.ca_file = field(reader.section("restapi"), "cafile");
    }
    tls.certificate_file = field(ctl, "certfile");
    tls.key_file = field(ctl, "keyfile");
    tls.key_password = Secret(field(ctl, "keyfile_password"));
    const Value* insecure = ctl != nullptr ? ctl->find("insecure") : nullptr;
    tls.verify = insecure == nullptr || insecure->if_bool() == nullptr || !*insecure->if_bool();
    return tls;
}

std::optional<MemberAuth> read_member_auth(const Reader& reader) {
    for (const std::string name : {"ctl", "restapi"}) {
        const Value* section = reader.section(name);
        const Value* pair = section != nullptr ? section->find("authentication") : nullptr;
        if (const auto user = field(pair, "username"); !user.empty()) {
            return MemberAuth{user, Secret(field(pair, "password")),
                              reader.place(name + ".authentication")};
        }
        const std::string text = field(section, "auth");
        if (const auto colon = text.find(':'); colon != std::string::npos) {
            return MemberAuth{text.substr(0, colon), Secret(text.substr(colon + 1)),
                              reader.place(name + ".auth")};
        }
    }
    return std::nullopt;
}

std::string api_hint(const Reader& reader) {
    const auto address = field(reader.section("restapi"), "connect_address");
    return "use --api http://" + (address.empty() ? std::string("HOST:8008") : address);
}

}  // namespace

Result<Settings> parse_settings(std::string_view text, const std::string& file) {
    auto document = codec::parse_yaml(text, file);
    if (!document) {
        return std::move(document).error();
    }
    if (document->value.if_object() == nullptr) {
        Error error;
        error.kind = ErrorKind::config;
        error.endpoint = file;
        error.message = "not a Patroni configuration: expected keys such as scope and etcd3";
        return error;
    }
    const Reader reader(std::move(*document), file);
    for (const auto store : k_stores) {
        const std::string name(store);
        if (!reader.has(store)) {
            continue;
        }
        if (store != "etcd" && store != "etcd3") {
            return reader.wrong(name, "this build cannot read this store; " + api_hint(reader),
                                ErrorKind::unsupported);
        }
        auto seeds = read_etcd(reader, name);
        if (!seeds) {
            return std::move(seeds).error();
        }
        Settings settings;
        settings.seeds = std::move(*seeds);
        settings.seeds.scope = reader.top("scope");
        if (const auto name_space = reader.top("namespace"); !name_space.empty()) {
            settings.seeds.name_space = name_space;
        }
        settings.member_tls = read_member_tls(reader);
        settings.member_auth = read_member_auth(reader);
        settings.store_place = reader.place(name);
        return settings;
    }
    Error error;
    error.kind = ErrorKind::config;
    error.endpoint = file;
    error.message = "names no store (etcd or etcd3); " + api_hint(reader);
    return error;
}

}  // namespace patroni::config
