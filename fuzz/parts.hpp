#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace patroni::fuzz {

/// Several texts in one input: between them stands the ASCII record separator.
inline std::vector<std::string_view> parts(std::string_view text, char separator = '\x1e') {
    std::vector<std::string_view> result;
    while (true) {
        const std::size_t end = std::min(text.find(separator), text.size());
        result.push_back(text.substr(0, end));
        if (end == text.size()) {
            return result;
        }
        text.remove_prefix(end + 1);
    }
}

}  // namespace patroni::fuzz
