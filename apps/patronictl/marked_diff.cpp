#include "patronictl/marked_diff.hpp"

#include "base/utf8.hpp"
#include "patronictl/line_pairs.hpp"

#include <cstddef>
#include <string_view>

namespace patronictl {
namespace {

constexpr std::string_view k_reset = "\x1b[0m";
constexpr std::string_view k_underline = "\x1b[4m";
constexpr std::string_view k_reverse = "\x1b[7m";
constexpr std::string_view k_red = "\x1b[31m";
constexpr std::string_view k_green = "\x1b[32m";
constexpr std::string_view k_yellow = "\x1b[33m";
constexpr std::string_view k_light_red = "\x1b[1;31m";
constexpr std::string_view k_light_blue = "\x1b[1;34m";

std::string coloured(std::string_view colour, const std::string& text) {
    return std::string(colour) + text + std::string(k_reset);
}

std::string text_of(const LinePair::Line& line) {
    std::string out;
    for (const LinePair::Part& part : line) {
        out += patroni::encode_utf8(part.text);
    }
    return out;
}

/// Changed parts are underlined; what was added or removed stands reversed.
std::string marked(const LinePair::Line& line, std::string_view colour) {
    std::string out;
    for (const LinePair::Part& part : line) {
        if (part.mark == ' ') {
            out += patroni::encode_utf8(part.text);
            continue;
        }
        out += part.mark == '^' ? k_underline : k_reverse;
        out += colour;
        out += patroni::encode_utf8(part.text);
        out += k_reset;
        out += colour;
    }
    return coloured(colour, out);
}

std::string marked(const LinePair& pair) {
    if (!pair.is_changed) {
        return coloured(k_reset, ' ' + text_of(*pair.before));
    }
    if (!pair.before) {
        return coloured(k_green, '+' + text_of(*pair.after));
    }
    if (!pair.after) {
        return coloured(k_light_red, '-' + text_of(*pair.before));
    }
    return coloured(k_light_red, "-") + marked(*pair.before, k_red) + coloured(k_green, "+") +
           marked(*pair.after, k_green);
}

/// The changes below one `@@` line.
struct Hunk {
    std::vector<std::u32string> before;
    std::vector<std::u32string> after;

    void add(const std::string& line) {
        std::u32string text = patroni::decode_utf8(std::string_view(line).substr(1)) + U'\n';
        if (line.front() != '+') {
            before.push_back(text);
        }
        if (line.front() != '-') {
            after.push_back(std::move(text));
        }
    }
    std::string take() {
        std::string out;
        for (const LinePair& pair : line_pairs(before, after)) {
            out += marked(pair);
        }
        *this = {};
        return out;
    }
};

}  // namespace

std::string marked_diff(const std::vector<std::string>& diff) {
    std::string out;
    Hunk hunk;
    for (std::size_t i = 0; i < diff.size(); ++i) {
        if (i < 2) {
            out += coloured(k_yellow, diff[i] + '\n');
        } else if (diff[i].starts_with("@@")) {
            out += hunk.take();
            out += coloured(k_light_blue, diff[i] + '\n');
        } else {
            hunk.add(diff[i]);
        }
    }
    return out + hunk.take();
}

}  // namespace patronictl
