#include "config/settings.hpp"

#include "config/layer.hpp"
#include "config/section.hpp"
#include "config/store_sections.hpp"

#include <array>
#include <utility>

namespace patroni::config {
namespace {

constexpr std::string_view k_no_store =
    "Can not find suitable configuration of distributed configuration store\n"
    "Available implementations: consul, etcd, etcd3, exhibitor, kubernetes, raft, zookeeper";

Error config_error(std::string message) {
    Error error;
    error.kind = ErrorKind::config;
    error.message = std::move(message);
    return error;
}

/// A REST API that the configuration knows, for those whose store cannot be read.
std::string api_advice(const Configuration& configuration) {
    Section restapi(configuration, "restapi");
    std::string address = restapi.text("connect_address");
    if (address.empty()) {
        Section raft(configuration, "raft");
        auto partners = raft.list("partner_addrs");
        partners.insert(partners.begin(), raft.text("self_addr"));
        for (const auto& partner : partners) {
            const auto host = partner.substr(0, partner.rfind(':'));
            if (!host.empty() && partner.find(':') != std::string::npos) {
                address += (address.empty() ? "" : ",") + host + ":8008";
            }
        }
    }
    return "use --api http://" + (address.empty() ? std::string("HOST:8008") : address);
}

void refuse_kubernetes(Section& section, StoreSettings&) {
    section.wrong("", "Kubernetes objects cannot be read yet", ErrorKind::unsupported);
}

void refuse_raft(Section& section, StoreSettings&) {
    section.wrong("",
                  "Patroni's own Raft cannot be read from outside: it has no protocol for clients",
                  ErrorKind::unsupported);
}

struct StoreSection {
    const char* name;
    void (*read)(Section& section, StoreSettings& settings);
};

/// In the order in which Patroni looks for them.
constexpr std::array k_stores = {
    StoreSection{"consul", read_consul},
    StoreSection{"etcd", read_etcd},
    StoreSection{"etcd3", read_etcd},
    StoreSection{"exhibitor", read_exhibitor},
    StoreSection{"kubernetes", refuse_kubernetes},
    StoreSection{"raft", refuse_raft},
    StoreSection{"zookeeper", read_zookeeper},
};

std::string place_of(const Configuration& configuration, std::string_view path) {
    const Place* place = configuration.place(path);
    return place != nullptr ? place->text() : std::string();
}

/// A text of the first level; {} is what an empty one became.
Result<std::string> top_text(const Configuration& configuration, const char* key) {
    const Value* value = configuration.value().find(key);
    if (value == nullptr || !is_truthy(*value)) {
        return std::string();
    }
    if (value->if_object() != nullptr || value->if_array() != nullptr) {
        return configuration.wrong(key, "expected a text, not a list or a map");
    }
    return python_text(*value);
}

Result<std::optional<MemberAuth>> read_auth(const Configuration& configuration) {
    for (const std::string section : {"ctl", "restapi"}) {
        const Value* auth = configuration.find(section + ".auth");
        if (auth == nullptr || !is_truthy(*auth)) {
            continue;
        }
        const std::string text = python_text(*auth);
        const auto colon = text.find(':');
        if (auth->if_string() == nullptr || colon == std::string::npos) {
            return configuration.wrong(section + ".auth", "expected username:password");
        }
        return std::optional(MemberAuth{text.substr(0, colon), Secret(text.substr(colon + 1)),
                                        place_of(configuration, section + ".auth")});
    }
    return std::optional<MemberAuth>();
}

}  // namespace

Result<MemberSettings> member_settings(const Configuration& configuration) {
    Section ctl(configuration, "ctl");
    Section restapi(configuration, "restapi");
    MemberSettings settings;
    TlsSettings& tls = settings.tls;
    ctl.authorities("cacert", tls);
    if (!ctl.has("cacert")) {
        restapi.authorities("cafile", tls);
    }
    tls.certificate_file = ctl.text("certfile");
    tls.key_file = ctl.text("keyfile");
    tls.key_password = ctl.secret("keyfile_password");
    const bool insecure = ctl.flag("insecure", false);
    // With a certificate of its own Patroni's client goes on to verify the chain.
    const bool keeps_chain =
        configuration.dialect() == Dialect::patronictl && !tls.certificate_file.empty();
    tls.verify = !insecure || keeps_chain;
    tls.verify_name = !insecure;
    auto auth = read_auth(configuration);
    for (const auto* section : {&ctl, &restapi}) {
        if (section->error()) {
            return *section->error();
        }
    }
    if (!auth) {
        return std::move(auth).error();
    }
    settings.auth = std::move(*auth);
    return settings;
}

Result<ClusterSettings> cluster_settings(const Configuration& configuration) {
    ClusterSettings settings;
    auto scope = top_text(configuration, "scope");
    auto name_space = top_text(configuration, "namespace");
    for (const auto* text : {&scope, &name_space}) {
        if (!*text) {
            return text->error();
        }
    }
    settings.scope = std::move(*scope);
    if (!name_space->empty()) {
        settings.name_space = std::move(*name_space);
    }
    if (const Value* group = configuration.find("citus.group")) {
        const auto* number = group->if_int();
        const auto* truth = group->if_bool();  // Python takes it as an integer, too.
        settings.citus_group = number != nullptr ? static_cast<int>(*number)
                                                 : static_cast<int>(truth != nullptr && *truth);
        settings.citus_database = Section(configuration, "citus").text("database");
    }
    return settings;
}

Result<StoreSettings> store_settings(const Configuration& configuration) {
    auto cluster = cluster_settings(configuration);
    if (!cluster) {
        return std::move(cluster).error();
    }
    for (const auto& store : k_stores) {
        if (configuration.value().find(store.name) == nullptr) {
            continue;
        }
        StoreSettings settings;
        settings.name = store.name;
        settings.place = place_of(configuration, store.name);
        settings.seeds.scope = cluster->scope;
        settings.seeds.name_space = cluster->name_space;
        Section section(configuration, store.name);
        if (!section.error()) {
            store.read(section, settings);
        }
        if (!section.error()) {
            return settings;
        }
        Error error = *section.error();
        if (error.kind == ErrorKind::unsupported &&
            error.message.find("--api") == error.message.npos) {
            error.message += "; " + api_advice(configuration);
        }
        return error;
    }
    if (configuration.dialect() == Dialect::patronictl) {
        return config_error(std::string(k_no_store));
    }
    for (const auto& store : k_stores) {
        const auto& places = configuration.places();
        if (places.find(std::string_view(store.name)) != places.end()) {
            return configuration.wrong(store.name, "expected a section, and nothing is in it");
        }
    }
    return configuration.wrong("",
                               "names no store (consul, etcd, etcd3, exhibitor or zookeeper); " +
                                   api_advice(configuration));
}

}  // namespace patroni::config
