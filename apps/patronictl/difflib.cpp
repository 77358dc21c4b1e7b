#include "patronictl/difflib.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace patronictl {

SequenceMatcher::SequenceMatcher(Sequence a, Sequence b, const Junk& junk)
    : a_(std::move(a)), b_(std::move(b)), junk_(junk) {
    for (std::size_t i = 0; i < b_.size(); ++i) {
        if (!is_junk(b_[i])) {
            places_in_b_[b_[i]].push_back(i);
        }
    }
    if (b_.size() >= 200) {
        const std::size_t limit = b_.size() / 100 + 1;
        std::erase_if(places_in_b_, [&](const auto& item) { return item.second.size() > limit; });
    }
}

void SequenceMatcher::extend(Match& match, std::size_t a_begin, std::size_t a_end,
                             std::size_t b_begin, std::size_t b_end, bool over_junk) const {
    while (match.a > a_begin && match.b > b_begin && is_junk(b_[match.b - 1]) == over_junk &&
           a_[match.a - 1] == b_[match.b - 1]) {
        --match.a;
        --match.b;
        ++match.size;
    }
    while (match.a + match.size < a_end && match.b + match.size < b_end &&
           is_junk(b_[match.b + match.size]) == over_junk &&
           a_[match.a + match.size] == b_[match.b + match.size]) {
        ++match.size;
    }
}

SequenceMatcher::Match SequenceMatcher::longest_match(std::size_t a_begin, std::size_t a_end,
                                                      std::size_t b_begin,
                                                      std::size_t b_end) const {
    Match best{a_begin, b_begin, 0};
    // Of the row before and of this row: (place in b, length of the match that ends there).
    std::vector<std::pair<std::size_t, std::size_t>> before;
    std::vector<std::pair<std::size_t, std::size_t>> row;
    for (std::size_t i = a_begin; i < a_end; ++i) {
        row.clear();
        const auto places = places_in_b_.find(a_[i]);
        if (places != places_in_b_.end()) {
            const auto& list = places->second;
            auto left = before.begin();
            for (auto j = std::lower_bound(list.begin(), list.end(), b_begin);
                 j != list.end() && *j < b_end; ++j) {
                while (left != before.end() && left->first + 1 < *j) {
                    ++left;
                }
                const bool grows = left != before.end() && left->first + 1 == *j;
                const std::size_t size = grows ? left->second + 1 : 1;
                row.emplace_back(*j, size);
                if (size > best.size) {
                    best = {i + 1 - size, *j + 1 - size, size};
                }
            }
        }
        before.swap(row);
    }
    extend(best, a_begin, a_end, b_begin, b_end, false);
    extend(best, a_begin, a_end, b_begin, b_end, true);
    return best;
}

std::vector<SequenceMatcher::Match> SequenceMatcher::matching_blocks() const {
    struct Range {
        std::size_t a_begin, a_end, b_begin, b_end;
    };
    std::vector<Match> found;
    std::vector<Range> open = {{0, a_.size(), 0, b_.size()}};
    while (!open.empty()) {
        const Range range = open.back();
        open.pop_back();
        const Match match = longest_match(range.a_begin, range.a_end, range.b_begin, range.b_end);
        if (match.size == 0) {
            continue;
        }
        found.push_back(match);
        if (range.a_begin < match.a && range.b_begin < match.b) {
            open.push_back({range.a_begin, match.a, range.b_begin, match.b});
        }
        if (match.a + match.size < range.a_end && match.b + match.size < range.b_end) {
            open.push_back({match.a + match.size, range.a_end, match.b + match.size, range.b_end});
        }
    }
    std::sort(found.begin(), found.end(),
              [](const Match& left, const Match& right) { return left.a < right.a; });
    std::vector<Match> blocks;
    for (const Match& match : found) {
        if (!blocks.empty() && blocks.back().a + blocks.back().size == match.a &&
            blocks.back().b + blocks.back().size == match.b) {
            blocks.back().size += match.size;
        } else {
            blocks.push_back(match);
        }
    }
    blocks.push_back({a_.size(), b_.size(), 0});
    return blocks;
}

std::vector<SequenceMatcher::Opcode> SequenceMatcher::opcodes() const {
    std::vector<Opcode> out;
    std::size_t a = 0;
    std::size_t b = 0;
    for (const Match& match : matching_blocks()) {
        if (a < match.a && b < match.b) {
            out.push_back({Tag::replace, a, match.a, b, match.b});
        } else if (a < match.a) {
            out.push_back({Tag::remove, a, match.a, b, match.b});
        } else if (b < match.b) {
            out.push_back({Tag::insert, a, match.a, b, match.b});
        }
        a = match.a + match.size;
        b = match.b + match.size;
        if (match.size > 0) {
            out.push_back({Tag::equal, match.a, a, match.b, b});
        }
    }
    return out;
}

