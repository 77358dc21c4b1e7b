#include "patronictl/dcs_view.hpp"

#include "base/text.hpp"
#include "codec/json.hpp"
#include "patronictl/lenient_number.hpp"
#include "patronictl/python_text.hpp"
#include "patronictl/schedule.hpp"

#include <algorithm>
#include <chrono>

namespace patronictl {
namespace {

using patroni::StoredKey;
using patroni::Value;
using Keys = std::map<std::string, StoredKey, std::less<>>;

std::optional<Value> json_of(std::string_view text) {
    auto value = patroni::codec::parse_json(text);
    return value ? std::optional(std::move(*value)) : std::nullopt;
}

std::optional<Value> json_object(std::string_view text) {
    auto value = json_of(text);
    return value && value->if_object() != nullptr ? std::move(value) : std::nullopt;
}

const StoredKey* find_key(const Keys& keys, std::string_view name) {
    const auto found = keys.find(name);
    return found == keys.end() ? nullptr : &found->second;
}

/// A text, or what Python would print of another value; nullopt for null and what is missing.
std::optional<std::string> text_of(const Value* value) {
    if (value == nullptr || value->is_null()) {
        return std::nullopt;
    }
    return python_str(*value);
}

/// A value in a query: `+` is a blank, `%2F` a slash; a bad escape stays.
std::string unquoted(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = text[i] == '%'
                              ? patroni::parse_integer<std::uint8_t>(text.substr(i + 1, 2), 16)
                              : std::nullopt;
        out += byte && i + 2 < text.size() ? static_cast<char>(*byte)
               : text[i] == '+'            ? ' '
                                           : text[i];
        i += byte && i + 2 < text.size() ? 2 : 0;
    }
    return out;
}

/// "postgres://...?application_name=API" of Patroni's first versions.
Value data_of_url(std::string_view text) {
    const std::size_t mark = std::min(text.find('?'), text.size());
    Value data = Value::object({{"conn_url", std::string(text.substr(0, mark))}, {"api_url", {}}});
    std::string_view query = text.substr(std::min(mark + 1, text.size()));
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        constexpr std::string_view name = "application_name=";
        if (pair.starts_with(name) && pair.size() > name.size()) {
            data.set("api_url", unquoted(pair.substr(name.size())));
            break;
        }
    }
    return data;
}

DcsMember member_of(std::string name, const StoredKey& key) {
    DcsMember member;
    member.name = std::move(name);
    member.revision = key.revision;
    if (key.value.starts_with("postgres")) {
        member.data = data_of_url(key.value);
    } else if (auto data = json_object(key.value)) {
        member.data = std::move(*data);
    }
    return member;
}

std::int64_t lsn_of_status(std::string_view text) {
    const auto value = json_of(text);
    if (!value) {
        return 0;
    }
    if (const auto* boolean = value->if_bool()) {
        return *boolean ? 1 : 0;
    }
    if (const auto* plain = value->if_int()) {
        return *plain;
    }
    const Value* optime = value->find("optime");
    if (optime == nullptr) {
        return 0;
    }
    if (const auto* text_form = optime->if_string()) {
        return python_int(*text_form).value_or(0);
    }
    if (const auto* number = optime->if_int()) {
        return *number;
    }
    if (const auto* real = optime->if_number()) {
        return static_cast<std::int64_t>(real->as_double());
    }
    return 0;
}

DcsFailover failover_of(const StoredKey& key) {
    DcsFailover failover;
    failover.revision = key.revision;
    const auto value = key.value.empty() ? std::optional(Value::object()) : json_of(key.value);
    if (!value) {
        // The text of Patroni's first versions: LEADER:CANDIDATE.
        const std::string_view text = key.value;
        const std::size_t colon = std::min(text.find(':'), text.size());
        failover.leader = std::string(patroni::trim(text.substr(0, colon)));
        if (colon < text.size()) {
            const std::string_view rest = text.substr(colon + 1);
            failover.candidate = std::string(patroni::trim(rest.substr(0, rest.find(':'))));
        }
        return failover;
    }
    failover.leader = text_of(value->find("leader"));
    failover.candidate = text_of(value->find("member"));
    if (python_truth(value->find("scheduled_at"))) {
        failover.scheduled_at = iso_of_stored(python_str(*value->find("scheduled_at")),
                                              std::chrono::system_clock::now());
    }
    return failover;
}

DcsSync sync_of(std::string_view text) {
    DcsSync sync;
    const auto value = json_object(text);
    if (!value) {
        return sync;
    }
    const Value* quorum = value->find("quorum");
    if (python_truth(value->find("leader")) && python_truth(quorum) &&
        quorum->if_int() == nullptr && quorum->if_number() == nullptr &&
        quorum->if_bool() == nullptr && !python_int(python_str(*quorum))) {
        return sync;  // Patroni cannot read it, and takes the key for empty.
    }
    sync.leader = text_of(value->find("leader"));
    sync.standbys = text_of(value->find("sync_standby")).value_or("");
    return sync;
}

void read_members(DcsCluster& cluster) {
    constexpr std::string_view folder = "members/";
    for (auto entry = cluster.keys.lower_bound(folder);
         entry != cluster.keys.end() && entry->first.starts_with(folder); ++entry) {
        std::string name = entry->first.substr(folder.size());
        if (name.find('/') == std::string::npos) {
            cluster.members.push_back(member_of(std::move(name), entry->second));
        }
    }
}

