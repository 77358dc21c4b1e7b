#pragma once

#include "protocol/http_message.hpp"

#include <patroni/result.hpp>
#include <patroni/url.hpp>

#include <string>
#include <string_view>

namespace patroni::protocol {

/// The bytes of an HTTP/1.1 request. `host` is the value of the Host header.
///
/// Host and User-Agent can be given by the caller; what frames the message (Content-Length,
/// Transfer-Encoding, Connection, Expect) is ours alone. Error kind `config` when a method, target
/// or header has a character that could change the framing; the message never repeats a value.
Result<std::string> request_text(const Request& request, std::string_view host, bool keep_alive);

/// The value of the Host header: `host:port` without the zone of an IPv6 address, which means
/// something on our machine only.
std::string host_header(const HostPort& address);

}  // namespace patroni::protocol
