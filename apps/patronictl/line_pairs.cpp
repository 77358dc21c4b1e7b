#include "patronictl/line_pairs.hpp"

#include "patronictl/difflib.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <string_view>
#include <utility>

namespace patronictl {
namespace {

using Lines = std::vector<std::u32string>;
using Tag = SequenceMatcher::Tag;

/// A line of Python's ndiff: '-', '+', ' ', or '?' for the marks of the line before it.
struct DeltaLine {
    char tag;
    std::u32string text;
};

SequenceMatcher::Sequence elements(const std::u32string& text) {
    return {text.begin(), text.end()};
}

bool is_blank(char32_t c) {
    return c == U' ' || (c >= U'\t' && c <= U'\r') || (c >= 0x1C && c <= 0x1F) || c == 0x85 ||
           c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

/// No ratio is greater: the elements that both have, wherever they stand.
double ratio_bound(const std::u32string& left, const std::u32string& right) {
    std::map<char32_t, int> available;
    for (const char32_t c : right) {
        ++available[c];
    }
    const auto common =
        std::count_if(left.begin(), left.end(), [&](char32_t c) { return available[c]-- > 0; });
    return 2.0 * static_cast<double>(common) / static_cast<double>(left.size() + right.size());
}

/// Python's Differ.
class Delta {
public:
    Delta(const Lines& a, const Lines& b) : a_(a), b_(b) {}

    std::vector<DeltaLine> take() && {
        std::map<std::u32string_view, std::uint32_t> numbers;
        const auto numbered = [&](const Lines& lines) {
            SequenceMatcher::Sequence out;
            for (const std::u32string& line : lines) {
                const auto next = static_cast<std::uint32_t>(numbers.size());
                out.push_back(numbers.try_emplace(line, next).first->second);
            }
            return out;
        };
        SequenceMatcher::Sequence a_numbers = numbered(a_);
        for (const auto& code : SequenceMatcher(std::move(a_numbers), numbered(b_)).opcodes()) {
            const Range range{code.a_begin, code.a_end, code.b_begin, code.b_end};
            if (code.tag == Tag::equal) {
                dump(' ', a_, range.a_begin, range.a_end);
            } else {
                replace_part(range);
            }
        }
        return std::move(out_);
    }

private:
    struct Range {
        std::size_t a_begin, a_end, b_begin, b_end;
    };
    struct Pair {
        std::size_t a = 0;
        std::size_t b = 0;
        bool found = false;
    };

    void dump(char tag, const Lines& lines, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            out_.push_back({tag, lines[i]});
        }
    }

    void replace_part(const Range& range) {
        if (range.a_begin < range.a_end && range.b_begin < range.b_end) {
            replace(range);
        } else {
            dump('-', a_, range.a_begin, range.a_end);
            dump('+', b_, range.b_begin, range.b_end);
        }
    }

    /// The pair of lines that are most alike, or a pair of equal lines when none are.
    Pair best_pair(const Range& range, bool& is_equal) const {
        constexpr double cutoff = 0.75;
        double best_ratio = 0.74;
        Pair best;
        Pair equal;
        for (std::size_t j = range.b_begin; j < range.b_end; ++j) {
            for (std::size_t i = range.a_begin; i < range.a_end; ++i) {
                if (a_[i] == b_[j]) {
                    equal = equal.found ? equal : Pair{i, j, true};
                    continue;
                }
                if (ratio_bound(a_[i], b_[j]) <= best_ratio) {
                    continue;
                }
                const double ratio = matcher(a_[i], b_[j]).ratio();
                if (ratio > best_ratio) {
                    best_ratio = ratio;
                    best = {i, j, true};
                }
            }
        }
        is_equal = best_ratio < cutoff;
        return is_equal ? equal : best;
    }

    static SequenceMatcher matcher(const std::u32string& a, const std::u32string& b) {
        return {elements(a), elements(b), [](std::uint32_t c) { return c == ' ' || c == '\t'; }};
    }

    void replace(const Range& range) {
        bool is_equal = false;
        const Pair pair = best_pair(range, is_equal);
        if (!pair.found) {
            // The shorter block first.
            if (range.b_end - range.b_begin < range.a_end - range.a_begin) {
                dump('+', b_, range.b_begin, range.b_end);
                dump('-', a_, range.a_begin, range.a_end);
            } else {
                dump('-', a_, range.a_begin, range.a_end);
                dump('+', b_, range.b_begin, range.b_end);
            }
            return;
        }
        replace_part({range.a_begin, pair.a, range.b_begin, pair.b});
        if (is_equal) {
            out_.push_back({' ', a_[pair.a]});
        } else {
            mark(a_[pair.a], b_[pair.b]);
        }
        replace_part({pair.a + 1, range.a_end, pair.b + 1, range.b_end});
    }

    void mark(const std::u32string& a, const std::u32string& b) {
        std::u32string a_marks(a.size(), U' ');
        std::u32string b_marks(b.size(), U' ');
        for (const auto& code : matcher(a, b).opcodes()) {
            const char32_t a_mark = code.tag == Tag::replace ? U'^' : U'-';
            const char32_t b_mark = code.tag == Tag::replace ? U'^' : U'+';
            if (code.tag != Tag::equal) {
                a_marks.replace(code.a_begin, code.a_end - code.a_begin, code.a_end - code.a_begin,
                                a_mark);
                b_marks.replace(code.b_begin, code.b_end - code.b_begin, code.b_end - code.b_begin,
                                b_mark);
            }
        }
        push_marked('-', a, std::move(a_marks));
        push_marked('+', b, std::move(b_marks));
    }

    void push_marked(char tag, const std::u32string& line, std::u32string marks) {
        out_.push_back({tag, line});
        while (!marks.empty() && is_blank(marks.back())) {
            marks.pop_back();
        }
        if (!marks.empty()) {
            out_.push_back({'?', std::move(marks)});
        }
    }

    const Lines& a_;
    const Lines& b_;
    std::vector<DeltaLine> out_;
};

LinePair::Line parts_of(const std::u32string& text, const std::u32string& marks) {
    LinePair::Line parts;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char mark = i < marks.size() && marks[i] != U' ' ? static_cast<char>(marks[i]) : ' ';
        if (parts.empty() || parts.back().mark != mark) {
            parts.push_back({{}, mark});
        }
        parts.back().text += text[i];
    }
    return parts;
}

/// Reads the lines of a delta and hands lines before and after on, each with a filler (no line) in
/// front of what has no partner.
class Pairing {
public:
    explicit Pairing(std::vector<DeltaLine> delta) : lines_(delta.begin(), delta.end()) {}

