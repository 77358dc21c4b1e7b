#include "patctl/checkup.hpp"

#include "patctl/checkup_advice.hpp"
#include "patctl/render/words.hpp"

#include <patroni/client.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace patctl {
namespace {

using patroni::Error;
using patroni::ErrorKind;
using patroni::Seeds;
using patroni::Value;

bool is_secret(std::string_view path) {
    const auto last = path.substr(path.rfind('.') + 1);
    return last.find("password") != std::string_view::npos || last == "token" || last == "auth" ||
           path.find(".auth_data") != std::string_view::npos;
}

/// An URL may carry user and password.
std::string without_userinfo(std::string text) {
    const auto scheme = text.find("://");
    const auto start = scheme == std::string::npos ? 0 : scheme + 3;
    const auto at = text.find('@', start);
    return at == std::string::npos ? text : text.substr(0, start) + "...@" + text.substr(at + 1);
}

std::string shown(const Value& value) {
    if (const auto* truth = value.if_bool()) {
        return *truth ? "true" : "false";
    }
    if (const auto* number = value.if_int()) {
        return std::to_string(*number);
    }
    if (const auto* number = value.if_number()) {
        return number->text;
    }
    const auto* text = value.if_string();
    return text != nullptr ? without_userinfo(*text) : std::string();
}

void collect(const patroni::config::Configuration& configuration, const Value& value,
             const std::string& path, std::vector<Checkup::Setting>& settings) {
    if (const auto* fields = value.if_object()) {
        for (const auto& [key, item] : *fields) {
            collect(configuration, item, path.empty() ? key : path + "." + key, settings);
        }
        return;
    }
    if (const auto* items = value.if_array()) {
        for (std::size_t i = 0; i < items->size(); ++i) {
            collect(configuration, (*items)[i], path + "[" + std::to_string(i) + "]", settings);
        }
        return;
    }
    if (value.is_null()) {
        return;
    }
    const auto* place = configuration.place(path);
    settings.push_back({path, is_secret(path) ? "(set)" : shown(value),
                        place != nullptr ? place->text() : std::string()});
}

/// The member's own answer in a few words.
std::string described(const patroni::MemberHealth& member) {
    std::string text = render::role_text(member);
    if (!member.state.empty()) {
        text += ", " + member.state;
    }
    if (!member.patroni_version.empty()) {
        text += ", Patroni " + member.patroni_version;
    }
    return text;
}

Checkup::Member check_member(const std::string& scope, const patroni::MemberHealth& member) {
    Checkup::Member checked;
    checked.scope = scope;
    checked.name = member.name;
    const auto& api = member.discovered.api;
    checked.api_url = api ? api->text() : std::string();
    if (!api) {
        checked.message = "publishes no REST API";
        checked.error = "config";
        checked.advice = "restapi.connect_address is missing in its configuration";
    } else if (member.error) {
        Error error = *member.error;
        error.endpoint.clear();
        checked.message = to_line(error);
        checked.error = to_string(error.kind);
        checked.advice = member_advice(error, *api);
    } else {
        checked.ok = true;
        checked.message = described(member);
    }
    return checked;
}

/// The place of the section, for advice.
std::string store_place(const ResolvedSource& source) {
    if (!source.configuration) {
        return {};
    }
    const auto store = patroni::config::store_settings(*source.configuration);
    return store ? store->place : std::string();
}

void examine_endpoints(const ResolvedSource& source, std::chrono::milliseconds timeout,
                       Checkup& checkup) {
    auto endpoints =
        diagnose_endpoints(source.seeds, {.timeout = timeout, .trace = source.client.trace});
    if (!endpoints) {
        checkup.store_message = to_line(endpoints.error());
        checkup.store_advice =
            source.seeds.srv_domain.empty()
                ? "Exhibitor must name the servers at /exhibitor/v1/cluster/list"
                : "DNS must have the records: dig SRV _etcd-client._tcp." + source.seeds.srv_domain;
        return;
    }
    std::set<std::string> stores;
    const std::string place = store_place(source);
    for (auto& diagnosis : *endpoints) {
        if (!diagnosis.store_id.empty()) {
            stores.insert(diagnosis.store_id);
        }
        const auto advice = endpoint_advice(diagnosis, source.seeds, place, source.tls_advice);
        checkup.endpoints.push_back({std::move(diagnosis), advice});
    }
    if (stores.size() > 1) {
        checkup.store_message =
            "the endpoints belong to " + std::to_string(stores.size()) + " different etcd clusters";
        checkup.store_advice =
            "name the endpoints of one cluster only: those with the same cluster id";
    }
}

/// The clusters of the namespace, when the one that was asked for is not there.
void list_clusters(Seeds seeds, const ResolvedSource& source, std::chrono::milliseconds timeout,
                   Checkup::Scope& scope) {
    seeds.scope.clear();
    try {
        patroni::Client client(std::move(seeds), source.client);
        for (const auto& [name, cluster] : client.discover(timeout).clusters) {
            scope.clusters.push_back(name);
        }
    } catch (const patroni::Failure&) {
        // Nothing there, or it may not be read: then nothing is listed.
    }
}

/// Whether etcd's other API has what this one has not.
bool other_api_knows(const ResolvedSource& source, std::chrono::milliseconds timeout) {
    Seeds other = source.seeds;
    other.kind = other.kind == Seeds::Kind::etcd2 ? Seeds::Kind::etcd3 : Seeds::Kind::etcd2;
    try {
        patroni::Client client(std::move(other), source.client);
        return !client.discover(timeout).clusters.empty();
    } catch (const patroni::Failure&) {
        return false;
    }
}

void examine_missing_scope(const ResolvedSource& source, std::chrono::milliseconds timeout,
                           Checkup::Scope& scope) {
    scope.found = false;
    scope.message = scope.name.empty() ? "the namespace has no cluster of Patroni"
                                       : "the namespace has no cluster of this name";
    if (!scope.name.empty()) {
        list_clusters(source.seeds, source, timeout, scope);
    }
    const auto kind = source.seeds.kind;
    const bool is_etcd = kind == Seeds::Kind::etcd2 || kind == Seeds::Kind::etcd3;
    if (!scope.clusters.empty()) {
        scope.advice = "is it one of these? Otherwise: 'scope' must be that of the members";
    } else if (is_etcd && other_api_knows(source, timeout)) {
        scope.advice = kind == Seeds::Kind::etcd3
                           ? "it is in etcd's v2 API: use the section etcd, or --etcd"
                           : "it is in etcd's v3 API: use the section etcd3, or --etcd3";
    } else {
        scope.advice =
            "'namespace' must be that of the members (Patroni's default is service), and the "
            "store the one that they write to; --namespace NAME tries another one";
    }
}

void examine_clusters(const ResolvedSource& source, std::chrono::milliseconds timeout,
                      Checkup& checkup) {
    auto& scope = checkup.scope;
    try {
        patroni::Client client(source.seeds, source.client);
        const auto report = client.status(timeout);
        for (const auto& cluster : report.clusters) {
            scope.clusters.push_back(cluster.scope);
            for (const auto& member : cluster.members) {
                if (member.role != patroni::Role::gone) {
                    checkup.members.push_back(check_member(cluster.scope, member));
                }
            }
        }
        scope.found = !report.clusters.empty();
        if (checkup.members.empty()) {
            scope.message = "no member has a key";
            scope.advice = "no Patroni of this cluster runs, or none reaches the store";
        }
    } catch (const patroni::Failure& failure) {
        if (failure.error().kind == ErrorKind::not_found) {
            return examine_missing_scope(source, timeout, scope);
        }
        scope.message = to_line(failure.error());
        scope.advice = "";
    }
}

}  // namespace

