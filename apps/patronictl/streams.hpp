#pragma once

#include "config/config_file.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace patronictl {

/// Where a command reads and writes: the process, or a test that collects.
struct Streams {
    std::function<void(std::string_view)> out;  ///< Written at once.
    std::function<void(std::string_view)> err;
    /// The next line of standard input without its end; nullopt at the end of input.
    std::function<std::optional<std::string>()> read_line;
    /// All that is left of standard input.
    std::function<std::string()> read_all;
    /// Asks on the terminal without echo; nullopt at the end of input.
    std::function<std::optional<std::string>(std::string_view prompt)> ask_hidden;
    std::function<void(std::chrono::duration<double>)> sleep;
    std::function<std::chrono::system_clock::time_point()> now;
    bool in_is_terminal = false;
    bool out_is_terminal = false;
    patroni::config::Environment environment = patroni::config::Environment::of_process();

    static Streams of_process();
};

}  // namespace patronictl
