#pragma once

#include <string_view>

namespace patronictl {

/// Throws Fail unless it is X.Y (X of 10 or more) or X.Y.Z.
void check_postgres_version(std::string_view text);

}  // namespace patronictl
