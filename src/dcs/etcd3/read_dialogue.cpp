#include "dcs/etcd3/read_dialogue.hpp"

#include "base/base64.hpp"
#include "codec/json.hpp"
#include "dcs/etcd3/gateway_error.hpp"

#include <array>
#include <charconv>

namespace patroni::dcs::etcd3 {
namespace {

/// Newest first: 3.4 and later serve the first two, 3.3 the second, 3.2 the third.
constexpr std::array<std::string_view, 3> k_gateways = {"/v3", "/v3beta", "/v3alpha"};
constexpr std::int64_t k_page = 1000;

protocol::Request post(std::string_view gateway, std::string_view path, const Value& body) {
    protocol::Request request;
    request.method = "POST";
    request.target = std::string(gateway) + std::string(path);
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = codec::to_json(body);
    return request;
}

const std::string* text_of(const Value& value, std::string_view field) {
    const Value* found = value.find(field);
    return found != nullptr ? found->if_string() : nullptr;
}

Error undecodable(const protocol::Response& response, const std::string& detail) {
    Error error;
    error.kind = ErrorKind::decode;
    error.http_status = response.status;
    error.message = "not an answer of etcd's v3 gateway: " + detail;
    error.delivery = Delivery::answered;
    return error;
}

/// 64-bit integers are JSON strings in the gateway.
std::uint64_t number_of(const Value& row, std::string_view field) {
    std::uint64_t number = 0;
    if (const std::string* text = text_of(row, field)) {
        std::from_chars(text->data(), text->data() + text->size(), number);
    }
    return number;
}

}  // namespace

std::string range_end(std::string prefix) {
    while (!prefix.empty()) {
        if (static_cast<unsigned char>(prefix.back()) < 0xff) {
            prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
            return prefix;
        }
        prefix.pop_back();
    }
    return std::string(1, '\0');
}

ReadPrefix::ReadPrefix(std::string prefix, Credentials credentials)
    : prefix_(std::move(prefix)), credentials_(std::move(credentials)) {}

protocol::Request ReadPrefix::start() {
    gateway_ = 0;  // The next endpoint may be of another version.
    return begin();
}

protocol::Request ReadPrefix::begin() {
    token_ = Secret();
    next_key_ = prefix_;
    revision_.clear();
    snapshot_ = Snapshot();
    waits_for_token_ = !credentials_.user.empty();
    return waits_for_token_ ? authenticate() : range();
}

protocol::Request ReadPrefix::authenticate() const {
    return post(
        k_gateways[gateway_], "/auth/authenticate",
        Value::object({{"name", credentials_.user}, {"password", credentials_.password.reveal()}}));
}

protocol::Request ReadPrefix::range() const {
    Value body = Value::object({{"key", encode_base64(next_key_)},
                                {"range_end", encode_base64(range_end(prefix_))},
                                {"limit", std::to_string(k_page)}});
    if (!revision_.empty()) {
        body.set("revision", revision_);
    }
    auto request = post(k_gateways[gateway_], "/kv/range", body);
    // A node without a leader says so at once instead of after seven seconds.
    request.headers.emplace_back("Grpc-Metadata-hasleader", "true");
    if (!token_.empty()) {
        request.headers.emplace_back("Authorization", token_.reveal());
    }
    return request;
}

Step ReadPrefix::resume(const protocol::Response& response) {
    if (response.status == 404 && gateway_ + 1 < k_gateways.size() && snapshot_.entries.empty()) {
        return older_gateway(response);
    }
    return waits_for_token_ ? take_token(response) : take_page(response);
}

Step ReadPrefix::older_gateway(const protocol::Response& response) {
    if (codec::parse_json(response.body)) {
        return explain(response, prefix_);  // A 404 of the store itself, not of its web server.
    }
    ++gateway_;
    return begin();
}

Step ReadPrefix::take_token(const protocol::Response& response) {
    waits_for_token_ = false;
    if (response.status != 200) {
        if (authentication_is_off(response)) {
            return range();
        }
        return explain(response, prefix_);
    }
    const auto document = codec::parse_json(response.body);
    const std::string* token = document ? text_of(*document, "token") : nullptr;
    if (token == nullptr) {
        return Refusal{undecodable(response, "a login without a token"), false};
    }
    token_ = Secret(*token);
    return range();
}

Step ReadPrefix::take_page(const protocol::Response& response) {
    if (response.status != 200) {
        return explain(response, prefix_);
    }
    auto document = codec::parse_json(response.body);
    if (!document) {
        return Refusal{undecodable(response, document.error().message), false};
    }
    const Value* header = document->find("header");
    const std::string* revision = header != nullptr ? text_of(*header, "revision") : nullptr;
    if (revision == nullptr) {
        return Refusal{undecodable(response, "no header.revision"), false};
    }
    if (revision_.empty()) {
        revision_ = *revision;
    }
    const Value* rows = document->find("kvs");
    bool advanced = false;
    if (rows != nullptr && rows->if_array() != nullptr) {
        for (const auto& row : *rows->if_array()) {
            if (!append(row)) {
                return Refusal{undecodable(response, "a row without a key, or out of order"),
                               false};
            }
            advanced = true;
        }
    }
    const Value* more = document->find("more");
    if (advanced && more != nullptr && more->if_bool() != nullptr && *more->if_bool()) {
        next_key_ = snapshot_.entries.back().key + '\0';
        return range();
    }
    return std::move(snapshot_);
}

bool ReadPrefix::append(const Value& row) {
    const std::string* key = text_of(row, "key");
    const std::string* value = text_of(row, "value");
    auto decoded_key = key != nullptr ? decode_base64(*key) : std::nullopt;
    auto decoded_value = decode_base64(value != nullptr ? *value : std::string());
    if (!decoded_key || !decoded_value) {
        return false;
    }
    // The next page begins behind the last key: a server that goes back would be read for ever.
    const auto& entries = snapshot_.entries;
    if (!decoded_key->starts_with(prefix_) ||
        (!entries.empty() && *decoded_key <= entries.back().key)) {
        return false;
    }
    snapshot_.entries.push_back(
        {std::move(*decoded_key), std::move(*decoded_value), number_of(row, "mod_revision")});
    return true;
}

}  // namespace patroni::dcs::etcd3
