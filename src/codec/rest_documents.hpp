#pragma once

#include <patroni/history.hpp>
#include <patroni/result.hpp>
#include <patroni/url.hpp>
#include <patroni/value.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace patroni::codec {

// Answers of the REST API that hold the same text as a key of the store. A text that is no such
// document is an Error of kind `decode` (`limit` when it is nested too deeply).

/// `GET /config`: the dynamic configuration, an object.
Result<Value> decode_config(std::string_view body);

/// `GET /history`. Rows that cannot be read are counted.
Result<History> decode_history(std::string_view body);

/// `GET /failsafe`: the members that the leader knew last, with the base of their REST API; nullopt
/// when a value is no http or https URL.
Result<std::map<std::string, std::optional<Origin>>> decode_failsafe(std::string_view body);

}  // namespace patroni::codec
