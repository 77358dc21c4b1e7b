#include "patronictl/member_answer.hpp"

namespace patronictl {

bool report(const Session& session, const MemberApi::Answer& answer, std::string_view member,
            std::string_view action, bool silent_success) {
    const std::string what = std::string(action) + " for member " + std::string(member);
    if (answer.status >= 400) {
        session.echo("Failed: " + what + ", status code=" + std::to_string(answer.status) + ", (" +
                     answer.body + ")");
        return false;
    }
    if (!silent_success) {
        session.echo("Success: " + what);
    }
    return true;
}

}  // namespace patronictl
