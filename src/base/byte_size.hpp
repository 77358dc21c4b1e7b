#pragma once

#include <cstdint>
#include <string>

namespace patroni {

/// Bytes for people, as pg_size_pretty counts: "0", "812 B", "200 kB", "1.3 MB", "2.4 GB".
std::string byte_size_text(std::uint64_t bytes);

}  // namespace patroni