DcsCluster cluster_of(std::string path, std::optional<int> group, Keys keys) {
    DcsCluster cluster;
    cluster.group = group;
    cluster.path = std::move(path);
    cluster.keys = std::move(keys);
    if (const auto* key = find_key(cluster.keys, "initialize")) {
        cluster.initialize = key->value;
    }
    if (const auto* key = find_key(cluster.keys, "config")) {
        cluster.config = json_object(key->value).value_or(Value::object());
    }
    if (const auto* key = find_key(cluster.keys, "history")) {
        const auto value = json_of(key->value);
        if (value && value->if_array() != nullptr) {
            cluster.history = *value->if_array();
        }
    }
    const auto* status = find_key(cluster.keys, "status");
    status = status != nullptr ? status : find_key(cluster.keys, "optime/leader");
    cluster.leader_lsn = status != nullptr ? lsn_of_status(status->value) : 0;
    read_members(cluster);
    if (const auto* key = find_key(cluster.keys, "leader")) {
        const DcsMember* member = cluster.find(key->value);
        cluster.leader = member != nullptr ? *member : DcsMember{key->value};
    }
    if (const auto* key = find_key(cluster.keys, "failover")) {
        cluster.failover = failover_of(*key);
    }
    if (const auto* key = find_key(cluster.keys, "sync")) {
        cluster.sync = sync_of(key->value);
    }
    return cluster;
}

/// 0, or a number without a leading zero.
std::optional<int> group_of(std::string_view text) {
    const bool plain = !text.empty() && (text == "0" || text.front() != '0') &&
                       text.find_first_not_of("0123456789") == std::string_view::npos;
    return plain ? patroni::parse_integer<int>(text) : std::nullopt;
}

bool is_on(const Value* value) {
    const std::string word = value == nullptr ? "" : patroni::to_lower(python_str(*value));
    return word == "on" || word == "true" || word == "yes" || word == "1";
}

bool has_word(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        if (patroni::trim(list.substr(0, end)) == word) {
            return true;
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

}  // namespace

std::string DcsMember::text(std::string_view field) const {
    const Value* value = data.find(field);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : *text;
}

bool DcsMember::has(std::string_view field) const {
    return python_truth(data.find(field));
}

bool DcsMember::nofailover() const {
    const Value* tags = data.find("tags");
    if (tags == nullptr) {
        return false;
    }
    if (const Value* tag = tags->find("nofailover"); tag != nullptr && !tag->is_null()) {
        return python_truth(tag);
    }
    const Value* priority = tags->find("failover_priority");
    const auto number = priority == nullptr ? std::nullopt : lenient_integer(*priority);
    return number && *number <= 0;
}

bool DcsSync::matches(std::string_view name, bool or_leader) const {
    if (name.empty() || !leader || leader->empty()) {
        return false;
    }
    const std::string wanted = patroni::to_lower(name);
    return has_word(patroni::to_lower(standbys), wanted) ||
           (or_leader && has_word(patroni::to_lower(*leader), wanted));
}

const DcsMember* DcsCluster::find(std::string_view name) const {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const DcsMember& one) { return one.name == name; });
    return found == members.end() ? nullptr : &*found;
}

std::uint64_t DcsCluster::revision(std::string_view key) const {
    const auto* found = find_key(keys, key);
    return found == nullptr ? 0 : found->revision;
}

bool DcsCluster::paused() const {
    return is_on(config.find("pause"));
}

bool DcsCluster::is_standby_cluster() const {
    const Value* section = config.find("standby_cluster");
    return section != nullptr && section->if_object() != nullptr &&
           (python_truth(section->find("host")) || python_truth(section->find("port")) ||
            python_truth(section->find("restore_command")));
}

bool DcsCluster::is_quorum() const {
    const Value* mode = config.find("synchronous_mode");
    return mode != nullptr && patroni::to_lower(python_str(*mode)) == "quorum";
}

bool DcsCluster::is_synchronous() const {
    return (is_on(config.find("synchronous_mode")) || is_quorum()) && !is_standby_cluster();
}

DcsCluster view_of(const std::map<std::string, StoredKey>& keys, const std::string& path,
                   std::optional<int> group, bool all_groups) {
    std::map<std::string, Keys> folders;  // In DCS order; "" is the cluster itself.
    for (auto entry = keys.lower_bound(path); entry != keys.end() && entry->first.starts_with(path);
         ++entry) {
        std::string_view name = std::string_view(entry->first).substr(path.size());
        std::string folder;
        if (all_groups) {
            folder = std::string(name.substr(0, name.find('/')));
            if (folder.size() == name.size() || !group_of(folder)) {
                continue;
            }
            name.remove_prefix(folder.size() + 1);
        }
        folders[folder].emplace(name, entry->second);
    }
    if (!all_groups) {
        return cluster_of(path, group, std::move(folders[""]));
    }
    DcsCluster cluster = cluster_of(path + "0/", 0, std::move(folders["0"]));
    folders.erase("0");
    for (auto& [folder, group_keys] : folders) {
        cluster.workers.push_back(
            cluster_of(path + folder + "/", group_of(folder), std::move(group_keys)));
    }
    return cluster;
}

}  // namespace patronictl
