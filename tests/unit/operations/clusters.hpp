#pragma once

#include "codec/cluster.hpp"

#include <patroni/cluster.hpp>

#include <map>
#include <string>

namespace patroni::testing {

/// The cluster "demo" of three members, led by pg1, with some keys changed ("" removes one).
inline Cluster demo_cluster(const std::map<std::string, std::string>& changed = {}) {
    std::map<std::string, std::string> keys{
        {"initialize", "7"},
        {"leader", "pg1"},
        {"config", R"({"ttl":30})"},
        {"status", R"({"optime":1000})"},
        {"members/pg1", R"({"api_url":"http://10.0.0.1:8008/patroni","state":"running",)"
                        R"("role":"primary","xlog_location":1000})"},
        {"members/pg2", R"({"api_url":"http://10.0.0.2:8008/patroni","state":"running",)"
                        R"("role":"replica","xlog_location":990})"},
        {"members/pg3", R"({"api_url":"http://10.0.0.3:8008/patroni","state":"running",)"
                        R"("role":"replica","xlog_location":1000,"pending_restart":true})"},
    };
    for (const auto& [key, value] : changed) {
        keys[key] = value;
    }
    std::vector<codec::RawKey> raw;
    std::uint64_t revision = 100;
    for (const auto& [key, value] : keys) {
        ++revision;
        if (!value.empty()) {
            raw.push_back({key, value, revision});
        }
    }
    return codec::decode_cluster("demo", "/service/demo/", std::move(raw), codec::Sources::kept);
}

}  // namespace patroni::testing
