#include "base/text.hpp"
#include "codec/json.hpp"

#include <cstddef>

namespace patroni::codec {
namespace {

class Writer {
public:
    explicit Writer(bool pretty) : pretty_(pretty) {}

    std::string take() && { return std::move(out_); }

    void write(const Value& value, std::size_t depth) {
        if (const auto* text = value.if_string()) {
            write_string(*text);
        } else if (const auto* object = value.if_object()) {
            write_object(*object, depth);
        } else if (const auto* array = value.if_array()) {
            write_array(*array, depth);
        } else if (const auto* integer = value.if_int()) {
            out_ += std::to_string(*integer);
        } else if (const auto* natural = value.if_uint()) {
            out_ += std::to_string(*natural);
        } else if (const auto* number = value.if_number()) {
            out_ += number->text;
        } else if (const auto* boolean = value.if_bool()) {
            out_ += *boolean ? "true" : "false";
        } else {
            out_ += "null";
        }
    }

private:
    void write_object(const Value::Object& object, std::size_t depth) {
        out_ += '{';
        for (std::size_t i = 0; i < object.size(); ++i) {
            out_ += i == 0 ? "" : ",";
            break_line(depth + 1);
            write_string(object[i].first);
            out_ += pretty_ ? ": " : ":";
            write(object[i].second, depth + 1);
        }
        if (!object.empty()) {
            break_line(depth);
        }
        out_ += '}';
    }

    void write_array(const Value::Array& array, std::size_t depth) {
        out_ += '[';
        for (std::size_t i = 0; i < array.size(); ++i) {
            out_ += i == 0 ? "" : ",";
            break_line(depth + 1);
            write(array[i], depth + 1);
        }
        if (!array.empty()) {
            break_line(depth);
        }
        out_ += ']';
    }

    void write_string(std::string_view text) {
        out_ += '"';
        std::size_t clean = 0;  // Start of what can be copied as it is.
        for (std::size_t i = 0; i < text.size();) {
            const char c = text[i];
            const std::size_t length = utf8_length(text, i);
            const bool special =
                length == 0 || c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
            if (special) {
                out_ += text.substr(clean, i - clean);
                write_special(c, length != 0);
                clean = i + 1;
            }
            i += special ? 1 : length;
        }
        out_ += text.substr(clean);
        out_ += '"';
    }

    void write_special(char c, bool valid) {
        constexpr std::string_view hex = "0123456789abcdef";
        constexpr std::string_view named = "\"\\\b\f\n\r\t";
        constexpr std::string_view letters = "\"\\bfnrt";
        if (!valid) {
            out_ += "\\ufffd";  // A byte that is no UTF-8 would make the document invalid.
        } else if (const std::size_t at = named.find(c); at != std::string_view::npos) {
            out_ += '\\';
            out_ += letters[at];
        } else {
            const auto code = static_cast<unsigned char>(c);
            out_ += "\\u00";
            out_ += hex[code >> 4];
            out_ += hex[code & 0xF];
        }
    }

    void break_line(std::size_t depth) {
        if (pretty_) {
            out_ += '\n';
            out_.append(2 * depth, ' ');
        }
    }

    std::string out_;
    bool pretty_;
};

std::string write(const Value& value, bool pretty) {
    Writer writer(pretty);
    writer.write(value, 0);
    return std::move(writer).take();
}

}  // namespace

std::string to_json(const Value& value) {
    return write(value, false);
}

std::string to_pretty_json(const Value& value) {
    return write(value, true);
}

}  // namespace patroni::codec
