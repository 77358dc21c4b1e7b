#include "codec/ascii_json.hpp"

#include "base/text.hpp"

#include <string_view>

namespace patroni::codec {
namespace {

class Writer {
public:
    Writer(std::string_view item, std::string_view key) : item_(item), key_(key) {}

    std::string take() && { return std::move(out_); }

    void write(const Value& value) {
        if (const auto* text = value.if_string()) {
            write_text(*text);
        } else if (const auto* flag = value.if_bool()) {
            out_ += *flag ? "true" : "false";
        } else if (const auto* integer = value.if_int()) {
            out_ += std::to_string(*integer);
        } else if (const auto* natural = value.if_uint()) {
            out_ += std::to_string(*natural);
        } else if (const auto* number = value.if_number()) {
            out_ += number->text;
        } else if (const auto* items = value.if_array()) {
            write_array(*items);
        } else if (const auto* fields = value.if_object()) {
            write_object(*fields);
        } else {
            out_ += "null";
        }
    }

private:
    void write_array(const Value::Array& items) {
        out_ += '[';
        for (const Value& item : items) {
            out_ += &item == items.data() ? std::string_view() : item_;
            write(item);
        }
        out_ += ']';
    }

    void write_object(const Value::Object& fields) {
        out_ += '{';
        for (const Value::Field& field : fields) {
            out_ += &field == fields.data() ? std::string_view() : item_;
            write_text(field.first);
            out_ += key_;
            write(field.second);
        }
        out_ += '}';
    }

    void write_text(std::string_view text) {
        out_ += '"';
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t length = utf8_length(text, i);
            if (length > 1) {
                write_code(utf8_decode(text, i, length));
            } else if (length == 0) {
                write_unit(0xDC00U + static_cast<unsigned char>(text[i]));
            } else {
                write_ascii(text[i]);
            }
            i += length == 0 ? 1 : length;
        }
        out_ += '"';
    }

    void write_ascii(char c) {
        constexpr std::string_view named = "\"\\\b\f\n\r\t";
        constexpr std::string_view letters = "\"\\bfnrt";
        if (const std::size_t at = named.find(c); at != std::string_view::npos) {
            out_ += '\\';
            out_ += letters[at];
        } else if (c < ' ' || c == '\x7f') {
            write_unit(static_cast<unsigned char>(c));
        } else {
            out_ += c;
        }
    }

    void write_code(char32_t code) {
        if (code < 0x10000) {
            return write_unit(static_cast<unsigned>(code));
        }
        write_unit(0xD800U + static_cast<unsigned>((code - 0x10000) >> 10));
        write_unit(0xDC00U + static_cast<unsigned>((code - 0x10000) & 0x3FFU));
    }

    void write_unit(unsigned unit) {
        constexpr std::string_view digits = "0123456789abcdef";
        out_ += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4) {
            out_ += digits[(unit >> shift) & 0xFU];
        }
    }

    std::string_view item_;
    std::string_view key_;
    std::string out_;
};

std::string write(const Value& value, std::string_view item, std::string_view key) {
    Writer writer(item, key);
    writer.write(value);
    return std::move(writer).take();
}

}  // namespace

std::string to_python_json(const Value& value) {
    return write(value, ", ", ": ");
}

std::string to_compact_python_json(const Value& value) {
    return write(value, ",", ":");
}

}  // namespace patroni::codec
