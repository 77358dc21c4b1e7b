#pragma once

#include "config/config_file.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace patctl {

/// Where a command reads and writes: the process, or a test or demo that collects.
struct Terminal {
    std::function<void(std::string_view)> out;
    std::function<void(std::string_view)> err;
    /// Asks for a password without echo; nullopt when there is nobody to ask.
    std::function<std::optional<std::string>(std::string_view prompt)> ask_secret;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    patroni::config::Environment environment = patroni::config::Environment::of_process();

    /// Colours are for terminals, and nobody wants them with NO_COLOR or TERM=dumb.
    bool color() const;

    static Terminal of_process();
};

}  // namespace patctl
