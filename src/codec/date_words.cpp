#include "codec/date_words.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string>

namespace patroni::codec {
namespace {

/// The place of a lower-cased word in a list of words; each may have several spellings.
std::optional<int> place_of(std::string_view word, std::string_view list) {
    const std::string wanted = to_lower(word);
    int place = 0;
    while (!list.empty()) {
        std::string_view spellings = list.substr(0, list.find(' '));
        list.remove_prefix(std::min(spellings.size() + 1, list.size()));
        while (!spellings.empty()) {
            const std::string_view spelling = spellings.substr(0, spellings.find('|'));
            if (spelling == wanted) {
                return place;
            }
            spellings.remove_prefix(std::min(spelling.size() + 1, spellings.size()));
        }
        ++place;
    }
    return std::nullopt;
}

}  // namespace

std::optional<int> weekday_of(std::string_view word) {
    return place_of(word,
                    "mon|monday tue|tuesday wed|wednesday thu|thursday fri|friday sat|saturday "
                    "sun|sunday");
}

std::optional<int> month_of(std::string_view word) {
    const auto place = place_of(word,
                                "jan|january feb|february mar|march apr|april may jun|june "
                                "jul|july aug|august sep|sept|september oct|october nov|november "
                                "dec|december");
    return place ? std::optional(*place + 1) : std::nullopt;
}

std::optional<int> clock_unit_of(std::string_view word) {
    return place_of(word, "h|hour|hours m|minute|minutes s|second|seconds");
}

std::optional<int> half_of(std::string_view word) {
    return place_of(word, "am|a pm|p");
}

bool is_utc(std::string_view word) {
    return place_of(word, "utc|gmt|z").has_value();
}

bool is_filler(std::string_view word) {
    return word == " " || place_of(word, ". , ; - / ' at on and ad m t of st nd rd th").has_value();
}

}  // namespace patroni::codec
