#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace patroni {

/// What a member answered: the typed data, and what it was read from.
template <class T>
struct Reply {
    T data{};
    int status = 0;  ///< 0: there was no answer (an Outcome that is unknown).
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;  ///< As received, untrusted.
    std::chrono::microseconds elapsed{};
};

}  // namespace patroni
