#include "base/base64.hpp"
#include "base/text.hpp"
#include "codec/python_float.hpp"
#include "codec/python_yaml.hpp"
#include "codec/python_yaml_emitter.hpp"
#include "codec/yaml_scalar.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace patroni::codec {
namespace {

using Other = PythonValue::Other;

// Order of keys

enum class KeyClass { number, text, bytes, date, timestamp, timestamp_with_zone, none, other };

KeyClass class_of(const PythonValue& key) {
    if (key.if_bool() || key.if_integer() || key.if_real()) {
        return KeyClass::number;
    }
    if (key.if_text()) {
        return KeyClass::text;
    }
    if (key.if_bytes()) {
        return KeyClass::bytes;
    }
    if (const Other* other = key.if_other()) {
        return other->kind == Other::Kind::date        ? KeyClass::date
               : other->kind == Other::Kind::timestamp ? KeyClass::timestamp
                                                       : KeyClass::other;
    }
    return key.is_none() ? KeyClass::none : KeyClass::other;
}

double number_of(const PythonValue& key) {
    if (const auto* boolean = key.if_bool()) {
        return *boolean ? 1 : 0;
    }
    if (const auto* integer = key.if_integer()) {
        return Value::Number{integer->digits}.as_double();
    }
    return key.if_real() ? *key.if_real() : 0;
}

bool less_integer(const std::string& left, const std::string& right) {
    const bool negative = left.starts_with('-');
    if (negative != right.starts_with('-')) {
        return negative;
    }
    const bool less = left.size() != right.size() ? left.size() < right.size() : left < right;
    return negative ? left != right && !less : less;
}

bool less(const PythonValue& left, const PythonValue& right) {
    if (left.if_integer() && right.if_integer()) {
        return less_integer(left.if_integer()->digits, right.if_integer()->digits);
    }
    switch (class_of(left)) {
        case KeyClass::number:
            return number_of(left) < number_of(right);
        case KeyClass::text:
            return *left.if_text() < *right.if_text();  // UTF-8 sorts as code points do.
        case KeyClass::bytes:
            return left.if_bytes()->data < right.if_bytes()->data;
        default:
            return left.if_other() && right.if_other() &&
                   left.if_other()->str < right.if_other()->str;
    }
}

/// A map's items in the order in which they are written.
std::vector<PythonValue::Item> ordered(PythonValue::Dict dict, bool sort) {
    const auto same_class = [&](const PythonValue::Item& item) {
        const KeyClass first = class_of(dict.items.front().first);
        return class_of(item.first) == first && first != KeyClass::other;
    };
    if (sort && std::all_of(dict.items.begin(), dict.items.end(), same_class)) {
        std::stable_sort(
            dict.items.begin(), dict.items.end(),
            [](const auto& left, const auto& right) { return less(left.first, right.first); });
    }
    return std::move(dict.items);
}

std::vector<PythonValue::Item> members(const PythonValue::Set& set, bool sort) {
    PythonValue::Dict dict;
    for (const PythonValue& item : set.items) {
        dict.items.emplace_back(item, PythonValue());
    }
    return ordered(std::move(dict), sort);
}

// Scalars

struct Scalar {
    std::string text;
    std::string_view tag;
    ScalarKind kind = ScalarKind::text;  ///< What `text` must read as to stand without a tag.
    bool is_binary = false;
};

std::string real_text(double real) {
    if (std::isnan(real)) {
        return ".nan";
    }
    if (std::isinf(real)) {
        return real < 0 ? "-.inf" : ".inf";
    }
    std::string text = python_repr(real);
    // YAML 1.1 wants a point in front of an exponent.
    if (const std::size_t mark = text.find('e');
        mark != std::string::npos && text.find('.') == std::string::npos) {
        text.insert(mark, ".0");
    }
    return text;
}

std::string base64_lines(const std::string& data) {
    constexpr std::size_t line = 76;
    const std::string letters = encode_base64(data);
    std::string out;
    for (std::size_t i = 0; i < letters.size(); i += line) {
        out += letters.substr(i, line) + '\n';
    }
    return out;
}

std::optional<Scalar> scalar_of(const PythonValue& value) {
    if (value.is_none()) {
        return Scalar{"null", "!!null", ScalarKind::null};
    }
    if (const auto* boolean = value.if_bool()) {
        return Scalar{*boolean ? "true" : "false", "!!bool", ScalarKind::boolean};
    }
    if (const auto* integer = value.if_integer()) {
        return Scalar{integer->digits, "!!int", ScalarKind::integer};
    }
    if (const auto* real = value.if_real()) {
        return Scalar{real_text(*real), "!!float", ScalarKind::real};
    }
    if (const auto* text = value.if_text()) {
        return Scalar{*text, "!!str", ScalarKind::text};
    }
    if (const auto* bytes = value.if_bytes()) {
        return Scalar{base64_lines(bytes->data), "!!binary", ScalarKind::text, true};
    }
    const Other* other = value.if_other();
    if (other && (other->kind == Other::Kind::date || other->kind == Other::Kind::timestamp ||
                  other->kind == Other::Kind::timestamp_with_zone)) {
        return Scalar{other->str, "!!timestamp", ScalarKind::timestamp};
    }
    return std::nullopt;
}

/// Where a node stands.
enum class Place { root, sequence, mapping, simple_key };

class Dumper {
public:
    explicit Dumper(const PythonYamlStyle& style) : style_(style), pen_(style.width) {}

