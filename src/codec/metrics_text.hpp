#pragma once

#include <patroni/metrics.hpp>
#include <patroni/result.hpp>

#include <string_view>

namespace patroni::codec {

/// Reads `GET /metrics`: Prometheus' text format 0.0.4, and what Patroni makes of it (a blank
/// before the labels, "None" as a value, comments between HELP and TYPE). Error `decode` names the
/// line that is malformed, and a text that ends within a line or has no sample at all; `limit` when
/// there are more than 65536 samples or families, or 64 labels in a line.
Result<Metrics> decode_metrics(std::string_view body);

}  // namespace patroni::codec
