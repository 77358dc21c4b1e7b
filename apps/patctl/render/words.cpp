#include "patctl/render/words.hpp"

#include "base/byte_size.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace patctl::render {

std::string size_text(const std::optional<std::uint64_t>& bytes) {
    return bytes ? patroni::byte_size_text(*bytes) : "?";
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
