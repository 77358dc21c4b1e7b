#include "base/text.hpp"

#include <patroni/lsn.hpp>

#include <cinttypes>
#include <cstdio>

namespace patroni {

std::string Lsn::text() const {
    char buffer[24];
    const int size = std::snprintf(buffer, sizeof buffer, "%" PRIX32 "/%" PRIX32,
                                   static_cast<std::uint32_t>(bytes_ >> 32),
                                   static_cast<std::uint32_t>(bytes_ & 0xFFFFFFFFU));
    return std::string(buffer, static_cast<std::size_t>(size));
}

std::optional<Lsn> Lsn::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || slash > 8 || text.size() - slash - 1 > 8) {
        return std::nullopt;
    }
    const auto high = parse_integer<std::uint32_t>(text.substr(0, slash), 16);
    const auto low = parse_integer<std::uint32_t>(text.substr(slash + 1), 16);
    if (!high || !low) {
        return std::nullopt;
    }
    return Lsn((std::uint64_t{*high} << 32) | *low);
}

}  // namespace patroni
