#include "base/text.hpp"
#include "codec/json.hpp"

#include <algorithm>
#include <cstddef>

namespace patroni::codec {
namespace {

enum class Form { compact, ascii, pretty };

class Writer {
public:
    explicit Writer(Form form) : form_(form) {}

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
            out_ += form_ == Form::pretty ? ": " : ":";
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
            const bool foreign = form_ == Form::ascii && (length > 1 || c == '\x7f');
            if (special || foreign) {
                out_ += text.substr(clean, i - clean);
                if (special) {
                    write_special(c, length != 0);
                } else {
                    write_code_point(utf8_decode(text, i, length));
                }
                clean = i + std::max<std::size_t>(length, 1);
            }
            i += std::max<std::size_t>(length, 1);
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

    void write_code_point(char32_t point) {
        if (point < 0x10000) {
            return write_unit(point);
        }
        write_unit(0xD800 + ((point - 0x10000) >> 10));
        write_unit(0xDC00 + ((point - 0x10000) & 0x3FF));
    }

    void write_unit(char32_t unit) {
        constexpr std::string_view hex = "0123456789abcdef";
        out_ += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4) {
            out_ += hex[(unit >> shift) & 0xF];
        }
    }

    void break_line(std::size_t depth) {
        if (form_ == Form::pretty) {
            out_ += '\n';
            out_.append(2 * depth, ' ');
        }
    }

    std::string out_;
    Form form_;
};

std::string write(const Value& value, Form form) {
    Writer writer(form);
    writer.write(value, 0);
    return std::move(writer).take();
}

}  // namespace

std::string to_json(const Value& value) {
    return write(value, Form::compact);
}

std::string to_ascii_json(const Value& value) {
    return write(value, Form::ascii);
}

std::string to_pretty_json(const Value& value) {
    return write(value, Form::pretty);
}

}  // namespace patroni::codec
