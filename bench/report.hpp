#pragma once

#include <cstdio>
#include <cstring>
#include <string>

namespace patroni::bench {

/// Peak of this program alone (ru_maxrss of a child starts with its parent's).
inline long peak_memory_kib() {
    long kib = 0;
    if (std::FILE* file = std::fopen("/proc/self/status", "re")) {
        char line[256];
        while (std::fgets(line, sizeof line, file)) {
            std::sscanf(line, "VmHWM: %ld", &kib);
        }
        std::fclose(file);
    }
    return kib;
}

/// The address of member number `index`: each has its own.
inline std::string address_of(int index) {
    return "127.1." + std::to_string(index / 256) + '.' + std::to_string(index % 256);
}

/// The one line that bench/run reads.
inline void print_report(long requests, long failed) {
    std::printf("{\"requests\": %ld, \"failed\": %ld, \"peak_kib\": %ld}\n", requests, failed,
                peak_memory_kib());
}

}  // namespace patroni::bench
