#include "base/text.hpp"

#include <patroni/version.hpp>

#include <array>

namespace patroni {

std::optional<Version> Version::parse(std::string_view text) {
    std::array<int, 3> parts{};
    std::size_t position = 0;
    for (std::size_t index = 0; index < parts.size(); ++index) {
        std::size_t end = position;
        while (end < text.size() && is_digit(text[end])) {
            ++end;
        }
        const auto number = parse_integer<int>(text.substr(position, end - position));
        if (!number) {
            // "4.x" is version 4 with a suffix; without a first number it is no version.
            if (index == 0 || end != position) {
                return std::nullopt;
            }
            break;
        }
        parts[index] = *number;
        if (end == text.size() || text[end] != '.') {
            break;
        }
        position = end + 1;
    }
    return Version{parts[0], parts[1], parts[2]};
}

std::string to_string(const Version& version) {
    std::string text = std::to_string(version.major) + '.' + std::to_string(version.minor);
    return version.patch == 0 ? text : text + '.' + std::to_string(version.patch);
}

}  // namespace patroni
