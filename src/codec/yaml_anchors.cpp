#include "codec/yaml_anchors.hpp"

#include <algorithm>

namespace patroni::codec {
namespace {

constexpr std::size_t max_nodes = 100'000;
constexpr std::size_t max_bytes = std::size_t{16} << 20;

Error refuse(std::string_view why) {
    Error error;
    error.kind = ErrorKind::config;
    error.message = why;
    return error;
}

}  // namespace

bool YamlAnchors::open(std::string_view name) {
    return anchors_.try_emplace(std::string(name)).second;
}

bool YamlAnchors::define(std::string_view name, const Value& value) {
    // The copy that is kept counts as a use: nested anchors cost as much as aliases.
    if (!spend(measure(value))) {
        return false;
    }
    anchors_.insert_or_assign(std::string(name), value);
    return true;
}

Result<Value> YamlAnchors::use(std::string_view name, std::size_t max_depth) {
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) {
        return refuse("an alias without its anchor");
    }
    if (!found->second) {
        return refuse("an alias inside of its own anchor");
    }
    const Size size = measure(*found->second);
    if (!spend(size)) {
        return refuse("anchors and aliases stand for too many nodes");
    }
    if (size.depth > max_depth) {
        return refuse("nested more than 64 levels deep");
    }
    return *found->second;
}

YamlAnchors::Size YamlAnchors::measure(const Value& value) {
    Size total{1, 0, 0};
    const auto add = [&](const Value& child) {
        const Size size = measure(child);
        total.nodes += size.nodes;
        total.bytes += size.bytes;
        total.depth = std::max(total.depth, size.depth + 1);
    };
    if (const auto* text = value.if_string()) {
        total.bytes = text->size();
    } else if (const auto* array = value.if_array()) {
        std::for_each(array->begin(), array->end(), add);
    } else if (const auto* object = value.if_object()) {
        for (const auto& [key, item] : *object) {
            total.bytes += key.size();
            add(item);
        }
    }
    return total;
}

bool YamlAnchors::spend(const Size& size) {
    spent_.nodes += size.nodes;
    spent_.bytes += size.bytes;
    return spent_.nodes <= max_nodes && spent_.bytes <= max_bytes;
}

}  // namespace patroni::codec
