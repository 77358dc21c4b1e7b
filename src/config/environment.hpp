#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace patroni::config {

/// How the outside world is asked: replaced in tests.
struct Environment {
    std::function<std::optional<std::string>(const std::string& name)> variable;
    /// Where the system keeps Patroni's files; "/etc" but in tests.
    std::string etc = "/etc";

    static Environment of_process();

    /// A variable that is set and not empty.
    std::optional<std::string> set(std::string_view name) const;
    /// `$XDG_CONFIG_HOME/patroni/patronictl.yaml`, else `~/.config/patroni/patronictl.yaml`.
    std::string personal_file() const;
};

}  // namespace patroni::config
