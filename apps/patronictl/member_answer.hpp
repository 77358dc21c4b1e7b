#pragma once

#include "patronictl/member_api.hpp"

#include <string_view>

namespace patronictl {

/// Prints "Success: ..." or, from 400 on, "Failed: ..." and returns whether it was a success.
bool report(const Session& session, const MemberApi::Answer& answer, std::string_view member,
            std::string_view action, bool silent_success = false);

}  // namespace patronictl
