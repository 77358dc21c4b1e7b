#include "base/utf8.hpp"
#include "codec/python_yaml_emitter.hpp"

namespace patroni::codec {
namespace {

bool is_break(char32_t c) {
    return c == U'\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool is_blank_or_break(char32_t c) {
    return c == 0 || c == U' ' || c == U'\t' || c == U'\r' || is_break(c);
}

bool is_one_of(char32_t c, std::u32string_view set) {
    return set.find(c) != std::u32string_view::npos;
}

bool is_special(char32_t c) {
    if (c == U'\n' || (c >= 0x20 && c <= 0x7E)) {
        return false;
    }
    const bool is_printable = c == 0x85 || (c >= 0xA0 && c <= 0xD7FF) ||
                              (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c < 0x10FFFF);
    return !is_printable || c == 0xFEFF;
}

/// What the characters of a text are to YAML's grammar.
struct Marks {
    bool block_indicators = false;
    bool flow_indicators = false;
    bool line_breaks = false;
    bool special = false;
    bool blank_end = false;  ///< A blank or line break at either end.
    bool trailing_space = false;
    bool break_space = false;  ///< A blank behind a line break.
    bool space_break = false;
};

void mark_indicators(Marks& marks, std::u32string_view text, std::size_t i) {
    const char32_t c = text[i];
    const bool blank_follows = i + 1 >= text.size() || is_blank_or_break(text[i + 1]);
    const bool follows_blank = i == 0 || is_blank_or_break(text[i - 1]);
    bool flow = false;
    bool block = false;
    if (i == 0) {
        flow = block = is_one_of(c, U"#,[]{}&*!|>'\"%@`") || (c == U'-' && blank_follows);
        if (c == U'?' || c == U':') {
            flow = true;
            block = blank_follows;
        }
    } else {
        flow = is_one_of(c, U",?[]{}:");
        block = c == U':' && blank_follows;
        if (c == U'#' && follows_blank) {
            flow = block = true;
        }
    }
    marks.flow_indicators = marks.flow_indicators || flow;
    marks.block_indicators = marks.block_indicators || block;
}

Marks marks_of(std::u32string_view text) {
    Marks marks;
    if (text.starts_with(U"---") || text.starts_with(U"...")) {
        marks.block_indicators = marks.flow_indicators = true;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char32_t c = text[i];
        mark_indicators(marks, text, i);
        marks.line_breaks = marks.line_breaks || is_break(c);
        marks.special = marks.special || is_special(c);
        const bool at_end = i == 0 || i + 1 == text.size();
        if (c == U' ') {
            marks.blank_end = marks.blank_end || at_end;
            marks.trailing_space = i + 1 == text.size();
            marks.break_space = marks.break_space || (i > 0 && is_break(text[i - 1]));
        } else if (is_break(c)) {
            marks.blank_end = marks.blank_end || at_end;
            marks.space_break = marks.space_break || (i > 0 && text[i - 1] == U' ');
        }
    }
    return marks;
}

}  // namespace

YamlScalarAnalysis analyze_yaml_scalar(std::string_view text) {
    YamlScalarAnalysis result;
    result.text = decode_utf8(text);
    if (result.text.empty()) {
        result.allow_flow_plain = result.allow_block = false;
        return result;
    }
    const Marks marks = marks_of(result.text);
    const bool no_plain = marks.blank_end || marks.break_space || marks.space_break ||
                          marks.special || marks.line_breaks;
    result.multiline = marks.line_breaks;
    result.allow_flow_plain = !no_plain && !marks.flow_indicators;
    result.allow_block_plain = !no_plain && !marks.block_indicators;
    result.allow_single_quoted = !marks.break_space && !marks.space_break && !marks.special;
    result.allow_block = !marks.trailing_space && !marks.space_break && !marks.special;
    return result;
}

}  // namespace patroni::codec
