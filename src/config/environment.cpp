#include "config/environment.hpp"

#include <cstdlib>
#include <pwd.h>
#include <unistd.h>

namespace patroni::config {
namespace {

/// Of the user, as Python's expanduser finds it.
std::string home(const Environment& environment) {
    if (auto home = environment.variable("HOME")) {
        return *home;
    }
    const passwd* user = getpwuid(getuid());
    return user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "";
}

}  // namespace

Environment Environment::of_process() {
    Environment environment;
    environment.variable = [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
    };
    return environment;
}

std::optional<std::string> Environment::set(std::string_view name) const {
    auto value = variable(std::string(name));
    return value && !value->empty() ? value : std::nullopt;
}

std::string Environment::personal_file() const {
    auto folder = set("XDG_CONFIG_HOME");
    return (folder ? *folder : home(*this) + "/.config") + "/patroni/patronictl.yaml";
}

}  // namespace patroni::config
