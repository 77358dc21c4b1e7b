#pragma once

#include "rest/member_caller.hpp"
#include "unit/faults/fault_cell.hpp"

#include <patroni/member.hpp>

#include <functional>
#include <string>
#include <vector>

namespace patroni::testing {

/// One request to a member, whatever its type.
struct MemberCall {
    std::string name;    ///< Of the struct in include/patroni/, such as "CancelRestart".
    std::string call;    ///< Method and path, such as "DELETE /restart".
    std::string answer;  ///< Good, as `FaultyMember` sends it.
    bool is_write = false;
    /// The answer says nothing but its status, or is not looked at.
    bool is_body_judged = true;

    /// Blocking.
    std::function<CallEnd(Member&, CallOptions)> run;
    /// On the member's Runtime.
    std::function<Operation(Member&, CallOptions, std::function<void(CallEnd)>)> start;
    /// Below the public API, where the resolver can be chosen.
    std::function<void(rest::MemberCaller&, transport::SteadyTime, std::function<void(CallEnd)>)>
        start_below;

    bool has_body() const { return !answer.ends_with("\r\n\r\n"); }
};

/// Every question of member_queries.hpp, every command of member_commands.hpp.
const std::vector<MemberCall>& member_calls();

/// What a good member sends for the call, head and body apart as Patroni does.
std::vector<std::string> answer_segments(const std::string& call);

}  // namespace patroni::testing
