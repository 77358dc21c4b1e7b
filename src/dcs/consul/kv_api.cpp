#include "dcs/consul/kv_api.hpp"

#include "base/percent.hpp"
#include "base/text.hpp"

namespace patroni::dcs::consul {
namespace {

/// The agent answers a path with a doubled slash by a redirect.
std::string path_of(std::string_view key) {
    std::string path = "/v1/kv/";
    for (const char c : key) {
        if (c != '/' || path.back() != '/') {
            path += c;
        }
    }
    return percent_encode_path(path);
}

bool says(const protocol::Response& response, std::string_view part) {
    return response.body.find(part) != std::string::npos;
}

constexpr std::string_view k_no_leader = "No cluster leader";
constexpr std::string_view k_no_datacenter = "No path to datacenter";

/// The words of 403: their begin is the same in all versions.
Error denied(const protocol::Response& response, const std::string& what) {
    const bool unknown = response.body.starts_with("ACL not found");
    return answered_error(ErrorKind::unauthorized, response,
                          unknown ? "Consul does not know this token (--token-file, or 'token' of "
                                    "the consul section)"
                                  : "the token may not " + what +
                                        " (its policy needs a key_prefix rule for it; without a "
                                        "token the anonymous one counts)");
}

}  // namespace

protocol::Request api_request(std::string method, std::string path, std::string_view query,
                              const Access& access) {
    protocol::Request request;
    request.method = std::move(method);
    request.target = std::move(path);
    char separator = '?';
    const auto append = [&](std::string_view parameter) {
        request.target += separator;
        request.target += parameter;
        separator = '&';
    };
    if (!query.empty()) {
        append(query);
    }
    if (!access.datacenter.empty()) {
        append("dc=" + percent_encode_query(access.datacenter));
    }
    if (!access.token.empty()) {
        request.headers.emplace_back("X-Consul-Token", access.token.reveal());
    }
    return request;
}

protocol::Request kv_request(std::string method, std::string_view key, std::string_view query,
                             const Access& access) {
    return api_request(std::move(method), path_of(key), query, access);
}

std::optional<std::uint64_t> index_of(const protocol::Response& response) {
    const auto text = response.header("X-Consul-Index");
    return text ? parse_integer<std::uint64_t>(trim(*text)) : std::nullopt;
}

bool may_hide_keys(const protocol::Response& response) {
    return response.header("X-Consul-Default-Acl-Policy").value_or("allow") != "allow";
}

Refusal explain(const protocol::Response& response, const std::string& what) {
    Refusal refusal;
    Error& error = refusal.error;
    error = answered_error(
        ErrorKind::http_status, response,
        "Consul answered HTTP " + std::to_string(response.status) + ", asked to " + what);
    if (response.status == 403) {
        error = denied(response, what);
    } else if (response.status == 404 || (response.status >= 300 && response.status < 400)) {
        error.kind = ErrorKind::unsupported;
        error.message = "no KV API of a Consul agent here";
    } else if (response.status == 413) {
        error.kind = ErrorKind::limit;
        error.message = "the value is larger than Consul takes (kv_max_value_size, 512 KiB)";
    } else if (response.status == 429) {
        error.message = "too many connections from this address (http_max_conns_per_client)";
        refusal.try_next = true;
    } else if (says(response, k_no_leader)) {
        error.message = "this Consul has no cluster leader";
        refusal.try_next = true;
    } else if (says(response, k_no_datacenter)) {
        error.kind = ErrorKind::config;
        error.message = "this Consul knows no such datacenter ('dc' of the consul section)";
    } else {
        refusal.try_next = response.status >= 500;
    }
    error.server_text = response.body.substr(0, 200);
    return refusal;
}

bool may_have_acted(const protocol::Response& response) {
    if (response.status >= 500) {
        // Both are said before anything is written, also by the servers behind the agent.
        return !says(response, k_no_leader) && !says(response, k_no_datacenter);
    }
    return response.status < 300 || response.status == 408;
}

}  // namespace patroni::dcs::consul
