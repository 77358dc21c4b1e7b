#include "dcs/etcd3/read_dialogue.hpp"

#include "base/base64.hpp"
#include "codec/fields.hpp"
#include "codec/json.hpp"
#include "dcs/etcd3/gateway_error.hpp"

namespace patroni::dcs::etcd3 {
namespace {

constexpr std::int64_t k_page = 1000;
constexpr std::string_view k_range = "/kv/range";

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
    : prefix_(std::move(prefix)), session_(std::move(credentials)) {}

void ReadPrefix::begin() {
    next_key_ = prefix_;
    revision_.clear();
    snapshot_ = Snapshot();
}

protocol::Request ReadPrefix::start() {
    begin();
    restarts_ = 0;
    return session_.start(k_range, page());
}

Value ReadPrefix::page() const {
    Value body = Value::object({{"key", encode_base64(next_key_)},
                                {"range_end", encode_base64(range_end(prefix_))},
                                {"limit", std::to_string(k_page)}});
    if (!revision_.empty()) {
        body.set("revision", revision_);
    }
    return body;
}

Step ReadPrefix::resume(const protocol::Response& response) {
    if (auto detour = session_.take(response, "read " + prefix_)) {
        return std::visit([](auto& next) -> Step { return std::move(next); }, *detour);
    }
    return take_page(response);
}

Step ReadPrefix::take_page(const protocol::Response& response) {
    if (response.status != 200) {
        if (!revision_.empty() && is_compacted(response) && restarts_++ < k_max_restarts) {
            begin();
            return session_.next(k_range, page());
        }
        return explain(response, "read " + prefix_);
    }
    auto document = codec::parse_json(response.body);
    if (!document) {
        return Refusal{undecodable(response, document.error().message), false};
    }
    const Value* header = document->find("header");
    const std::string* revision =
        header != nullptr ? codec::find_text(*header, "revision") : nullptr;
    if (revision == nullptr) {
        return Refusal{undecodable(response, "no header.revision"), false};
    }
    if (revision_.empty()) {
        revision_ = *revision;
        snapshot_.revision = number_of(*header, "revision");
        snapshot_.store = codec::text_field(*header, "cluster_id");
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
        return session_.next(k_range, page());
    }
    return std::move(snapshot_);
}

bool ReadPrefix::append(const Value& row) {
    const std::string* key = codec::find_text(row, "key");
    const std::string* value = codec::find_text(row, "value");
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
