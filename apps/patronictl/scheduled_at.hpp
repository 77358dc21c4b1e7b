#pragma once

#include <string>
#include <string_view>

namespace patronictl {

/// The time of a scheduled event as Python's `isoformat` writes it. Throws Fail when the text is no
/// time.
std::string iso_of_scheduled_at(std::string_view text);

}  // namespace patronictl
