#pragma once

#include "protocol/http_message.hpp"

#include <patroni/result.hpp>

#include <string>
#include <string_view>

namespace patroni::protocol {

/// The bytes of an HTTP/1.1 request. `host` is the value of the Host header.
///
/// Host and User-Agent can be given by the caller; what frames the message (Content-Length,
/// Transfer-Encoding, Connection, Expect) is ours alone. Error kind `config` when a method, target
/// or header has a character that could change the framing; the message never repeats a value.
Result<std::string> request_text(const Request& request, std::string_view host, bool keep_alive);

}  // namespace patroni::protocol
