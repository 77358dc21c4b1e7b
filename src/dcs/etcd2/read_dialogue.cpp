#include "dcs/etcd2/read_dialogue.hpp"

#include "codec/fields.hpp"
#include "codec/json.hpp"
#include "dcs/etcd2/api_error.hpp"

#include <patroni/value.hpp>

#include <algorithm>

namespace patroni::dcs::etcd2 {
namespace {

constexpr int k_max_depth = 32;

/// Appends the leaves of a node. A directory has no value; an empty one leaves nothing.
void collect(const Value& node, Snapshot& snapshot, int depth) {
    const std::string* key = codec::find_text(node, "key");
    const Value* children = node.find("nodes");
    if (children != nullptr && children->if_array() != nullptr) {
        if (depth < k_max_depth) {
            for (const auto& child : *children->if_array()) {
                collect(child, snapshot, depth + 1);
            }
        }
        return;
    }
    const std::string* value = codec::find_text(node, "value");
    if (key == nullptr || value == nullptr) {
        return;
    }
    snapshot.entries.push_back({*key, *value, modified_of(node)});
}

}  // namespace

Snapshot nothing_at(const protocol::Response& response) {
    Snapshot snapshot;
    snapshot.revision = index_of(response);
    snapshot.store = response.header("X-Etcd-Cluster-Id").value_or("");
    return snapshot;
}

ReadTree::ReadTree(std::string path, Credentials credentials, Missing missing)
    : path_(std::move(path)), credentials_(std::move(credentials)), missing_(missing) {}

protocol::Request ReadTree::start() {
    return key_request("GET", path_, "?recursive=true&quorum=true", credentials_);
}

Step ReadTree::resume(const protocol::Response& response) {
    if (missing_ == Missing::empty && error_code(response) == k_key_not_found) {
        return nothing_at(response);
    }
    if (response.status != 200) {
        return explain(response, path_);
    }
    auto document = codec::parse_json(response.body);
    if (!document || document->find("node") == nullptr) {
        return Refusal{
            document ? undecodable(response, "") : undecodable(response, document.error().message),
            false};
    }
    Snapshot snapshot = nothing_at(response);
    collect(*document->find("node"), snapshot, 0);
    std::sort(snapshot.entries.begin(), snapshot.entries.end(),
              [](const Entry& a, const Entry& b) { return a.key < b.key; });
    return snapshot;
}

}  // namespace patroni::dcs::etcd2
