#include "base/base64.hpp"
#include "codec/python_time.hpp"
#include "codec/python_yaml.hpp"
#include "codec/yaml_events.hpp"
#include "codec/yaml_scalar.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace patroni::codec {
namespace {

constexpr std::size_t max_depth = YamlEvents::max_depth;
/// What aliases stand for, written out: a few lines can stand for billions of values.
constexpr std::size_t max_values = std::size_t{1} << 20;
constexpr std::string_view tag_prefix = "tag:yaml.org,2002:";

/// A value with what it is to the document around it.
struct Node {
    PythonValue value;
    std::size_t values = 1;  ///< All that are in it, aliases written out.
    std::size_t depth = 0;
    ScalarKind kind = ScalarKind::text;
};

/// Keys that Python takes for one have one text.
std::string key_text(const PythonValue& key) {
    if (const auto* text = key.if_text()) {
        return 's' + *text;
    }
    if (const auto* boolean = key.if_bool()) {
        return *boolean ? "n1" : "n0";
    }
    if (const auto* real = key.if_real(); real && *real > -9e15 && *real < 9e15) {
        const auto whole = static_cast<std::int64_t>(*real);
        if (static_cast<double>(whole) == *real) {
            return 'n' + std::to_string(whole);
        }
    }
    if (key.if_integer()) {
        return 'n' + key.if_integer()->digits;
    }
    return 'r' + python_repr(key);
}

/// A map while it is read: a repeated key keeps its first place and its last value.
class DictBuilder {
public:
    void set(PythonValue key, PythonValue value) {
        const auto [place, is_new] = places_.try_emplace(key_text(key), dict_.items.size());
        if (is_new) {
            dict_.items.emplace_back(std::move(key), std::move(value));
        } else {
            dict_.items[place->second].second = std::move(value);
        }
    }
    PythonValue::Dict take() && { return std::move(dict_); }

private:
    PythonValue::Dict dict_;
    std::unordered_map<std::string, std::size_t> places_;
};

class Loader {
public:
    Loader(std::string_view text, std::string_view file) : events_(text, file) {}

    Result<PythonValue> load() {
        PythonValue result;
        events_.document([&](const YamlEvent& root) { result = value(root, 0).value; });
        if (auto error = events_.take_error()) {
            return *std::move(error);
        }
        return result;
    }

private:
    void fail(std::string message, const yaml_mark_t& mark) {
        events_.fail(std::move(message), mark);
    }

    Node node(const YamlEvent& event, std::size_t depth) {
        if (depth > max_depth) {
            fail("nested more than 64 levels deep", event->start_mark);
            return {};
        }
        switch (event->type) {
            case YAML_SCALAR_EVENT:
                return anchored(event->data.scalar.anchor, event, &Loader::scalar, depth);
            case YAML_SEQUENCE_START_EVENT:
                return anchored(event->data.sequence_start.anchor, event, &Loader::sequence, depth);
            case YAML_MAPPING_START_EVENT:
                return anchored(event->data.mapping_start.anchor, event, &Loader::mapping, depth);
            case YAML_ALIAS_EVENT:
                return alias(event, depth);
            default:
                fail("expected a value", event->start_mark);
                return {};
        }
    }

    /// A node at a place where `<<` and `=` mean nothing.
    Node value(const YamlEvent& event, std::size_t depth) {
        Node result = node(event, depth);
        if (result.kind == ScalarKind::merge || result.kind == ScalarKind::default_value) {
            fail("this word must be quoted", event->start_mark);
        }
        return result;
    }

    Node anchored(const yaml_char_t* anchor, const YamlEvent& event,
                  Node (Loader::*read)(const YamlEvent&, std::size_t), std::size_t depth) {
        const std::string name(yaml_text(anchor));
        if (!name.empty() && !anchors_.try_emplace(name).second) {
            fail("found duplicate anchor", event->start_mark);
        }
        Node result = (this->*read)(event, depth);
        if (!name.empty()) {
            anchors_[name] = result;
        }
        return result;
    }

    Node alias(const YamlEvent& event, std::size_t depth) {
        const auto found = anchors_.find(std::string(yaml_text(event->data.alias.anchor)));
        if (found == anchors_.end()) {
            fail("found undefined alias", event->start_mark);
            return {};
        }
        if (!found->second) {
            fail("an alias inside of what it stands for", event->start_mark);
            return {};
        }
        const Node& target = *found->second;
        spent_ += target.values;
        if (spent_ > max_values || depth + target.depth > max_depth) {
            fail("anchors and aliases stand for too many values", event->start_mark);
        }
        return target;
    }

    Node scalar(const YamlEvent& event, std::size_t /*depth*/) {
        const auto& data = event->data.scalar;
        const std::string_view text(reinterpret_cast<const char*>(data.value), data.length);
        const std::string_view tag = yaml_text(data.tag);
        Node result;
        if ((tag.empty() && data.plain_implicit) || (tag == "!" && data.plain_implicit)) {
            result.kind = classify_plain_scalar(text);
            result.value = plain(text, result.kind, event->start_mark);
        } else if (tag.empty() || tag == "!" || tag == "tag:yaml.org,2002:str") {
            result.value = PythonValue(text);
        } else {
            const bool known = tag.starts_with(tag_prefix);
            result.value = tagged(known ? tag.substr(tag_prefix.size()) : std::string_view(), text,
                                  event->start_mark);
        }
        return result;
    }