    Result<std::string> dump(const PythonValue& value) && {
        number_anchors(value);
        write(value, Place::root);
        pen_.end_document(root_is_plain_);
        if (!unsupported_.empty()) {
            Error error;
            error.kind = ErrorKind::unsupported;
            error.message = unsupported_;
            return error;
        }
        return std::move(pen_).take();
    }

private:
    /// Numbers what stands at several places, in the order of the second ones.
    void number_anchors(const PythonValue& value) {
        const void* identity = value.identity();
        if (identity) {
            const auto [place, is_new] = anchors_.try_emplace(identity);
            if (!is_new) {
                if (place->second.name.empty()) {
                    const std::string number = std::to_string(++last_anchor_);
                    const std::size_t zeros = number.size() < 3 ? 3 - number.size() : 0;
                    place->second.name = "id" + std::string(zeros, '0') + number;
                }
                return;
            }
        }
        if (const auto* list = value.if_list()) {
            for (const PythonValue& item : *list) {
                number_anchors(item);
            }
        }
        for (const auto& [key, item] : items_of(value)) {
            number_anchors(key);
            number_anchors(item);
        }
    }

    /// Of a map or a set, in the order of writing.
    std::vector<PythonValue::Item> items_of(const PythonValue& value) const {
        if (const auto* dict = value.if_dict()) {
            return ordered(*dict, style_.sort_keys);
        }
        return value.if_set() ? members(*value.if_set(), style_.sort_keys)
                              : std::vector<PythonValue::Item>();
    }

    /// Writes the anchor of a value, or the alias that stands for it: then true.
    bool write_anchor(const PythonValue& value) {
        const auto anchor = anchors_.find(value.identity());
        if (!value.identity() || anchor == anchors_.end() || anchor->second.name.empty()) {
            return false;
        }
        const bool again = std::exchange(anchor->second.is_written, true);
        pen_.write_indicator((again ? '*' : '&') + anchor->second.name, true);
        return again;
    }

    void write(const PythonValue& value, Place place) {
        if (write_anchor(value)) {
            return;
        }
        if (const auto scalar = scalar_of(value)) {
            write_scalar(*scalar, place);
        } else if (const auto* list = value.if_list()) {
            if (flow_ > 0 || style_.flow || list->empty()) {
                write_flow_list(*list);
            } else {
                write_block_list(*list, place);
            }
        } else if (value.if_dict() || value.if_set()) {
            if (value.if_set()) {
                pen_.write_indicator("!!set", true);
            }
            const auto items = items_of(value);
            if (flow_ > 0 || style_.flow || items.empty()) {
                write_flow_map(items);
            } else {
                write_block_map(items);
            }
        } else if (unsupported_.empty()) {
            unsupported_ =
                "YAML cannot hold a value such as " + escape_untrusted(python_repr(value), 80);
        }
    }

    YamlScalarStyle style_of(const Scalar& scalar, const YamlScalarAnalysis& analysis,
                             Place place) const {
        const bool is_key = place == Place::simple_key;
        const bool is_broken = analysis.text.empty() || analysis.multiline;
        const bool allow_plain = flow_ > 0 ? analysis.allow_flow_plain : analysis.allow_block_plain;
        if (scalar.is_binary) {
            return flow_ == 0 && !is_key && analysis.allow_block ? YamlScalarStyle::literal
                                                                 : YamlScalarStyle::double_quoted;
        }
        if (classify_plain_scalar(scalar.text) == scalar.kind && !(is_key && is_broken) &&
            allow_plain) {
            return YamlScalarStyle::plain;
        }
        return analysis.allow_single_quoted && !(is_key && analysis.multiline)
                   ? YamlScalarStyle::single_quoted
                   : YamlScalarStyle::double_quoted;
    }

