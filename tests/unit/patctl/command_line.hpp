#pragma once

#include "patctl/program.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace patroni::testing {

/// What one command line printed and returned.
struct Printed {
    int code = -1;
    std::string out, err;
};

/// Where a command line runs: no terminal, no configuration file, no variables, but as set here.
struct Surroundings {
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    std::map<std::string, std::string> variables = {};
    std::string etc = "/nonexistent";
    std::optional<std::string> typed_password = std::nullopt;
};

inline Printed patctl(const std::vector<std::string>& arguments, const Surroundings& around = {}) {
    Printed printed;
    ::patctl::Terminal terminal;
    terminal.out = [&](std::string_view text) { printed.out += text; };
    terminal.err = [&](std::string_view text) { printed.err += text; };
    terminal.ask_secret = [&](std::string_view) { return around.typed_password; };
    terminal.out_is_terminal = around.out_is_terminal;
    terminal.err_is_terminal = around.err_is_terminal;
    terminal.environment.etc = around.etc;
    terminal.environment.variable = [&](const std::string& name) -> std::optional<std::string> {
        const auto found = around.variables.find(name);
        return found == around.variables.end() ? std::nullopt : std::optional(found->second);
    };
    printed.code = ::patctl::run(arguments, terminal);
    return printed;
}

}  // namespace patroni::testing
