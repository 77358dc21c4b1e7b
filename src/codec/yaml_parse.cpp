#include "base/text.hpp"
#include "codec/json.hpp"
#include "codec/unique_keys.hpp"
#include "codec/yaml.hpp"
#include "codec/yaml_anchors.hpp"
#include "codec/yaml_scalar.hpp"

#include <yaml.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace patroni::codec {
namespace {

constexpr std::size_t max_depth = 64;
/// Longer paths are not recorded: only their hostile sum would be large.
constexpr std::size_t max_path_bytes = 512;

class Event {
public:
    Event() = default;
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    ~Event() { yaml_event_delete(&event_); }
    yaml_event_t* get() { return &event_; }
    const yaml_event_t* operator->() const { return &event_; }

private:
    yaml_event_t event_{};
};

std::string_view view(const yaml_char_t* text) {
    return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

/// One pass over libyaml's events. The first failure is kept in `error_` and ends the pass.
class Reader {
public:
    Reader(std::string_view text, std::string_view file) : file_(file) {
        ready_ = yaml_parser_initialize(&parser_) == 1;
        if (ready_) {
            yaml_parser_set_input_string(
                &parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
        }
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() {
        if (ready_) {
            yaml_parser_delete(&parser_);
        }
    }

    Result<YamlDocument> read() {
        YamlDocument document;
        Event start;
        Event begin;
        if (next(start) && next(begin) && begin->type == YAML_DOCUMENT_START_EVENT) {
            Event root;
            if (next(root)) {
                document.value = value(root, "", 0);
            }
            Event end;
            Event after;
            if (!error_ && next(end) && next(after) && after->type != YAML_STREAM_END_EVENT) {
                fail("expected a single document, found another one", after->start_mark);
            }
        }
        if (error_) {
            return std::move(*error_);
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
        if (error_) {
            return;
        }
        error_.emplace();
        error_->kind = ErrorKind::config;
        error_->endpoint = file_;
        error_->message = "line " + std::to_string(mark.line + 1) + ", column " +
                          std::to_string(mark.column + 1) + ": " + std::move(message);
    }

    bool next(Event& event) {
        if (error_ || !ready_) {
            fail("out of memory", {});
            return false;
        }
        if (yaml_parser_parse(&parser_, event.get()) == 1) {
            return true;
        }
        // libyaml's own words never repeat the text.
        yaml_mark_t mark = parser_.problem_mark;
        if (parser_.error == YAML_READER_ERROR) {
            mark = parser_.mark;
        }
        fail(parser_.problem ? parser_.problem : "invalid YAML", mark);
        return false;
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

    Node node(const Event& event, const std::string& path, std::size_t depth) {
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
    Value value(const Event& event, const std::string& path, std::size_t depth) {
        Node result = node(event, path, depth);
        if (result.is_key_only) {
            fail("this word must be quoted", event->start_mark);
        }
        return std::move(result.value);
    }

    Node scalar(const Event& event) {
        const auto& data = event->data.scalar;
        const std::string_view text(reinterpret_cast<const char*>(data.value), data.length);
        const std::string_view tag = view(data.tag);
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

    bool check_tag(const yaml_char_t* tag, std::string_view expected, const yaml_mark_t& mark) {
        if (!view(tag).empty() && view(tag) != "!" && view(tag) != expected) {
            fail("a tag that plain YAML does not know", mark);
        }
        return !error_;
    }

    Value sequence(const Event& start, const std::string& path, std::size_t depth) {
        const auto& data = start->data.sequence_start;
        Value::Array items;
        if (!check_tag(data.tag, "tag:yaml.org,2002:seq", start->start_mark)) {
            return {};
        }
        open_anchor(data.anchor, start->start_mark);
        while (true) {
            Event event;
            if (!next(event)) {
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

    Value mapping(const Event& start, const std::string& path, std::size_t depth) {
        const auto& data = start->data.mapping_start;
        if (!check_tag(data.tag, "tag:yaml.org,2002:map", start->start_mark)) {
            return {};
        }
        open_anchor(data.anchor, start->start_mark);
        Value::Object merged;
        Value::Object fields;
        while (true) {
            Event key_event;
            if (!next(key_event)) {
                return {};
            }
            if (key_event->type == YAML_MAPPING_END_EVENT) {
                break;
            }
            const Node key_node = node(key_event, "", depth + 1);
            std::string key = key_text(key_node.value, key_event->start_mark);
            const std::string key_path = child_path(path, path.empty() ? key : '.' + key);
            Event value_event;
            if (!next(value_event)) {
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
        if (name && !anchors_.open(view(name))) {
            fail("an anchor for the second time", mark);
        }
    }
    void close_anchor(const yaml_char_t* name, const Value& value) {
        if (name && !error_ && !anchors_.define(view(name), value)) {
            fail("anchors and aliases stand for too many nodes", parser_.mark);
        }
    }
    Value alias(const Event& event, std::size_t depth) {
        auto value = anchors_.use(view(event->data.alias.anchor), max_depth - depth);
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

    std::string file_;
    yaml_parser_t parser_{};
    bool ready_ = false;
    std::optional<Error> error_;
    std::map<std::string, std::size_t, std::less<>> lines_;
    YamlAnchors anchors_;
};

}  // namespace

Result<YamlDocument> parse_yaml(std::string_view text, std::string_view file) {
    return Reader(text, file).read();
}

}  // namespace patroni::codec
