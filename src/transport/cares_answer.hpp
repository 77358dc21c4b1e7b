#pragma once

#include "transport/resolver.hpp"

#include <ares.h>

#include <string>

namespace patroni::transport {

/// In the order of the answer, which c-ares sorted by RFC 6724.
Endpoints endpoints_of(const ares_addrinfo& answer);

/// The SRV records of a DNS message, sorted; none when c-ares finds none that can be read.
ServiceRecords services_of(const unsigned char* message, int length);

/// The words for a status of c-ares that is not ARES_SUCCESS.
Error resolve_error(const std::string& host, int status);

}  // namespace patroni::transport
