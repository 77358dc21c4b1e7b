#include "base/text.hpp"
#include "simulator/etcd2_keys.hpp"
#include "simulator/time_text.hpp"

#include <utility>

namespace patroni::simulation {
namespace {

using std::chrono::seconds;
using Action = EtcdChange::Action;

/// Go prints bytes that are no UTF-8 as U+FFFD.
std::string printable(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8_length(text, i);
        out += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(i, length);
        i += length == 0 ? 1 : length;
    }
    return out;
}

std::string_view word(Action action) {
    switch (action) {
        case Action::set:
            return "set";
        case Action::create:
            return "create";
        case Action::update:
            return "update";
        case Action::compare_and_swap:
            return "compareAndSwap";
        case Action::remove:
            return "delete";
        case Action::compare_and_remove:
            return "compareAndDelete";
        case Action::expire:
            break;
    }
    return "expire";
}

Value node_of(const EtcdChange& change, const EtcdEntry& entry, bool directory,
              const Etcd2Moment& then) {
    if (!directory) {
        return etcd2_key(change.key, entry, then);
    }
    Value node = Value::object({{"key", printable(change.key)}, {"dir", true}});
    etcd2_add_lifetime(node, entry, then);
    return node.set("modifiedIndex", entry.modified).set("createdIndex", entry.created);
}

}  // namespace

std::string etcd2_headers(const Etcd2& etcd) {
    return "X-Etcd-Cluster-Id: " + std::string(etcd2_cluster_id) +
           "\r\nX-Etcd-Index: " + std::to_string(etcd.store.index()) +
           "\r\nX-Raft-Index: " + std::to_string(etcd.store.index() + 4) +
           "\r\nX-Raft-Term: " + std::to_string(etcd.term) + "\r\n";
}

void etcd2_add_lifetime(Value& node, const EtcdEntry& entry, const Etcd2Moment& moment) {
    if (!entry.ends) {
        return;
    }
    const auto left = *entry.ends - moment.time;
    node.set("expiration", go_time(moment.wall + left));
    if (left > left.zero()) {
        node.set("ttl", static_cast<std::int64_t>(std::chrono::ceil<seconds>(left).count()));
    }
}

Value etcd2_key(const std::string& key, const EtcdEntry& entry, const Etcd2Moment& moment) {
    Value node = Value::object({{"key", printable(key)}, {"value", printable(entry.value)}});
    etcd2_add_lifetime(node, entry, moment);
    return node.set("modifiedIndex", entry.modified).set("createdIndex", entry.created);
}

Value etcd2_event(const EtcdChange& change, const Etcd2Moment& now) {
    const Etcd2Moment then{.wall = now.wall - (now.time - change.at), .time = change.at};
    Value event = Value::object({{"action", word(change.action)}});
    if (change.now) {
        event.set("node", node_of(change, *change.now, change.directory, then));
    } else {
        Value node = Value::object({{"key", printable(change.key)}});
        if (change.directory) {
            node.set("dir", true);
        }
        node.set("modifiedIndex", change.index).set("createdIndex", change.before->created);
        event.set("node", std::move(node));
    }
    if (change.before) {
        const bool was_directory = change.directory && !change.replaced_key;
        event.set("prevNode", node_of(change, *change.before, was_directory, then));
    }
    return event;
}

std::string etcd2_key_in_the_way(const EtcdStore& store, std::string_view path) {
    for (std::size_t slash = path.find('/', 1); slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
        if (store.find(path.substr(0, slash)) != nullptr) {
            return std::string(path.substr(0, slash));
        }
    }
    return {};
}

Etcd2Error etcd2_missing(const EtcdStore& store, const std::string& path) {
    const std::string key = etcd2_key_in_the_way(store, path);
    if (!key.empty()) {
        return {.code = 104, .cause = printable(key), .index = store.index()};
    }
    std::size_t end = path.find('/', 1);
    while (end != std::string::npos && store.directories().contains(path.substr(0, end))) {
        end = path.find('/', end + 1);
    }
    return {.code = 100, .cause = printable(path.substr(0, end)), .index = store.index()};
}

}  // namespace patroni::simulation
