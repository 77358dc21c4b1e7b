#include "base/byte_size.hpp"

#include <array>
#include <string_view>

namespace patroni {

std::string byte_size_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 5> k_units = {"kB", "MB", "GB", "TB", "PB"};
    if (bytes == 0) {
        return "0";
    }
    if (bytes < 1024) {
        return std::to_string(bytes) + " B";
    }
    std::uint64_t tenths = bytes / 1024 * 10 + bytes % 1024 * 10 / 1024;
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

}  // namespace patroni
