#include "dcs/etcd3/page_dialogue.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "codec/fields.hpp"
#include "codec/json.hpp"
#include "dcs/etcd3/gateway_error.hpp"
#include "dcs/etcd3/read_dialogue.hpp"

#include <utility>

namespace patroni::dcs::etcd3 {
namespace {

constexpr std::int64_t k_page = 1000;
constexpr std::string_view k_range = "/kv/range";

/// What stands behind the field name at `position`: of a text without its quotes. Base64 holds no
/// quotes, so a name found in the answer of a range is a field.
std::string_view value_behind(std::string_view body, std::size_t position, std::string_view name) {
    if (position == std::string_view::npos) {
        return {};
    }
    std::string_view rest = trim(body.substr(position + name.size()));
    if (!rest.starts_with(':')) {
        return {};
    }
    rest = trim(rest.substr(1));
    if (rest.starts_with('"')) {
        rest.remove_prefix(1);
        return rest.substr(0, rest.find('"'));
    }
    return rest.substr(0, rest.find_first_of(",} \n"));
}

}  // namespace

ReadPages::ReadPages(std::string prefix, Credentials credentials)
    : prefix_(std::move(prefix)), session_(std::move(credentials)) {}

void ReadPages::begin() {
    next_key_ = prefix_;
    last_key_.clear();
    revision_ = 0;
    is_first_ = true;
}

protocol::Request ReadPages::start() {
    begin();
    restarts_ = 0;
    return session_.start(k_range, page());
}

Value ReadPages::page() const {
    Value body = Value::object({{"key", encode_base64(next_key_)},
                                {"range_end", encode_base64(range_end(prefix_))},
                                {"limit", std::to_string(k_page)}});
    if (revision_ != 0) {
        body.set("revision", std::to_string(revision_));
    }
    return body;
}

ReadPages::PageStep ReadPages::resume(const protocol::Response& response) {
    const std::string what = "read " + prefix_;
    if (auto detour = session_.take(response, what)) {
        return std::visit([](auto& next) -> PageStep { return std::move(next); }, *detour);
    }
    if (response.status != 200) {
        if (revision_ != 0 && is_compacted(response) && restarts_++ < k_max_restarts) {
            begin();
            return session_.next(k_range, page());
        }
        return explain(response, what);
    }
    const std::string_view body = response.body;
    constexpr std::string_view k_revision = "\"revision\"";
    constexpr std::string_view k_more = "\"more\"";
    constexpr std::string_view k_key = "\"key\"";
    const auto revision =
        parse_integer<std::uint64_t>(value_behind(body, body.find(k_revision), k_revision));
    if (!revision) {
        return Refusal{undecodable(response, "no header.revision"), false};
    }
    if (revision_ == 0) {
        constexpr std::string_view k_store = "\"cluster_id\"";
        revision_ = *revision;
        store_ = value_behind(body, body.find(k_store), k_store);
    }
    Arrived arrived;
    if (value_behind(body, body.rfind(k_more), k_more) == "true") {
        auto last = decode_base64(value_behind(body, body.rfind(k_key), k_key));
        if (!last || *last <= next_key_) {
            return Refusal{undecodable(response, "more keys, and no last one"), false};
        }
        next_key_ = *std::move(last) + '\0';
        arrived.next = session_.next(k_range, page());
    }
    return arrived;
}

Result<Page> ReadPages::decode(const protocol::Response& response) {
    auto document = codec::parse_json(response.body);
    if (!document) {
        return undecodable(response, document.error().message);
    }
    Page page;
    page.first = std::exchange(is_first_, false);
    const Value* rows = document->find("kvs");
    if (rows == nullptr || rows->if_array() == nullptr) {
        return page;
    }
    page.entries.reserve(rows->if_array()->size());
    for (const Value& row : *rows->if_array()) {
        const std::string* key = codec::find_text(row, "key");
        const std::string* value = codec::find_text(row, "value");
        auto decoded_key = key != nullptr ? decode_base64(*key) : std::nullopt;
        auto decoded_value = decode_base64(value != nullptr ? *value : std::string());
        if (!decoded_key || !decoded_value || !decoded_key->starts_with(prefix_) ||
            *decoded_key <= last_key_) {
            return undecodable(response, "a row without a key, or out of order");
        }
        last_key_ = *decoded_key;
        page.entries.push_back(
            {std::move(*decoded_key), std::move(*decoded_value), number_of(row, "mod_revision")});
    }
    return page;
}

}  // namespace patroni::dcs::etcd3
