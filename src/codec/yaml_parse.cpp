#include "base/text.hpp"
#include "codec/json.hpp"
#include "codec/unique_keys.hpp"
#include "codec/yaml.hpp"
#include "codec/yaml_anchors.hpp"
#include "codec/yaml_events.hpp"
#include "codec/yaml_scalar.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace patroni::codec {
namespace {

constexpr std::size_t max_depth = YamlEvents::max_depth;
/// Longer paths are not recorded: only their hostile sum would be large.
constexpr std::size_t max_path_bytes = 512;

/// One pass over libyaml's events. The first failure ends it.
class Reader {
public:
    Reader(std::string_view text, std::string_view file) : events_(text, file) {}

    Result<YamlDocument> read() {
        YamlDocument document;
        events_.document([&](const YamlEvent& root) { document.value = value(root, "", 0); });
        if (auto error = events_.take_error()) {
            return *std::move(error);
        }
        document.lines = std::move(lines_);
        return document;
    }

private:
    struct Node {
        Value value;
        bool is_merge_key = false;
        bool is_key_only = false;  ///< `<<` and `=` in plain mean something as keys alone.
    };

    void fail(std::string message, const yaml_mark_t& mark) {
        events_.fail(std::move(message), mark);
    }

    void note_line(const std::string& path, const yaml_mark_t& mark) {
        if (!path.empty() && path.size() <= max_path_bytes) {
            lines_.insert_or_assign(path, mark.line + 1);
        }
    }

    /// What is merged into a map stands where it is merged, unless the map has a key of its own.
    void note_merged(const Value::Object& merged, std::size_t first, const std::string& path,
                     const yaml_mark_t& mark) {
        for (std::size_t i = first; i < merged.size(); ++i) {
            const std::string& key = merged[i].first;
            const std::string key_path = child_path(path, path.empty() ? key : '.' + key);
            if (!key_path.empty() && key_path.size() <= max_path_bytes) {
                lines_.try_emplace(key_path, mark.line + 1);
            }
        }
    }

    Node node(const YamlEvent& event, const std::string& path, std::size_t depth) {
        if (depth > max_depth) {
            fail("nested more than 64 levels deep", event->start_mark);
            return {};
        }
        switch (event->type) {
            case YAML_SCALAR_EVENT:
                return scalar(event);
            case YAML_SEQUENCE_START_EVENT:
                return {sequence(event, path, depth)};
            case YAML_MAPPING_START_EVENT:
                return {mapping(event, path, depth)};
            case YAML_ALIAS_EVENT:
                return {alias(event, depth)};
            default:
                fail("expected a value", event->start_mark);
                return {};
        }
    }

    /// A node at a place where it is no key.
    Value value(const YamlEvent& event, const std::string& path, std::size_t depth) {
        Node result = node(event, path, depth);
        if (result.is_key_only) {
            fail("this word must be quoted", event->start_mark);
        }
        return std::move(result.value);
    }

    Node scalar(const YamlEvent& event) {
        const auto& data = event->data.scalar;
        const std::string_view text(reinterpret_cast<const char*>(data.value), data.length);
        const std::string_view tag = yaml_text(data.tag);
        constexpr std::string_view prefix = "tag:yaml.org,2002:";
        Node result;
        if ((tag.empty() && data.plain_implicit) || tag == "!") {
            const ScalarKind kind = classify_plain_scalar(text);
            result.is_merge_key = kind == ScalarKind::merge;
            result.is_key_only = result.is_merge_key || kind == ScalarKind::default_value;
            result.value = resolve_plain_scalar(text);
        } else if (tag.empty() || tag == "tag:yaml.org,2002:str") {
            result.value = text;
        } else if (is_scalar_tag(tag.substr(std::min(prefix.size(), tag.size())))) {
            result.value = resolve_plain_scalar(text);
        } else {
            fail("a tag that plain YAML does not know", event->start_mark);
        }
        open_anchor(data.anchor, event->start_mark);
        close_anchor(data.anchor, result.value);
        return result;
    }

    static bool is_scalar_tag(std::string_view name) {
        return name == "int" || name == "float" || name == "bool" || name == "null" ||
               name == "timestamp";
    }

