#include "base/query.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace patroni {

std::string percent_decode(std::string_view text, bool plus_is_blank) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            if (const auto code = parse_integer<unsigned>(text.substr(i + 1, 2), 16)) {
                out += static_cast<char>(*code);
                i += 2;
                continue;
            }
        }
        out += text[i] == '+' && plus_is_blank ? ' ' : text[i];
    }
    return out;
}

Query parse_query(std::string_view target) {
    Query query;
    const std::size_t start = target.find('?');
    if (start == std::string_view::npos) {
        return query;
    }
    target = target.substr(start + 1);
    target = target.substr(0, target.find('#'));
    while (!target.empty()) {
        const std::size_t end = std::min(target.find('&'), target.size());
        const std::string_view part = target.substr(0, end);
        target.remove_prefix(std::min(end + 1, target.size()));
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos || equals + 1 == part.size()) {
            continue;
        }
        std::string key = percent_decode(part.substr(0, equals), true);
        if (!find_parameter(query, key)) {
            query.emplace_back(std::move(key), percent_decode(part.substr(equals + 1), true));
        }
    }
    return query;
}

std::optional<std::string> find_parameter(const Query& query, std::string_view key) {
    const auto found = std::ranges::find(query, key, &Query::value_type::first);
    return found == query.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::int64_t> parse_size(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, double>, 6> units{
        {{"", 1.0},
         {"B", 1.0},
         {"kB", 1024.0},
         {"MB", 1024.0 * 1024},
         {"GB", 1024.0 * 1024 * 1024},
         {"TB", 1024.0 * 1024 * 1024 * 1024}}};
    const std::string number(text);
    char* end = nullptr;
    auto value = static_cast<double>(std::strtoll(number.c_str(), &end, 0));
    if (end == number.c_str() || *end == '.' || *end == 'e' || *end == 'E') {
        value = std::strtod(number.c_str(), &end);
    }
    if (end == number.c_str() || !std::isfinite(value)) {
        return std::nullopt;
    }
    const auto unit =
        std::ranges::find(units, trim(end), &std::pair<std::string_view, double>::first);
    const double bytes = unit == units.end() ? NAN : std::nearbyint(value * unit->second);
    if (!(std::abs(bytes) < 9e18)) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(bytes);
}

}  // namespace patroni
