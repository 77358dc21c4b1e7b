#pragma once

#include <string>

namespace patroni::codec {

/// What Python's `repr` gives for a float: the shortest digits that read back as the same number,
/// as "1.5", "3.0", "1e+20", "inf" or "nan".
std::string python_repr(double number);

}  // namespace patroni::codec
