#pragma once

#include "dcs/read_dialogue.hpp"

#include <patroni/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patroni::dcs::etcd2 {

// Codes of the v2 API's error documents.
constexpr std::int64_t k_key_not_found = 100;
constexpr std::int64_t k_compare_failed = 101;
constexpr std::int64_t k_key_exists = 105;

/// The code of an error document; nullopt when it is none.
std::optional<std::int64_t> error_code(const protocol::Response& response);

/// Why the v2 API refused. `path` is the key that was asked for.
Refusal explain(const protocol::Response& response, const std::string& path);

/// Whether a write with this answer, which is no success, may have been carried out all the same.
bool may_have_acted(const protocol::Response& response);

/// A request for a key, with the credentials; `query` begins with its question mark.
protocol::Request key_request(std::string method, const std::string& path, std::string_view query,
                              const Credentials& credentials);

/// The header X-Etcd-Index: how far the whole store had got; 0 without one.
std::uint64_t index_of(const protocol::Response& response);
/// The modifiedIndex of a node, 0 without one.
std::uint64_t modified_of(const Value& node);
/// Error `decode`: not an answer of the v2 API.
Error undecodable(const protocol::Response& response, const std::string& detail);

}  // namespace patroni::dcs::etcd2
