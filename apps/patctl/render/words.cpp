#include "patctl/render/words.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace patctl::render {

std::string size_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 5> k_units = {"kB", "MB", "GB", "TB", "PB"};
    if (bytes == 0) {
        return "0";
    }
    if (bytes < 1024) {
        return std::to_string(bytes) + " B";
    }
    std::uint64_t tenths = bytes * 10 / 1024;
    std::size_t unit = 0;
    while (tenths >= 10240 && unit + 1 < k_units.size()) {
        tenths /= 1024;
        ++unit;
    }
    std::string number = std::to_string(tenths / 10);
    if (tenths < 100) {
        number += "." + std::to_string(tenths % 10);
    }
    return number + " " + std::string(k_units[unit]);
}

std::string size_text(const std::optional<std::uint64_t>& bytes) {
    return bytes ? size_text(*bytes) : "?";
}

std::string role_text(const patroni::MemberHealth& member) {
    if (member.role == patroni::Role::unknown) {
        return member.role_reported.empty() ? "?" : safe(member.role_reported);
    }
    std::string text(to_string(member.role));
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string verdict_text(patroni::Verdict verdict) {
    std::string text(to_string(verdict));
    for (char& c : text) {
        c = c == '_' ? ' ' : static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

std::string safe(std::string_view text) {
    return patroni::escape_untrusted(text);
}

std::string tsv_cell(std::string_view text) {
    std::string cell;
    for (const char c : text) {
        switch (c) {
            case '\t':
                cell += "\\t";
                break;
            case '\n':
                cell += "\\n";
                break;
            case '\r':
                cell += "\\r";
                break;
            case '\\':
                cell += "\\\\";
                break;
            default:
                cell += c;
        }
    }
    return cell;
}

std::string tsv_line(const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        line += (i == 0 ? "" : "\t") + tsv_cell(cells[i]);
    }
    return line + "\n";
}

}  // namespace patctl::render