    std::vector<LinePair> take() && {
        while (step()) {
        }
        return std::move(out_);
    }

private:
    struct Side {
        std::optional<LinePair::Line> line;
        bool is_changed;
    };

    bool next_are(std::string_view tags) const {
        for (std::size_t i = 0; i < tags.size(); ++i) {
            if (i >= lines_.size() || lines_[i].tag != tags[i]) {
                return false;
            }
        }
        return true;
    }

    std::u32string pop() {
        std::u32string text = std::move(lines_.front().text);
        lines_.pop_front();
        return text;
    }
    LinePair::Line whole(char mark) { return {{pop(), mark}}; }
    LinePair::Line marked() {
        const std::u32string text = pop();
        return parts_of(text, pop());
    }

    void push_before(std::optional<LinePair::Line> line, bool is_changed = true) {
        before_.push_back({std::move(line), is_changed});
        pair_up();
    }
    void push_after(std::optional<LinePair::Line> line, bool is_changed = true) {
        after_.push_back({std::move(line), is_changed});
        pair_up();
    }
    void pair_up() {
        while (!before_.empty() && !after_.empty()) {
            out_.push_back({std::move(before_.front().line), std::move(after_.front().line),
                            before_.front().is_changed || after_.front().is_changed});
            before_.pop_front();
            after_.pop_front();
        }
    }
    void fill(int fillers) {
        for (; fillers < 0; ++fillers) {
            push_after(std::nullopt);
        }
        for (; fillers > 0; --fillers) {
            push_before(std::nullopt);
        }
    }

    /// As the cases of Python's _line_iterator, in its order.
    bool step() {
        if (lines_.empty()) {
            fill(pending_);
            return false;
        }
        if (next_are("-?+?")) {
            auto before = marked();
            push_before(std::move(before));
            push_after(marked());
        } else if (next_are("--++")) {
            --pending_;
            push_before(whole('-'));
        } else if (next_are("--?+") || next_are("--+") || next_are("- ")) {
            auto line = whole('-');
            fill(std::exchange(pending_, 0) - 1);
            push_before(std::move(line));
        } else if (next_are("-+?")) {
            auto before = whole(' ');
            push_before(std::move(before));
            push_after(marked());
        } else if (next_are("-?+")) {
            auto before = marked();
            push_before(std::move(before));
            push_after(whole(' '));
        } else if (next_are("-")) {
            --pending_;
            push_before(whole('-'));
        } else if (next_are("+--")) {
            ++pending_;
            push_after(whole('+'));
        } else if (next_are("+ ") || next_are("+-")) {
            auto line = whole('+');
            fill(std::exchange(pending_, 0) + 1);
            push_after(std::move(line));
        } else if (next_are("+")) {
            ++pending_;
            push_after(whole('+'));
        } else {
            auto line = whole(' ');
            push_before(line, false);
            push_after(std::move(line), false);
        }
        return true;
    }

    std::deque<DeltaLine> lines_;
    std::deque<Side> before_;
    std::deque<Side> after_;
    int pending_ = 0;
    std::vector<LinePair> out_;
};

}  // namespace

std::vector<LinePair> line_pairs(const Lines& before, const Lines& after) {
    return Pairing(Delta(before, after).take()).take();
}

}  // namespace patronictl
