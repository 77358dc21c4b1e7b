#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace patroni {

/// A Patroni version; "0.90" is {0, 90, 0}. Suffixes such as "rc1" are ignored.
struct Version {
    int major = 0;
    int minor = 0;
    int patch = 0;

    static std::optional<Version> parse(std::string_view text);

    friend constexpr auto operator<=>(const Version&, const Version&) = default;
};

/// "4.1.4", "4.1", "0.90".
std::string to_string(const Version& version);

}  // namespace patroni