    PythonValue plain(std::string_view text, ScalarKind kind, const yaml_mark_t& mark) {
        if (kind != ScalarKind::timestamp) {
            return PythonValue(resolve_plain_scalar(text));
        }
        const auto time = python_yaml_time(text);
        if (!time) {
            fail("there is no such date or time", mark);
            return {};
        }
        return PythonValue(*time);
    }

    PythonValue tagged(std::string_view name, std::string_view text, const yaml_mark_t& mark) {
        const ScalarKind kind = classify_plain_scalar(text);
        if (name == "null") {
            return {};
        }
        if (name == "binary") {
            std::string letters(text);
            std::erase_if(letters, [](char c) { return c == ' ' || c == '\n'; });
            if (auto data = decode_base64(letters)) {
                return PythonValue(PythonValue::Bytes{std::move(*data)});
            }
        }
        const bool is_number = kind == ScalarKind::integer || kind == ScalarKind::real;
        if ((name == "int" && kind == ScalarKind::integer) ||
            (name == "bool" && kind == ScalarKind::boolean) || (name == "float" && is_number) ||
            (name == "timestamp" && kind == ScalarKind::timestamp)) {
            PythonValue value = plain(text, kind, mark);
            if (name == "float" && value.if_integer()) {
                return PythonValue(Value::Number{value.if_integer()->digits}.as_double());
            }
            return value;
        }
        fail("a tag that plain YAML does not know, or a value that does not fit it", mark);
        return {};
    }

    static void count(Node& parent, const Node& child) {
        parent.values += child.values;
        parent.depth = std::max(parent.depth, child.depth + 1);
    }

    Node sequence(const YamlEvent& start, std::size_t depth) {
        Node result;
        if (!events_.check_tag(start->data.sequence_start.tag, "tag:yaml.org,2002:seq",
                               start->start_mark)) {
            return {};
        }
        PythonValue::List items;
        while (true) {
            YamlEvent event;
            if (!events_.next(event)) {
                return {};
            }
            if (event->type == YAML_SEQUENCE_END_EVENT) {
                break;
            }
            Node item = value(event, depth + 1);
            count(result, item);
            items.push_back(std::move(item.value));
        }
        result.value = PythonValue(std::move(items));
        return result;
    }

    Node mapping(const YamlEvent& start, std::size_t depth) {
        const std::string_view tag = yaml_text(start->data.mapping_start.tag);
        const bool is_set = tag == "tag:yaml.org,2002:set";
        if (!is_set && !events_.check_tag(start->data.mapping_start.tag, "tag:yaml.org,2002:map",
                                          start->start_mark)) {
            return {};
        }
        Node result;
        PythonValue::Dict merged;
        PythonValue::Dict own;
        while (true) {
            YamlEvent key_event;
            if (!events_.next(key_event)) {
                return {};
            }
            if (key_event->type == YAML_MAPPING_END_EVENT) {
                break;
            }
            Node key = node(key_event, depth + 1);
            if (key.value.if_list() || key.value.if_dict() || key.value.if_set()) {
                fail("a key that is no single value", key_event->start_mark);
            }
            YamlEvent value_event;
            if (!events_.next(value_event)) {
                return {};
            }
            Node item = value(value_event, depth + 1);
            count(result, key);
            count(result, item);
            if (key.kind == ScalarKind::merge) {
                merge(merged, item.value, value_event->start_mark);
            } else {
                own.items.emplace_back(std::move(key.value), std::move(item.value));
            }
        }
        result.value = built(merged, own, is_set);
        return result;
    }

    /// As PyYAML does: what is merged comes first, and own fields win.
    static PythonValue built(PythonValue::Dict& merged, PythonValue::Dict& own, bool is_set) {
        DictBuilder builder;
        for (PythonValue::Dict* part : {&merged, &own}) {
            for (auto& [key, value] : part->items) {
                builder.set(std::move(key), std::move(value));
            }
        }
        PythonValue::Dict dict = std::move(builder).take();
        if (!is_set) {
            return PythonValue(std::move(dict));
        }
        PythonValue::Set set;
        for (auto& item : dict.items) {
            set.items.push_back(std::move(item.first));
        }
        return PythonValue(std::move(set));
    }

    void merge(PythonValue::Dict& merged, const PythonValue& value, const yaml_mark_t& mark) {
        const auto add = [&](const PythonValue& part) {
            if (const auto* dict = part.if_dict()) {
                merged.items.insert(merged.items.end(), dict->items.begin(), dict->items.end());
            } else if (const auto* set = part.if_set()) {
                for (const PythonValue& key : set->items) {
                    merged.items.emplace_back(key, PythonValue());
                }
            } else {
                fail("expected a map or a list of maps to merge", mark);
            }
        };
        if (const auto* list = value.if_list()) {
            std::for_each(list->rbegin(), list->rend(), add);  // The first wins.
        } else {
            add(value);
        }
        spent_ += merged.items.size();
        if (spent_ > max_values) {
            fail("anchors and aliases stand for too many values", mark);
        }
    }

    YamlEvents events_;
    /// nullopt while the anchored node is still being read.
    std::map<std::string, std::optional<Node>> anchors_;
    std::size_t spent_ = 0;
};

}  // namespace

Result<PythonValue> load_python_yaml(std::string_view text, std::string_view file) {
    return Loader(text, file).load();
}

}  // namespace patroni::codec