std::vector<Checkup::Setting> used_settings(const patroni::config::Configuration& configuration,
                                            const std::string& store) {
    std::vector<Checkup::Setting> settings;
    const std::array<std::string, 5> sections = {"scope", "namespace", "citus", store, "ctl"};
    for (const auto& section : sections) {
        const Value* value = configuration.value().find(section);
        if (value != nullptr) {
            collect(configuration, *value, section, settings);
        }
    }
    // What members are called with: the section `ctl`, and what it lacks of `restapi`.
    for (const auto* key : {"restapi.cafile", "restapi.authentication"}) {
        if (const Value* value = configuration.find(key)) {
            collect(configuration, *value, key, settings);
        }
    }
    std::erase_if(settings, [](const auto& setting) { return setting.key == "ctl.auth"; });
    return settings;
}

bool Checkup::is_store_read() const {
    return std::any_of(endpoints.begin(), endpoints.end(),
                       [](const auto& each) { return !each.diagnosis.error; });
}

bool Checkup::is_healthy() const {
    return store_message.empty() && scope.found.value_or(false) && scope.message.empty() &&
           std::none_of(endpoints.begin(), endpoints.end(),
                        [](const auto& each) { return each.diagnosis.error.has_value(); }) &&
           std::all_of(members.begin(), members.end(), [](const auto& each) { return each.ok; });
}

Checkup examine(const ResolvedSource& source, std::chrono::milliseconds timeout) {
    Checkup checkup;
    checkup.source = to_string(source.seeds.kind);
    checkup.scope.name = source.seeds.scope;
    checkup.scope.name_space = source.seeds.name_space;
    if (source.configuration) {
        const auto store = patroni::config::store_settings(*source.configuration);
        checkup.settings = used_settings(*source.configuration, store ? store->name : "");
    }
    const bool has_store =
        is_store(source.seeds.kind) || source.seeds.kind == Seeds::Kind::registrator;
    if (has_store) {
        examine_endpoints(source, timeout, checkup);
        if (!checkup.is_store_read()) {
            return checkup;
        }
    }
    examine_clusters(source, timeout, checkup);
    return checkup;
}

}  // namespace patctl