    Value sequence(const YamlEvent& start, const std::string& path, std::size_t depth) {
        const auto& data = start->data.sequence_start;
        Value::Array items;
        if (!events_.check_tag(data.tag, "tag:yaml.org,2002:seq", start->start_mark)) {
            return {};
        }
        open_anchor(data.anchor, start->start_mark);
        while (true) {
            YamlEvent event;
            if (!events_.next(event)) {
                return {};
            }
            if (event->type == YAML_SEQUENCE_END_EVENT) {
                break;
            }
            const std::string item_path =
                child_path(path, '[' + std::to_string(items.size()) + ']');
            note_line(item_path, event->start_mark);
            items.push_back(value(event, item_path, depth + 1));
        }
        Value result(std::move(items));
        close_anchor(data.anchor, result);
        return result;
    }

    Value mapping(const YamlEvent& start, const std::string& path, std::size_t depth) {
        const auto& data = start->data.mapping_start;
        if (!events_.check_tag(data.tag, "tag:yaml.org,2002:map", start->start_mark)) {
            return {};
        }
        open_anchor(data.anchor, start->start_mark);
        Value::Object merged;
        Value::Object fields;
        while (true) {
            YamlEvent key_event;
            if (!events_.next(key_event)) {
                return {};
            }
            if (key_event->type == YAML_MAPPING_END_EVENT) {
                break;
            }
            const Node key_node = node(key_event, "", depth + 1);
            std::string key = key_text(key_node.value, key_event->start_mark);
            const std::string key_path = child_path(path, path.empty() ? key : '.' + key);
            YamlEvent value_event;
            if (!events_.next(value_event)) {
                return {};
            }
            Value item = value(value_event, key_path, depth + 1);
            if (key_node.is_merge_key) {
                const std::size_t before = merged.size();
                merge(merged, item, value_event->start_mark);
                note_merged(merged, before, path, key_event->start_mark);
            } else {
                note_line(key_path, key_event->start_mark);
                fields.emplace_back(std::move(key), std::move(item));
            }
        }
        // As PyYAML does: what is merged comes first, and own fields win.
        merged.insert(merged.end(), std::make_move_iterator(fields.begin()),
                      std::make_move_iterator(fields.end()));
        make_keys_unique(merged);
        Value result(std::move(merged));
        close_anchor(data.anchor, result);
        return result;
    }

    std::string key_text(const Value& key, const yaml_mark_t& mark) {
        if (const std::string* text = key.if_string()) {
            return *text;
        }
        if (key.if_array() || key.if_object()) {
            fail("a list or map cannot be a key", mark);
            return {};
        }
        return to_json(key);  // As Python's JSON writes a key of another type.
    }

    void merge(Value::Object& merged, const Value& value, const yaml_mark_t& mark) {
        if (const auto* object = value.if_object()) {
            merged.insert(merged.end(), object->begin(), object->end());
            return;
        }
        const auto* array = value.if_array();
        if (!array) {
            fail("expected a map or a list of maps to merge", mark);
            return;
        }
        for (auto item = array->rbegin(); item != array->rend(); ++item) {  // The first wins.
            const auto* object = item->if_object();
            if (!object) {
                fail("expected a map to merge", mark);
                return;
            }
            merged.insert(merged.end(), object->begin(), object->end());
        }
    }

    /// Before the content of a node: an alias in it would be endless.
    void open_anchor(const yaml_char_t* name, const yaml_mark_t& mark) {
        if (name && !anchors_.open(yaml_text(name))) {
            fail("an anchor for the second time", mark);
        }
    }
    void close_anchor(const yaml_char_t* name, const Value& value) {
        if (name && !events_.has_failed() && !anchors_.define(yaml_text(name), value)) {
            fail("anchors and aliases stand for too many nodes", events_.mark());
        }
    }
    Value alias(const YamlEvent& event, std::size_t depth) {
        auto value = anchors_.use(yaml_text(event->data.alias.anchor), max_depth - depth);
        if (!value) {
            fail(std::move(value).error().message, event->start_mark);
            return {};
        }
        return std::move(*value);
    }

    static std::string child_path(const std::string& parent, const std::string& part) {
        // Beyond the limit nothing is recorded: one character more keeps it beyond.
        return parent.size() > max_path_bytes ? parent
                                              : parent + part.substr(0, max_path_bytes + 1);
    }

    YamlEvents events_;
    std::map<std::string, std::size_t, std::less<>> lines_;
    YamlAnchors anchors_;
};

}  // namespace

Result<YamlDocument> parse_yaml(std::string_view text, std::string_view file) {
    return Reader(text, file).read();
}

}  // namespace patroni::codec
