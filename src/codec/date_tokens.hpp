#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patroni::codec {

/// The words, numbers and single other characters of a date as python-dateutil 2.8 takes it apart:
/// "10:00:00,5" is "10" ":" "00" ":" "00.5", any blank is " ". What is not ASCII counts as letter.
std::vector<std::string> date_tokens(std::string_view text);

}  // namespace patroni::codec
