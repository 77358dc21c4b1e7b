#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patroni {

/// A position in PostgreSQL's write-ahead log, counted in bytes.
class Lsn {
public:
    constexpr Lsn() = default;
    explicit constexpr Lsn(std::uint64_t bytes) : bytes_(bytes) {}

    constexpr std::uint64_t bytes() const noexcept { return bytes_; }

    /// PostgreSQL's text, two hexadecimal halves: "0/6000060".
    std::string text() const;

    /// Reads PostgreSQL's text; nullopt for anything else (also for Patroni's "unknown").
    static std::optional<Lsn> parse(std::string_view text);

    friend constexpr auto operator<=>(Lsn, Lsn) = default;

private:
    std::uint64_t bytes_ = 0;
};

/// Bytes that `behind` lacks compared with `ahead`; 0 when it is not behind.
constexpr std::uint64_t lag_bytes(Lsn ahead, Lsn behind) noexcept {
    return ahead > behind ? ahead.bytes() - behind.bytes() : 0;
}

}  // namespace patroni
