#include "dcs/etcd2/api_error.hpp"

#include "base/base64.hpp"
#include "base/percent.hpp"
#include "base/text.hpp"
#include "codec/fields.hpp"
#include "codec/json.hpp"

namespace patroni::dcs::etcd2 {
namespace {

constexpr std::int64_t k_unauthorized = 110;
constexpr std::int64_t k_raft_internal = 300;
constexpr std::int64_t k_during_election = 301;

/// `{"errorCode":N,"message":T,"cause":T,"index":N}`.
struct ApiError {
    std::optional<std::int64_t> code;
    std::string message;
};

ApiError read_error(const protocol::Response& response) {
    const auto document = codec::parse_json(response.body);
    if (!document) {
        return {};
    }
    return {codec::int_field(*document, "errorCode"), codec::text_field(*document, "message")};
}

}  // namespace

std::uint64_t index_of(const protocol::Response& response) {
    return parse_integer<std::uint64_t>(response.header("X-Etcd-Index").value_or("")).value_or(0);
}

std::uint64_t modified_of(const Value& node) {
    return codec::natural_field(node, "modifiedIndex").value_or(0);
}

std::optional<std::int64_t> error_code(const protocol::Response& response) {
    return read_error(response).code;
}

Refusal explain(const protocol::Response& response, const std::string& path) {
    const auto [code, message] = read_error(response);
    if (!code) {
        if (response.status == 404) {
            return {answered_error(
                        ErrorKind::unsupported, response,
                        "this etcd does not serve the v2 API (off by default since 3.4, gone "
                        "in 3.6): use --etcd3, or start it with --enable-v2"),
                    false};
        }
        auto error =
            answered_error(ErrorKind::http_status, response,
                           "HTTP " + std::to_string(response.status) + " instead of a v2 answer");
        error.server_text = response.body.substr(0, 200);
        return {std::move(error), response.status >= 500};
    }
    if (code == k_key_not_found) {
        return {
            answered_error(ErrorKind::not_found, response, "the key " + path + " does not exist"),
            false};
    }
    if (code == k_unauthorized) {
        return {answered_error(ErrorKind::unauthorized, response,
                               "etcd wants a user and password for " + path +
                                   " (--user, --password-file), or they are wrong"),
                false};
    }
    auto error = answered_error(ErrorKind::http_status, response,
                                "etcd v2 error " + std::to_string(*code) + " for " + path);
    error.server_text = message;
    return {std::move(error), code == k_raft_internal || code == k_during_election};
}

bool may_have_acted(const protocol::Response& response) {
    const auto code = error_code(response);
    if (code) {
        return *code >= k_raft_internal;
    }
    return response.status < 400 || response.status >= 500 || response.status == 408;
}

protocol::Request key_request(std::string method, const std::string& path, std::string_view query,
                              const Credentials& credentials) {
    protocol::Request request;
    request.method = std::move(method);
    request.target = "/v2/keys" + percent_encode_path(path) + std::string(query);
    if (!credentials.user.empty()) {
        request.headers.emplace_back(
            "Authorization",
            "Basic " + encode_base64(credentials.user + ":" + credentials.password.reveal()));
    }
    return request;
}

Error undecodable(const protocol::Response& response, const std::string& detail) {
    return answered_error(ErrorKind::decode, response,
                          "not an answer of etcd's v2 API" + (detail.empty() ? "" : ": " + detail));
}

}  // namespace patroni::dcs::etcd2
