#pragma once

#include <patroni/value.hpp>

namespace patroni::codec {

/// Makes the fields of a document an object: a repeated key keeps its first place and its last
/// value. In O(n log n), so that a hostile object cannot cost quadratic time.
void make_keys_unique(Value::Object& fields);

}  // namespace patroni::codec
