#include "simulator/etcd_api.hpp"
#include "simulator/python_json.hpp"
#include "simulator/query.hpp"
#include "simulator/time_text.hpp"

#include <string>

namespace patroni::simulation {
namespace {

constexpr std::string_view root = "/v2/keys";

Value key_node(const std::string& key, const EtcdEntry& entry, WallTime now) {
    Value node = Value::object({{"key", key}, {"value", entry.value}});
    if (entry.ttl) {
        node.set("expiration", go_time(now + *entry.ttl));
        node.set("ttl", static_cast<std::int64_t>(
                            std::chrono::ceil<std::chrono::seconds>(*entry.ttl).count()));
    }
    node.set("modifiedIndex", entry.modified);
    node.set("createdIndex", entry.created);
    return node;
}

/// The child's own name; empty when `path` is no child of `parent`.
std::string_view child_name(std::string_view parent, std::string_view path) {
    if (path.size() <= parent.size() + 1 || !path.starts_with(parent) ||
        path[parent.size()] != '/') {
        return {};
    }
    const std::string_view name = path.substr(parent.size() + 1);
    return name.find('/') == std::string_view::npos ? name : std::string_view{};
}

enum class Depth { itself, children, all };

/// `path` without a slash at its end; the root is the empty text.
Value directory_node(const EtcdStore& store, const std::string& path, Depth depth, WallTime now) {
    Value node = Value::object();
    if (!path.empty()) {
        node.set("key", path);
    }
    node.set("dir", true);
    if (depth != Depth::itself) {
        Value nodes = Value::array();
        const auto is_listed = [&](const std::string& candidate) {
            const std::string_view name = child_name(path, candidate);
            return !name.empty() && !name.starts_with('_');  // such names are hidden
        };
        for (const auto& [key, entry] : store.entries()) {
            if (is_listed(key)) {
                nodes.push_back(key_node(key, entry, now));
            }
        }
        for (const auto& [directory, created] : store.directories()) {
            if (is_listed(directory)) {
                nodes.push_back(directory_node(store, directory,
                                               depth == Depth::all ? depth : Depth::itself, now));
            }
        }
        if (!nodes.if_array()->empty()) {
            node.set("nodes", std::move(nodes));
        }
    }
    if (!path.empty()) {
        const std::int64_t created = store.directories().find(path)->second;
        node.set("modifiedIndex", created);
        node.set("createdIndex", created);
    }
    return node;
}

}  // namespace

EtcdAnswer etcd2_get(const EtcdStore& store, std::string_view target, WallTime now) {
    std::string_view encoded = target.substr(0, target.find('?'));
    encoded.remove_prefix(root.size());
    std::string path = percent_decode(encoded, false);
    while (path.ends_with('/')) {
        path.pop_back();
    }
    const std::string index = std::to_string(store.index());
    EtcdAnswer answer;
    answer.more_headers = "X-Etcd-Cluster-Id: babc9795b64f03e3\r\nX-Etcd-Index: " + index + "\r\n";
    const auto key = store.entries().find(path);
    Value node;
    if (key != store.entries().end()) {
        node = key_node(path, key->second, now);
    } else if (path.empty() || store.directories().contains(path)) {
        const bool recursive = find(parse_query(target), "recursive") == "true";
        node = directory_node(store, path, recursive ? Depth::all : Depth::children, now);
    } else {
        answer.status = 404;
        answer.body = go_json(Value::object({{"errorCode", 100},
                                             {"message", "Key not found"},
                                             {"cause", path},
                                             {"index", store.index()}})) +
                      "\n";
        return answer;
    }
    answer.more_headers +=
        "X-Raft-Index: " + std::to_string(store.index() + 4) + "\r\nX-Raft-Term: 2\r\n";
    answer.body = go_json(Value::object({{"action", "get"}, {"node", std::move(node)}})) + "\n";
    return answer;
}

}  // namespace patroni::simulation
