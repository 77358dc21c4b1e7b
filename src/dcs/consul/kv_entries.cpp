#include "dcs/consul/kv_entries.hpp"

#include "base/base64.hpp"
#include "codec/fields.hpp"
#include "codec/json.hpp"

#include <algorithm>
#include <utility>

namespace patroni::dcs::consul {
namespace {

Error undecodable(std::string detail) {
    Error error;
    error.kind = ErrorKind::decode;
    error.message = "not an answer of Consul's KV API: " + std::move(detail);
    return error;
}

Result<Entry> parse_entry(const Value& item) {
    const std::string* key = codec::find_text(item, "Key");
    const auto modified = codec::natural_field(item, "ModifyIndex");
    if (key == nullptr || !modified) {
        return undecodable("an entry without Key and ModifyIndex");
    }
    Entry read;
    read.key = "/" + *key;
    read.modified = *modified;
    const Value* value = item.find("Value");  // An empty one is null.
    if (value != nullptr && !value->is_null()) {
        const std::string* text = value->if_string();
        auto bytes = text != nullptr ? decode_base64(*text) : std::nullopt;
        if (!bytes) {
            return undecodable("a value that is not base64");
        }
        read.value = std::move(*bytes);
    }
    return read;
}

}  // namespace

Result<std::vector<Entry>> parse_entries(std::string_view body) {
    auto document = codec::parse_json(body);
    if (!document) {
        Error error = std::move(document).error();
        error.message = "not an answer of Consul's KV API: " + error.message;
        return error;
    }
    const auto* list = document->if_array();
    if (list == nullptr) {
        return undecodable("no list of entries");
    }
    std::vector<Entry> entries;
    entries.reserve(list->size());
    for (const Value& item : *list) {
        auto entry = parse_entry(item);
        if (!entry) {
            return std::move(entry).error();
        }
        entries.push_back(std::move(*entry));
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.key < b.key; });
    const auto twice =
        std::adjacent_find(entries.begin(), entries.end(),
                           [](const Entry& a, const Entry& b) { return a.key == b.key; });
    if (twice != entries.end()) {
        return undecodable("a key that is there twice");
    }
    return entries;
}

}  // namespace patroni::dcs::consul
