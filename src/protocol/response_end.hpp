#pragma once

#include "protocol/body_buffer.hpp"
#include "protocol/http_message.hpp"
#include "protocol/response_parser.hpp"

#include <string_view>

namespace patroni::protocol {

/// The status of a complete "HTTP/1.x NNN ...\r\n" at the start of `head`, or 0.
int status_of_line(std::string_view head);

/// Whether an EOF-delimited response whose end is in doubt can be taken as it is.
///
/// Patroni before 2.1.5 closes TLS without close_notify, and a server that answers (401) without
/// reading the request's body resets the connection behind its answer.
bool looks_complete(const Response& head, const BodyBuffer& body, StreamEnd end);

}  // namespace patroni::protocol
