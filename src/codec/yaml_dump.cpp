#include "base/text.hpp"
#include "codec/python_float.hpp"
#include "codec/yaml.hpp"
#include "codec/yaml_scalar.hpp"

#include <yaml.h>

#include <cmath>
#include <string>

namespace patroni::codec {
namespace {

constexpr int wide = 1'000'000;  // Practically: no line is folded.

int append(void* target, unsigned char* bytes, std::size_t size) {
    static_cast<std::string*>(target)->append(reinterpret_cast<const char*>(bytes), size);
    return 1;
}

std::string number_text(const Value::Number& number) {
    if (number.text == "-0") {
        return "0";  // An integer in Python, which has no negative zero.
    }
    if (number.text.find_first_not_of("-0123456789") == std::string::npos) {
        return number.text;
    }
    const double value = number.as_double();
    if (std::isnan(value)) {
        return ".nan";
    }
    if (std::isinf(value)) {
        return value < 0 ? "-.inf" : ".inf";
    }
    std::string text = python_repr(value);
    // YAML 1.1 wants a point in front of an exponent.
    if (const std::size_t mark = text.find('e');
        mark != std::string::npos && text.find('.') == std::string::npos) {
        text.insert(mark, ".0");
    }
    return text;
}

std::string valid_utf8(const std::string& text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8_length(text, i);
        out += length == 0 ? "\xEF\xBF\xBD" : std::string_view(text).substr(i, length);
        i += length == 0 ? 1 : length;
    }
    return out;
}

class Dumper {
public:
    explicit Dumper(std::string& out) {
        ready_ = yaml_emitter_initialize(&emitter_) == 1;
        if (ready_) {
            yaml_emitter_set_output(&emitter_, &append, &out);
            yaml_emitter_set_unicode(&emitter_, 1);
            yaml_emitter_set_width(&emitter_, wide);
        }
    }
    Dumper(const Dumper&) = delete;
    Dumper& operator=(const Dumper&) = delete;
    ~Dumper() {
        if (ready_) {
            yaml_emitter_delete(&emitter_);
        }
    }

    void dump(const Value& value) {
        yaml_event_t event;
        emit(event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
        emit(event, yaml_document_start_event_initialize(&event, nullptr, nullptr, nullptr, 1));
        write(value);
        emit(event, yaml_document_end_event_initialize(&event, 1));
        emit(event, yaml_stream_end_event_initialize(&event));
    }

private:
    /// Hands a freshly made event to libyaml, which destroys it. After a failure nothing is done.
    void emit(yaml_event_t& event, int initialized) {
        if (initialized != 1) {
            ready_ok_ = false;
        } else if (!ready_ || !ready_ok_) {
            yaml_event_delete(&event);
        } else {
            ready_ok_ = yaml_emitter_emit(&emitter_, &event) == 1;
        }
    }

    void write(const Value& value) {
        yaml_event_t event;
        if (const auto* object = value.if_object()) {
            emit(event, yaml_mapping_start_event_initialize(&event, nullptr, nullptr, 1,
                                                            YAML_BLOCK_MAPPING_STYLE));
            for (const auto& [key, item] : *object) {
                write_text(key);
                write(item);
            }
            emit(event, yaml_mapping_end_event_initialize(&event));
        } else if (const auto* array = value.if_array()) {
            emit(event, yaml_sequence_start_event_initialize(&event, nullptr, nullptr, 1,
                                                             YAML_BLOCK_SEQUENCE_STYLE));
            for (const Value& item : *array) {
                write(item);
            }
            emit(event, yaml_sequence_end_event_initialize(&event));
        } else if (const auto* text = value.if_string()) {
            write_text(*text);
        } else {
            write_scalar(plain_text(value), true);
        }
    }

    static std::string plain_text(const Value& value) {
        if (const auto* boolean = value.if_bool()) {
            return *boolean ? "true" : "false";
        }
        if (const auto* integer = value.if_int()) {
            return std::to_string(*integer);
        }
        if (const auto* natural = value.if_uint()) {
            return std::to_string(*natural);
        }
        if (const auto* number = value.if_number()) {
            return number_text(*number);
        }
        return "null";
    }

    void write_text(const std::string& original) {
        // libyaml refuses what is no UTF-8, and the rest of the document with it.
        const std::string text = valid_utf8(original);
        write_scalar(text, classify_plain_scalar(text) == ScalarKind::text);
    }

    void write_scalar(const std::string& text, bool plain) {
        yaml_event_t event;
        // libyaml does not change the text, but its C interface has no const.
        auto* bytes = reinterpret_cast<yaml_char_t*>(const_cast<char*>(text.data()));
        emit(event, yaml_scalar_event_initialize(&event, nullptr, nullptr, bytes,
                                                 static_cast<int>(text.size()), plain ? 1 : 0, 1,
                                                 YAML_ANY_SCALAR_STYLE));
    }

    yaml_emitter_t emitter_{};
    bool ready_ = false;
    bool ready_ok_ = true;
};

}  // namespace

std::string to_yaml(const Value& value) {
    std::string out;
    Dumper(out).dump(value);
    return out;
}

}  // namespace patroni::codec
