#include "patronictl/postgres_version.hpp"

#include "patronictl/failure.hpp"
#include "patronictl/python_text.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace patronictl {

void check_postgres_version(std::string_view text) {
    std::vector<std::int64_t> parts;
    for (std::string_view rest = text;;) {
        const std::string_view part = rest.substr(0, rest.find('.'));
        const auto number = python_int(part);
        if (!number) {
            throw Fail("Invalid PostgreSQL version: " + std::string(text));
        }
        parts.push_back(*number);
        if (part.size() == rest.size()) {
            break;
        }
        rest.remove_prefix(part.size() + 1);
    }
    if (parts.size() < 2 || parts.size() > 3 || (parts.size() == 2 && parts[0] < 10)) {
        throw Fail("Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: " +
                   std::string(text));
    }
    if (std::ranges::any_of(parts.begin() + 1, parts.end(), [](auto part) { return part < 0; })) {
        throw Fail("Invalid PostgreSQL version: " + std::string(text));
    }
}

}  // namespace patronictl
