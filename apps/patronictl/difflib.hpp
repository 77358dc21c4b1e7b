#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace patronictl {

/// Python's difflib: what it matches is not what other programs match, and both the hints of
/// usage errors and the shape of a configuration's diff come from it.
class SequenceMatcher {
public:
    /// Elements are compared as numbers: code points, or the numbers of lines.
    using Sequence = std::vector<std::uint32_t>;
    using Junk = std::function<bool(std::uint32_t)>;
    struct Match {
        std::size_t a;
        std::size_t b;
        std::size_t size;
    };
    enum class Tag { equal, replace, remove, insert };
    /// a[a_begin, a_end) becomes b[b_begin, b_end).
    struct Opcode {
        Tag tag;
        std::size_t a_begin, a_end, b_begin, b_end;
    };

    /// Elements that `junk` names, and in 200 elements or more those of over 1 %, begin no match.
    SequenceMatcher(Sequence a, Sequence b, const Junk& junk = {});

    /// Ascending and never adjacent; the last one has the size 0 and stands at both ends.
    std::vector<Match> matching_blocks() const;
    std::vector<Opcode> opcodes() const;
    /// The changes with `context` equal elements around each; none when nothing changed.
    std::vector<std::vector<Opcode>> grouped_opcodes(std::size_t context = 3) const;
    /// 2 * matches / elements of both; 1 for two empty sequences.
    double ratio() const;

private:
    Match longest_match(std::size_t a_begin, std::size_t a_end, std::size_t b_begin,
                        std::size_t b_end) const;
    void extend(Match& match, std::size_t a_begin, std::size_t a_end, std::size_t b_begin,
                std::size_t b_end, bool over_junk) const;
    bool is_junk(std::uint32_t element) const { return junk_ && junk_(element); }

    Sequence a_;
    Sequence b_;
    Junk junk_;
    std::unordered_map<std::uint32_t, std::vector<std::size_t>> places_in_b_;
};

/// The code points of UTF-8; bytes that are none stand for themselves beyond Unicode.
SequenceMatcher::Sequence code_points(std::string_view text);

/// Up to three of `words` that are like `word` (ratio of 0.6 or more), the most alike first.
std::vector<std::string> close_matches(std::string_view word,
                                       const std::vector<std::string>& words);

/// The lines of a unified diff with three lines of context, without names of files; empty when
/// the texts are equal. Line ends at the end of the texts do not count.
std::vector<std::string> unified_diff(std::string_view before, std::string_view after);

}  // namespace patronictl
