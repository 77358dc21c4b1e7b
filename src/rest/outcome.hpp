#pragma once

#include "protocol/http_message.hpp"

#include <patroni/capability.hpp>
#include <patroni/outcome.hpp>

#include <string_view>

namespace patroni::rest {

/// What an answer to a write means: by status and the server's words, of any version. `row` is the
/// call's row of the table.
Outcome judge(const Capability& row, const protocol::Response& response);

/// What an answer to a write means that no row of the table describes: `unknown` unless it is a
/// refusal.
Outcome judge_unlisted(std::string_view method, const protocol::Response& response);

/// What the end of a request without an answer means: `unknown`, unless nothing was sent. A request
/// that was not sent has no Outcome: precondition is another delivery.
Outcome judge(const Capability& row, Error error);

}  // namespace patroni::rest
