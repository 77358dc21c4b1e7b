#include "dcs/etcd3/session.hpp"

#include "base/text.hpp"
#include "codec/fields.hpp"
#include "codec/json.hpp"
#include "dcs/etcd3/gateway_error.hpp"

#include <array>

namespace patroni::dcs::etcd3 {
namespace {

/// Newest first: 3.4 and later serve the first two, 3.3 the second, 3.2 the third.
constexpr std::array<std::string_view, 3> k_gateways = {"/v3", "/v3beta", "/v3alpha"};

protocol::Request post(std::string_view gateway, std::string_view path, const Value& body) {
    protocol::Request request;
    request.method = "POST";
    request.target = std::string(gateway) + std::string(path);
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = codec::to_json(body);
    return request;
}

}  // namespace

std::uint64_t number_of(const Value& row, std::string_view field) {
    const std::string* text = codec::find_text(row, field);
    return text != nullptr ? parse_integer<std::uint64_t>(*text).value_or(0) : 0;
}

Error undecodable(const protocol::Response& response, const std::string& detail) {
    return answered_error(ErrorKind::decode, response,
                          "not an answer of etcd's v3 gateway: " + detail);
}

protocol::Request Session::start(std::string_view path, Value body) {
    gateway_ = 0;
    settled_ = false;
    renewed_ = false;
    token_ = Secret();
    return next(path, std::move(body));
}

protocol::Request Session::next(std::string_view path, Value body) {
    path_ = path;
    body_ = std::move(body);
    return begin();
}

protocol::Request Session::begin() {
    return !settled_ && !credentials_.user.empty() ? login() : request();
}

protocol::Request Session::login() {
    is_login_ = true;
    return post(
        k_gateways[gateway_], "/auth/authenticate",
        Value::object({{"name", credentials_.user}, {"password", credentials_.password.reveal()}}));
}

protocol::Request Session::request() {
    is_login_ = false;
    auto request = post(k_gateways[gateway_], path_, body_);
    // A node without a leader says so at once, and does nothing, instead of after seven seconds.
    request.headers.emplace_back("Grpc-Metadata-hasleader", "true");
    if (!token_.empty()) {
        request.headers.emplace_back("Authorization", token_.reveal());
    }
    return request;
}

bool Session::may_fall_back(const protocol::Response& response) const {
    // A 404 in JSON is one of the store itself, not of its web server.
    return response.status == 404 && !settled_ && gateway_ + 1 < k_gateways.size() &&
           !codec::parse_json(response.body);
}

std::optional<Session::Detour> Session::take(const protocol::Response& response,
                                             std::string_view what) {
    if (may_fall_back(response)) {
        ++gateway_;
        token_ = Secret();
        return begin();
    }
    if (is_login_) {
        return take_token(response, what);
    }
    settled_ = true;
    if (token_is_stale(response) && !token_.empty()) {
        if (auto again = renew()) {
            return *std::move(again);
        }
    }
    return std::nullopt;
}

std::optional<protocol::Request> Session::renew() {
    if (credentials_.user.empty() || renewed_) {
        return std::nullopt;
    }
    renewed_ = true;
    token_ = Secret();
    return login();
}

Session::Detour Session::take_token(const protocol::Response& response, std::string_view what) {
    if (response.status != 200) {
        if (authentication_is_off(response)) {
            return request();
        }
        return explain(response, what);
    }
    const auto document = codec::parse_json(response.body);
    const std::string* token = document ? codec::find_text(*document, "token") : nullptr;
    if (token == nullptr) {
        return Refusal{undecodable(response, "a login without a token"), false};
    }
    token_ = Secret(*token);
    return request();
}

}  // namespace patroni::dcs::etcd3
