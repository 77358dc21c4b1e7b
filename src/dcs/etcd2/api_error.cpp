#include "dcs/etcd2/api_error.hpp"

#include "base/base64.hpp"
#include "base/percent.hpp"
#include "codec/json.hpp"

namespace patroni::dcs::etcd2 {
namespace {

constexpr std::int64_t k_unauthorized = 110;
constexpr std::int64_t k_raft_internal = 300;
constexpr std::int64_t k_during_election = 301;

Error refusal(ErrorKind kind, const protocol::Response& response, std::string message) {
    Error error;
    error.kind = kind;
    error.http_status = response.status;
    error.message = std::move(message);
    error.delivery = Delivery::answered;
    return error;
}

}  // namespace

const std::string* text_of(const Value& node, std::string_view field) {
    const Value* value = node.find(field);
    return value != nullptr ? value->if_string() : nullptr;
}

std::uint64_t modified_of(const Value& node) {
    const Value* modified = node.find("modifiedIndex");
    const std::int64_t* index = modified != nullptr ? modified->if_int() : nullptr;
    return index != nullptr && *index > 0 ? static_cast<std::uint64_t>(*index) : 0;
}

std::optional<std::int64_t> error_code(const protocol::Response& response) {
    const auto document = codec::parse_json(response.body);
    const Value* code = document ? document->find("errorCode") : nullptr;
    return code != nullptr && code->if_int() ? std::optional(*code->if_int()) : std::nullopt;
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
    Error error;
    error.kind = ErrorKind::decode;
    error.message = "not an answer of etcd's v2 API" + (detail.empty() ? "" : ": " + detail);
    error.http_status = response.status;
    error.delivery = Delivery::answered;
    return error;
}

}  // namespace patroni::dcs::etcd2
