#include "dcs/etcd2/read_dialogue.hpp"

#include "base/base64.hpp"
#include "base/percent.hpp"
#include "codec/json.hpp"

#include <patroni/value.hpp>

#include <algorithm>

namespace patroni::dcs::etcd2 {
namespace {

constexpr int k_key_not_found = 100;
constexpr int k_unauthorized = 110;
constexpr int k_raft_internal = 300;
constexpr int k_during_election = 301;
constexpr int k_max_depth = 32;

const std::string* text_of(const Value& node, std::string_view field) {
    const Value* value = node.find(field);
    return value != nullptr ? value->if_string() : nullptr;
}

/// Appends the leaves of a node. A directory has no value; an empty one leaves nothing.
void collect(const Value& node, Snapshot& snapshot, int depth) {
    const std::string* key = text_of(node, "key");
    const Value* children = node.find("nodes");
    if (children != nullptr && children->if_array() != nullptr) {
        if (depth < k_max_depth) {
            for (const auto& child : *children->if_array()) {
                collect(child, snapshot, depth + 1);
            }
        }
        return;
    }
    const std::string* value = text_of(node, "value");
    if (key == nullptr || value == nullptr) {
        return;
    }
    const Value* modified = node.find("modifiedIndex");
    const std::int64_t* index = modified != nullptr ? modified->if_int() : nullptr;
    snapshot.entries.push_back(
        {*key, *value, index != nullptr && *index > 0 ? static_cast<std::uint64_t>(*index) : 0});
}

Error refusal(ErrorKind kind, const protocol::Response& response, std::string message) {
    Error error;
    error.kind = kind;
    error.http_status = response.status;
    error.message = std::move(message);
    error.delivery = Delivery::answered;
    return error;
}

Refusal explain(const protocol::Response& response, const std::string& path) {
    const auto document = codec::parse_json(response.body);
    const Value* code_value = document ? document->find("errorCode") : nullptr;
    if (code_value == nullptr || code_value->if_int() == nullptr) {
        if (response.status == 404) {
            return {refusal(ErrorKind::unsupported, response,
                            "this etcd does not serve the v2 API (off by default since 3.4, gone "
                            "in 3.6): use --etcd3, or start it with --enable-v2"),
                    false};
        }
        auto error = refusal(ErrorKind::http_status, response,
                             "HTTP " + std::to_string(response.status) + " instead of a v2 answer");
        error.server_text = response.body.substr(0, 200);
        return {std::move(error), response.status >= 500};
    }
    const auto code = *code_value->if_int();
    if (code == k_key_not_found) {
        return {refusal(ErrorKind::not_found, response, "the key " + path + " does not exist"),
                false};
    }
    if (code == k_unauthorized) {
        return {refusal(ErrorKind::unauthorized, response,
                        "etcd wants a user and password for " + path +
                            " (--user, --password-file), or they are wrong"),
                false};
    }
    auto error = refusal(ErrorKind::http_status, response,
                         "etcd v2 error " + std::to_string(code) + " for " + path);
    if (const std::string* text = text_of(*document, "message")) {
        error.server_text = *text;
    }
    return {std::move(error), code == k_raft_internal || code == k_during_election};
}

}  // namespace

ReadTree::ReadTree(std::string path, Credentials credentials)
    : path_(std::move(path)), credentials_(std::move(credentials)) {}

protocol::Request ReadTree::start() {
    protocol::Request request;
    request.target = "/v2/keys" + percent_encode_path(path_) + "?recursive=true&quorum=true";
    if (!credentials_.user.empty()) {
        request.headers.emplace_back(
            "Authorization",
            "Basic " + encode_base64(credentials_.user + ":" + credentials_.password.reveal()));
    }
    return request;
}

Step ReadTree::resume(const protocol::Response& response) {
    if (response.status != 200) {
        return explain(response, path_);
    }
    auto document = codec::parse_json(response.body);
    if (!document || document->find("node") == nullptr) {
        Error error = document ? Error{} : document.error();
        error.kind = document ? ErrorKind::decode : error.kind;
        error.message = "not an answer of etcd's v2 API" +
                        (error.message.empty() ? std::string() : ": " + error.message);
        error.http_status = response.status;
        error.delivery = Delivery::answered;
        return Refusal{std::move(error), false};
    }
    Snapshot snapshot;
    collect(*document->find("node"), snapshot, 0);
    std::sort(snapshot.entries.begin(), snapshot.entries.end(),
              [](const Entry& a, const Entry& b) { return a.key < b.key; });
    return snapshot;
}

}  // namespace patroni::dcs::etcd2
