#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::codec {

/// What a text allows, as PyYAML's emitter judges it.
struct YamlScalarAnalysis {
    std::u32string text;
    bool multiline = false;
    bool allow_flow_plain = true;
    bool allow_block_plain = true;
    bool allow_single_quoted = true;
    bool allow_block = true;
};
YamlScalarAnalysis analyze_yaml_scalar(std::string_view text);

enum class YamlScalarStyle { plain, single_quoted, double_quoted, literal };

/// The pen of PyYAML's emitter: where it stands, and how texts are written there. Columns are code
/// points.
class PythonYamlEmitter {
public:
    explicit PythonYamlEmitter(std::size_t width) : width_(width) {}

    std::string take() && { return std::move(out_); }

    /// A level deeper until `pop_indent`.
    void push_indent(bool flow, bool indentless = false);
    void pop_indent();
    bool is_beyond_width() const noexcept { return column_ > width_; }
    /// Whether only indentation and indicators such as `-` stand on the line.
    bool is_at_indention() const noexcept { return indention_; }

    void write_indicator(std::string_view indicator, bool need_whitespace, bool whitespace = false,
                         bool indention = false);
    /// Goes to the indentation, on a new line where that is needed.
    void write_indent();
    /// `split`: whether the text may be folded.
    void write_scalar(const std::u32string& text, YamlScalarStyle style, bool split);
    /// A plain text as the whole document is followed by `...`.
    void end_document(bool root_is_plain);

private:
    void write_plain(const std::u32string& text, bool split);
    void write_single_quoted(const std::u32string& text, bool split);
    void write_double_quoted(const std::u32string& text, bool split);
    void write_literal(const std::u32string& text);
    void write_line_break(char32_t line_break = U'\n');
    void write_breaks(const std::u32string& text, std::size_t begin, std::size_t end, bool fold);
    void write_text(const std::u32string& text, std::size_t begin, std::size_t end);
    void write_escape(char32_t c);
    void write_ascii(std::string_view text);

    std::string out_;
    std::size_t width_;
    std::size_t column_ = 0;
    bool whitespace_ = true;
    bool indention_ = true;
    bool has_indent_ = false;  ///< The first level has none.
    std::size_t indent_ = 0;
    struct Level {
        bool has_indent;
        std::size_t indent;
    };
    std::vector<Level> levels_;
};

}  // namespace patroni::codec
