#pragma once

#include <patroni/discovery.hpp>
#include <patroni/status.hpp>
#include <patroni/value.hpp>

namespace patroni::codec {

/// The public shape "patroni.discover/1" (docs/schema/discover-1.json).
Value discovery_document(const Discovery& discovery);

/// The public shape "patroni.status/1" (docs/schema/status-1.json).
Value status_document(const StatusReport& report);

}  // namespace patroni::codec
