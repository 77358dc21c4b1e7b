#pragma once

#include <string>
#include <string_view>

namespace patroni::codec {

/// What PostgreSQL writes for numeric, real and double precision.
bool is_postgres_number(std::string_view text);

/// Python's str(Decimal(text)): with an exponent where there are more than five zeros behind the
/// point.
std::string decimal_text(std::string_view text);

}  // namespace patroni::codec