std::vector<std::vector<SequenceMatcher::Opcode>> SequenceMatcher::grouped_opcodes(
    std::size_t context) const {
    std::vector<Opcode> codes = opcodes();
    if (codes.empty()) {
        return {};
    }
    const auto later = [&](std::size_t begin, std::size_t end) {
        return std::max(begin, end < context ? 0 : end - context);
    };
    if (Opcode& first = codes.front(); first.tag == Tag::equal) {
        first.a_begin = later(first.a_begin, first.a_end);
        first.b_begin = later(first.b_begin, first.b_end);
    }
    if (Opcode& last = codes.back(); last.tag == Tag::equal) {
        last.a_end = std::min(last.a_end, last.a_begin + context);
        last.b_end = std::min(last.b_end, last.b_begin + context);
    }
    std::vector<std::vector<Opcode>> groups;
    std::vector<Opcode> group;
    for (Opcode code : codes) {
        if (code.tag == Tag::equal && code.a_end - code.a_begin > 2 * context) {
            group.push_back({code.tag, code.a_begin, std::min(code.a_end, code.a_begin + context),
                             code.b_begin, std::min(code.b_end, code.b_begin + context)});
            groups.push_back(std::move(group));
            group.clear();
            code.a_begin = later(code.a_begin, code.a_end);
            code.b_begin = later(code.b_begin, code.b_end);
        }
        group.push_back(code);
    }
    if (!group.empty() && (group.size() > 1 || group.front().tag != Tag::equal)) {
        groups.push_back(std::move(group));
    }
    return groups;
}

double SequenceMatcher::ratio() const {
    const std::size_t elements = a_.size() + b_.size();
    if (elements == 0) {
        return 1;
    }
    std::size_t matches = 0;
    for (const Match& match : matching_blocks()) {
        matches += match.size;
    }
    return 2.0 * static_cast<double>(matches) / static_cast<double>(elements);
}

SequenceMatcher::Sequence code_points(std::string_view text) {
    SequenceMatcher::Sequence out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = patroni::utf8_length(text, i);
        out.push_back(length == 0 ? 0x110000U + static_cast<unsigned char>(text[i])
                                  : patroni::utf8_decode(text, i, length));
        i += length == 0 ? 1 : length;
    }
    return out;
}

std::vector<std::string> close_matches(std::string_view word,
                                       const std::vector<std::string>& words) {
    constexpr double cutoff = 0.6;
    constexpr std::size_t most = 3;
    std::vector<std::pair<double, std::string>> found;
    for (const std::string& candidate : words) {
        const double ratio = SequenceMatcher(code_points(candidate), code_points(word)).ratio();
        if (ratio >= cutoff) {
            found.emplace_back(ratio, candidate);
        }
    }
    std::stable_sort(found.begin(), found.end(), std::greater<>());
    std::vector<std::string> out;
    for (auto& [ratio, candidate] : found) {
        if (out.size() < most) {
            out.push_back(std::move(candidate));
        }
    }
    return out;
}

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
    while (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    std::vector<std::string_view> lines;
    while (true) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        if (end == text.size()) {
            return lines;
        }
        text.remove_prefix(end + 1);
    }
}

std::string range_text(std::size_t begin, std::size_t end) {
    if (end - begin == 1) {
        return std::to_string(begin + 1);
    }
    // An empty range stands behind the line before it.
    return std::to_string(end == begin ? begin : begin + 1) + ',' + std::to_string(end - begin);
}

}  // namespace

std::vector<std::string> unified_diff(std::string_view before, std::string_view after) {
    const std::vector<std::string_view> a = lines_of(before);
    const std::vector<std::string_view> b = lines_of(after);
    std::map<std::string_view, std::uint32_t> numbers;
    const auto numbered = [&](const std::vector<std::string_view>& lines) {
        SequenceMatcher::Sequence out;
        for (const std::string_view line : lines) {
            out.push_back(numbers.try_emplace(line, static_cast<std::uint32_t>(numbers.size()))
                              .first->second);
        }
        return out;
    };
    SequenceMatcher::Sequence a_numbers = numbered(a);
    const SequenceMatcher matcher(std::move(a_numbers), numbered(b));
    std::vector<std::string> out;
    for (const auto& group : matcher.grouped_opcodes()) {
        if (out.empty()) {
            out = {"--- ", "+++ "};
        }
        out.push_back("@@ -" + range_text(group.front().a_begin, group.back().a_end) + " +" +
                      range_text(group.front().b_begin, group.back().b_end) + " @@");
        for (const SequenceMatcher::Opcode& code : group) {
            const bool equal = code.tag == SequenceMatcher::Tag::equal;
            for (std::size_t i = code.a_begin; i < code.a_end; ++i) {
                out.push_back((equal ? ' ' : '-') + std::string(a[i]));
            }
            for (std::size_t i = code.b_begin; !equal && i < code.b_end; ++i) {
                out.push_back('+' + std::string(b[i]));
            }
        }
    }
    return out;
}

}  // namespace patronictl
