#pragma once

#include "base/base64.hpp"
#include "base/text.hpp"
#include "protocol/http_message.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace patroni::testing {

/// The KV store of a Consul as its reading calls show it; each rule names the sample it is from.
class ConsulModel {
public:
    void put(const std::string& key, const std::string& value) {
        const auto found = keys_.find(key);
        if (found != keys_.end() && found->second.value == value) {
            return;  // consul-blocking-idempotent-write: wakes nobody, moves no index
        }
        keys_[key] = {value, ++raft_};
    }
    void remove(const std::string& key) {
        if (keys_.erase(key) != 0) {
            tombstones_[key] = ++raft_;  // consul-blocking-delete
        }
    }
    /// A session that ends takes all its keys in one index (consul-1.15-real-leader-change).
    void remove_together(std::initializer_list<std::string> keys) {
        ++raft_;
        for (const auto& key : keys) {
            keys_.erase(key);
            tombstones_[key] = raft_;
        }
    }
    /// 15 minutes later: the index may go back (consul-1.15-index-goes-back).
    void collect_tombstones() { tombstones_.clear(); }

    /// X-Consul-Index of a prefix.
    std::uint64_t index_of(std::string_view prefix) const {
        std::uint64_t index = 0;
        for (const auto& [key, held] : keys_) {
            index = key.starts_with(prefix) ? std::max(index, held.modified) : index;
        }
        for (const auto& [key, removed] : tombstones_) {
            index = key.starts_with(prefix) ? std::max(index, removed) : index;
        }
        return index != 0 ? index : std::max<std::uint64_t>(raft_, 1);
    }

    /// Whether a request is answered now; if not it blocks until something changes or its time is
    /// over. An index that is larger than the server's blocks, too.
    bool answers(const protocol::Request& request) const {
        const auto index = parameter(request, "index");
        return index.empty() ||
               index_of(prefix_of(request)) > parse_integer<std::uint64_t>(index).value_or(0);
    }

    protocol::Response answer(const protocol::Request& request) const {
        const auto prefix = prefix_of(request);
        std::string body;
        for (const auto& [key, held] : keys_) {
            if (key.starts_with(prefix)) {
                body += (body.empty() ? "[" : ",") + std::string(R"({"LockIndex":0,"Key":")") +
                        key + R"(","Flags":0,"Value":)" +
                        (held.value.empty() ? "null" : '"' + encode_base64(held.value) + '"') +
                        R"(,"CreateIndex":1,"ModifyIndex":)" + std::to_string(held.modified) + "}";
            }
        }
        protocol::Response response;
        response.status = body.empty() ? 404 : 200;
        response.body = body.empty() ? "" : body + "]";
        response.headers = {{"X-Consul-Index", std::to_string(index_of(prefix))},
                            {"X-Consul-Default-Acl-Policy", "allow"}};
        return response;
    }

    std::map<std::string, std::string> values() const {
        std::map<std::string, std::string> values;
        for (const auto& [key, held] : keys_) {
            values["/" + key] = held.value;
        }
        return values;
    }

    static std::string parameter(const protocol::Request& request, std::string_view name) {
        const auto start = request.target.find(std::string(name) + "=");
        if (start == std::string::npos) {
            return {};
        }
        const auto value = request.target.substr(start + name.size() + 1);
        return value.substr(0, value.find('&'));
    }

private:
    struct Held {
        std::string value;
        std::uint64_t modified = 0;
    };
    static std::string prefix_of(const protocol::Request& request) {
        const auto path = request.target.substr(std::string_view("/v1/kv/").size());
        return path.substr(0, path.find('?'));
    }

    std::uint64_t raft_ = 10;
    std::map<std::string, Held> keys_;
    std::map<std::string, std::uint64_t> tombstones_;
};

}  // namespace patroni::testing