    void write_scalar(const Scalar& scalar, Place place) {
        const YamlScalarAnalysis analysis = analyze_yaml_scalar(scalar.text);
        const YamlScalarStyle style = style_of(scalar, analysis, place);
        const bool is_text = scalar.kind == ScalarKind::text && !scalar.is_binary;
        if (style != YamlScalarStyle::plain && !is_text) {
            pen_.write_indicator(scalar.tag, true);
        }
        root_is_plain_ = place == Place::root && style == YamlScalarStyle::plain;
        pen_.write_scalar(analysis.text, style, place != Place::simple_key);
    }

    void write_flow_list(const PythonValue::List& list) {
        begin_flow("[");
        for (std::size_t i = 0; i < list.size(); ++i) {
            separate_flow(i == 0);
            write(list[i], Place::sequence);
        }
        end_flow("]");
    }

    void write_flow_map(const std::vector<PythonValue::Item>& items) {
        begin_flow("{");
        bool first = true;
        for (const auto& [key, value] : items) {
            separate_flow(std::exchange(first, false));
            if (is_simple_key(key)) {
                write(key, Place::simple_key);
                pen_.write_indicator(":", false);
            } else {
                pen_.write_indicator("?", true);
                write(key, Place::mapping);
                if (pen_.is_beyond_width()) {
                    pen_.write_indent();
                }
                pen_.write_indicator(":", true);
            }
            write(value, Place::mapping);
        }
        end_flow("}");
    }

    void begin_flow(std::string_view bracket) {
        pen_.write_indicator(bracket, true, true);
        ++flow_;
        pen_.push_indent(true);
    }
    void separate_flow(bool first) {
        if (!first) {
            pen_.write_indicator(",", false);
        }
        if (pen_.is_beyond_width()) {
            pen_.write_indent();
        }
    }
    void end_flow(std::string_view bracket) {
        pen_.pop_indent();
        --flow_;
        pen_.write_indicator(bracket, false);
    }

    void write_block_list(const PythonValue::List& list, Place place) {
        pen_.push_indent(false, place == Place::mapping && !pen_.is_at_indention());
        for (const PythonValue& item : list) {
            pen_.write_indent();
            pen_.write_indicator("-", true, false, true);
            write(item, Place::sequence);
        }
        pen_.pop_indent();
    }

    void write_block_map(const std::vector<PythonValue::Item>& items) {
        pen_.push_indent(false);
        for (const auto& [key, value] : items) {
            pen_.write_indent();
            if (is_simple_key(key)) {
                write(key, Place::simple_key);
                pen_.write_indicator(":", false);
            } else {
                pen_.write_indicator("?", true, false, true);
                write(key, Place::mapping);
                pen_.write_indent();
                pen_.write_indicator(":", true, false, true);
            }
            write(value, Place::mapping);
        }
        pen_.pop_indent();
    }

    /// Short, on one line and not empty. PyYAML counts the anchor and the tag, even where it does
    /// not write them.
    bool is_simple_key(const PythonValue& key) const {
        constexpr std::size_t limit = 128;
        const auto anchor = anchors_.find(key.identity());
        const bool is_anchored = key.identity() && anchor != anchors_.end();
        const std::size_t anchor_size = is_anchored ? anchor->second.name.size() : 0;
        if (is_anchored && anchor->second.is_written && anchor_size > 0) {
            return true;
        }
        const auto scalar = scalar_of(key);
        if (!scalar) {
            return false;
        }
        const YamlScalarAnalysis analysis = analyze_yaml_scalar(scalar->text);
        return anchor_size + scalar->tag.size() + analysis.text.size() < limit &&
               !analysis.text.empty() && !analysis.multiline;
    }

    struct Anchor {
        std::string name;  ///< Empty: the value stands at one place.
        bool is_written = false;
    };

    PythonYamlStyle style_;
    PythonYamlEmitter pen_;
    std::map<const void*, Anchor> anchors_;
    std::size_t last_anchor_ = 0;
    std::size_t flow_ = 0;
    bool root_is_plain_ = false;
    std::string unsupported_;
};

}  // namespace

Result<std::string> dump_python_yaml(const PythonValue& value, const PythonYamlStyle& style) {
    return Dumper(style).dump(value);
}

}  // namespace patroni::codec
