#include "codec/python_json.hpp"

#include "base/text.hpp"
#include "codec/python_float.hpp"

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace patroni::codec {
namespace {

class Writer {
public:
    explicit Writer(bool compact) : comma_(compact ? "," : ", "), colon_(compact ? ":" : ": ") {}

    Result<std::string> take() && {
        if (unsupported_.empty()) {
            return std::move(out_);
        }
        Error error;
        error.kind = ErrorKind::unsupported;
        error.message = unsupported_;
        return error;
    }

    void write(const PythonValue& value) {
        if (const auto* text = value.if_text()) {
            write_text(*text);
        } else if (const auto* dict = value.if_dict()) {
            write_dict(*dict);
        } else if (const auto* list = value.if_list()) {
            out_ += '[';
            std::string_view separator;
            for (const PythonValue& item : *list) {
                out_ += std::exchange(separator, comma_);
                write(item);
            }
            out_ += ']';
        } else if (auto word = scalar_word(value)) {
            out_ += *word;
        } else {
            refuse(value, "a value");
        }
    }

private:
    static std::optional<std::string> scalar_word(const PythonValue& value) {
        if (value.is_none()) {
            return "null";
        }
        if (const auto* boolean = value.if_bool()) {
            return *boolean ? "true" : "false";
        }
        if (const auto* integer = value.if_integer()) {
            return integer->digits;
        }
        if (const auto* real = value.if_real()) {
            if (std::isnan(*real)) {
                return "NaN";
            }
            if (std::isinf(*real)) {
                return *real < 0 ? "-Infinity" : "Infinity";
            }
            return python_repr(*real);
        }
        return std::nullopt;
    }

    void write_dict(const PythonValue::Dict& dict) {
        out_ += '{';
        std::string_view separator;
        for (const auto& [key, item] : dict.items) {
            out_ += std::exchange(separator, comma_);
            if (const auto* text = key.if_text()) {
                write_text(*text);
            } else if (auto word = scalar_word(key)) {
                write_text(*word);
            } else {
                refuse(key, "a key");
            }
            out_ += colon_;
            write(item);
        }
        out_ += '}';
    }

    void refuse(const PythonValue& value, std::string_view what) {
        if (unsupported_.empty()) {
            unsupported_ = "JSON cannot hold " + std::string(what) + " such as " +
                           escape_untrusted(python_repr(value), 80);
        }
    }

    void write_unit(char32_t unit) {
        constexpr std::string_view hex = "0123456789abcdef";
        out_ += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4) {
            out_ += hex[(unit >> shift) & 0xF];
        }
    }

    void write_text(std::string_view text) {
        constexpr std::string_view named = "\"\\\b\f\n\r\t";
        constexpr std::string_view letters = "\"\\bfnrt";
        out_ += '"';
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t length = utf8_length(text, i);
            const char32_t code = length == 0 ? 0xDC00U + static_cast<unsigned char>(text[i])
                                              : utf8_decode(text, i, length);
            if (const std::size_t at = named.find(text[i]);
                length == 1 && at != std::string_view::npos) {
                out_ += '\\';
                out_ += letters[at];
            } else if (code >= 0x20 && code < 0x7F) {
                out_ += text[i];
            } else if (code < 0x10000) {
                write_unit(code);
            } else {
                write_unit(0xD800U + ((code - 0x10000U) >> 10));
                write_unit(0xDC00U + ((code - 0x10000U) & 0x3FFU));
            }
            i += length == 0 ? 1 : length;
        }
        out_ += '"';
    }

    std::string out_;
    std::string unsupported_;
    std::string_view comma_;
    std::string_view colon_;
};

}  // namespace

Result<std::string> dump_python_json(const PythonValue& value, bool compact) {
    Writer writer(compact);
    writer.write(value);
    return std::move(writer).take();
}

}  // namespace patroni::codec
