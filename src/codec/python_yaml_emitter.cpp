#include "codec/python_yaml_emitter.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>

namespace patroni::codec {
namespace {

constexpr std::size_t indent_step = 2;

bool is_break(char32_t c) {
    return c == U'\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/// Whether a character stands for itself between double quotes. Beyond the basic plane none does.
bool is_clear(char32_t c) {
    const bool is_printable =
        (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD);
    return is_printable && c != U'"' && c != U'\\' && c != 0x2028 && c != 0x2029 && c != 0xFEFF;
}

}  // namespace

void PythonYamlEmitter::push_indent(bool flow, bool indentless) {
    levels_.push_back({has_indent_, indent_});
    if (!has_indent_) {
        has_indent_ = true;
        indent_ = flow ? indent_step : 0;
    } else if (!indentless) {
        indent_ += indent_step;
    }
}

void PythonYamlEmitter::pop_indent() {
    has_indent_ = levels_.back().has_indent;
    indent_ = levels_.back().indent;
    levels_.pop_back();
}

void PythonYamlEmitter::write_indicator(std::string_view indicator, bool need_whitespace,
                                        bool whitespace, bool indention) {
    if (!whitespace_ && need_whitespace) {
        write_ascii(" ");
    }
    write_ascii(indicator);
    whitespace_ = whitespace;
    indention_ = indention_ && indention;
}

void PythonYamlEmitter::write_indent() {
    const std::size_t indent = has_indent_ ? indent_ : 0;
    if (!indention_ || column_ > indent || (column_ == indent && !whitespace_)) {
        write_line_break();
    }
    if (column_ < indent) {
        whitespace_ = true;
        out_.append(indent - column_, ' ');
        column_ = indent;
    }
}

void PythonYamlEmitter::write_scalar(const std::u32string& text, YamlScalarStyle style,
                                     bool split) {
    push_indent(true);
    switch (style) {
        case YamlScalarStyle::plain:
            write_plain(text, split);
            break;
        case YamlScalarStyle::single_quoted:
            write_single_quoted(text, split);
            break;
        case YamlScalarStyle::double_quoted:
            write_double_quoted(text, split);
            break;
        case YamlScalarStyle::literal:
            write_literal(text);
            break;
    }
    pop_indent();
}

void PythonYamlEmitter::end_document(bool root_is_plain) {
    write_indent();
    if (root_is_plain) {
        write_indicator("...", true);
        write_indent();
    }
}

void PythonYamlEmitter::write_plain(const std::u32string& text, bool split) {
    if (text.empty()) {
        return;
    }
    if (!whitespace_) {
        write_ascii(" ");
    }
    whitespace_ = false;
    indention_ = false;
    // A plain text has no line breaks: what remains is a single blank where the line is full.
    std::size_t start = 0;
    for (std::size_t end = 0; end < text.size(); ++end) {
        const bool single = text[end] == U' ' && text[end - 1] != U' ' && text[end + 1] != U' ';
        if (!single || !split) {
            continue;
        }
        write_text(text, start, end);
        start = end;
        if (is_beyond_width()) {
            write_indent();
            whitespace_ = false;
            indention_ = false;
            start = end + 1;
        }
    }
    write_text(text, start, text.size());
}

void PythonYamlEmitter::write_single_quoted(const std::u32string& text, bool split) {
    write_indicator("'", true);
    std::size_t end = 0;
    while (end < text.size()) {
        const std::size_t start = end;
        if (text[start] == U' ') {
            while (end < text.size() && text[end] == U' ') {
                ++end;
            }
            const bool single = end == start + 1;
            if (single && is_beyond_width() && split && start != 0 && end != text.size()) {
                write_indent();
            } else {
                write_text(text, start, end);
            }
        } else if (is_break(text[start])) {
            while (end < text.size() && is_break(text[end])) {
                ++end;
            }
            write_breaks(text, start, end, true);
            write_indent();
        } else if (text[start] == U'\'') {
            write_ascii("''");
            ++end;
        } else {
            while (end < text.size() && text[end] != U' ' && text[end] != U'\'' &&
                   !is_break(text[end])) {
                ++end;
            }
            write_text(text, start, end);
        }
    }
    write_indicator("'", false);
}

void PythonYamlEmitter::write_double_quoted(const std::u32string& text, bool split) {
    write_indicator("\"", true);
    std::size_t start = 0;
    for (std::size_t end = 0; end <= text.size(); ++end) {
        const bool at_end = end == text.size();
        const char32_t c = at_end ? 0 : text[end];
        if (at_end || !is_clear(c)) {
            if (start < end) {
                write_text(text, start, end);
                start = end;
            }
            if (!at_end) {
                write_escape(c);
                start = end + 1;
            }
        }
        const bool may_fold = end > 0 && end + 1 < text.size() && (c == U' ' || start >= end);
        // Python subtracts without regard to which one is greater.
        if (may_fold && split && column_ + end > width_ + start) {
            if (start < end) {
                write_text(text, start, end);
                start = end;
            }
            write_ascii("\\");
            write_indent();
            whitespace_ = false;
            indention_ = false;
            if (text[start] == U' ') {
                write_ascii("\\");
            }
        }
    }
    write_indicator("\"", false);
}

void PythonYamlEmitter::write_literal(const std::u32string& text) {
    // Only base64 is written so: it ends with one line break and has no blank.
    write_indicator("|", true);
    write_line_break();
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t end = std::min(text.find(U'\n', start), text.size());
        write_indent();
        write_text(text, start, end);
        write_line_break();
        start = end + 1;
    }
}

void PythonYamlEmitter::write_line_break(char32_t line_break) {
    whitespace_ = true;
    indention_ = true;
    column_ = 0;
    append_utf8(out_, line_break);
}

void PythonYamlEmitter::write_breaks(const std::u32string& text, std::size_t begin, std::size_t end,
                                     bool fold) {
    if (fold && text[begin] == U'\n') {
        write_line_break();
    }
    for (std::size_t i = begin; i < end; ++i) {
        write_line_break(text[i]);
    }
}

void PythonYamlEmitter::write_text(const std::u32string& text, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
        append_utf8(out_, text[i]);
    }
    column_ += end - begin;
}

void PythonYamlEmitter::write_escape(char32_t c) {
    struct Name {
        char32_t code;
        char letter;
    };
    static constexpr std::array<Name, 15> names{{{0, '0'},
                                                 {7, 'a'},
                                                 {8, 'b'},
                                                 {9, 't'},
                                                 {10, 'n'},
                                                 {11, 'v'},
                                                 {12, 'f'},
                                                 {13, 'r'},
                                                 {0x1B, 'e'},
                                                 {'"', '"'},
                                                 {'\\', '\\'},
                                                 {0x85, 'N'},
                                                 {0xA0, '_'},
                                                 {0x2028, 'L'},
                                                 {0x2029, 'P'}}};
    for (const Name& name : names) {
        if (name.code == c) {
            write_ascii(std::string("\\") + name.letter);
            return;
        }
    }
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string escape = c <= 0xFF ? "\\x" : c <= 0xFFFF ? "\\u" : "\\U";
    for (std::size_t digits = c <= 0xFF ? 2 : c <= 0xFFFF ? 4 : 8; digits-- > 0;) {
        escape += hex[(c >> (4 * digits)) & 0xF];
    }
    write_ascii(escape);
}

void PythonYamlEmitter::write_ascii(std::string_view text) {
    out_ += text;
    column_ += text.size();
}

}  // namespace patroni::codec
