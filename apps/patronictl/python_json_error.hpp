#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patronictl {

/// What Python's `json.loads` says of a text that is no JSON, such as
/// "Expecting value: line 1 column 1 (char 0)"; nullopt when it can read the text.
std::optional<std::string> python_json_error(std::string_view text);

}  // namespace patronictl
