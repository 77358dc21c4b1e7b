#pragma once

#include "base/query.hpp"
#include "simulator/etcd_http.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patroni::simulation {

/// An error of etcd's v2 API; its numbers are in `etcd2_error`.
struct Etcd2Error {
    int code = 0;
    std::string cause;
    std::int64_t index = 0;  ///< 0 where the request itself is wrong.
};

/// `etcd2_error`'s HTTP status, headers and document.
EtcdAnswer etcd2_error(const Etcd2Error& error);

inline constexpr std::string_view etcd2_cluster_id = "babc9795b64f03e3";

/// A request for keys of etcd's v2 API: form (body before query) and path.
struct Etcd2Form {
    std::string path;  ///< Decoded and clean: "/a/b"; the root is "/".
    std::string value;
    std::string previous_value;
    std::int64_t previous_index = 0;
    std::optional<bool> previous_exists;
    std::optional<std::chrono::seconds> ttl;
    std::int64_t wait_index = 0;
    bool directory = false;
    bool recursive = false;
    bool sorted = false;
    bool quorum = false;
    bool wait = false;
    bool stream = false;
    bool refresh = false;

    /// What is wrong with the request; nullopt: it was read.
    std::optional<Etcd2Error> read(const HttpRequest& request);
};

}  // namespace patroni::simulation
