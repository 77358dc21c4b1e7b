#pragma once

#include "dcs/read_dialogue.hpp"

#include <patroni/secret.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patroni::dcs::consul {

/// How Consul's KV API is asked.
struct Access {
    Secret token;            ///< Of an ACL; empty asks as anybody. Travels in a header only.
    std::string datacenter;  ///< Empty: that of the agent.
};

/// A request for a path (percent-encoded) of Consul's API; `query` is without its question mark:
/// "recurse=1".
protocol::Request api_request(std::string method, std::string path, std::string_view query,
                              const Access& access);

/// A request for a key or prefix, which is absolute ("/service/demo/") and loses its leading slash
/// on the wire.
protocol::Request kv_request(std::string method, std::string_view key, std::string_view query,
                             const Access& access);

/// X-Consul-Index; nullopt when the answer is none of the KV API's reading calls.
std::optional<std::uint64_t> index_of(const protocol::Response& response);

/// Whether an answer of 404 may also mean that the token may not see what is there: Consul answers
/// a recursive read so, and only the read of one key with 403.
bool may_hide_keys(const protocol::Response& response);

/// Why Consul refused; `what` is what was asked for: "read /service/demo/".
Refusal explain(const protocol::Response& response, const std::string& what);

/// Whether a write with this answer, which is no success, may have been carried out all the same.
bool may_have_acted(const protocol::Response& response);

}  // namespace patroni::dcs::consul
