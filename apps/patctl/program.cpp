#include "patctl/program.hpp"

#include "patctl/commands.hpp"
#include "patctl/exit_code.hpp"
#include "patctl/help.hpp"
#include "patronictl/commands.hpp"
#include "patronictl/program.hpp"

#include <algorithm>
#include <exception>

namespace patctl {
namespace {

/// The command word: the first argument that is neither an option nor an option's value.
std::size_t command_index(const std::vector<std::string>& arguments) {
    std::size_t i = 0;
    while (i < arguments.size() && arguments[i].size() > 1 && arguments[i][0] == '-') {
        const auto& argument = arguments[i];
        const auto rows = option_rows();
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const OptionRow& candidate) {
            return argument == "--" + std::string(candidate.name) ||
                   (candidate.letter != 0 && argument == "-" + std::string(1, candidate.letter));
        });
        i += row != rows.end() && !row->value.empty() ? 2 : 1;
    }
    return std::min(i, arguments.size());
}

const CommandRow* find_command(const std::string& name) {
    const auto rows = command_rows();
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const CommandRow& row) { return row.name == name; });
    return found == rows.end() ? nullptr : &*found;
}

bool is_patronictl_command(std::string_view name) {
    const auto rows = patronictl::command_table();
    return std::any_of(rows.begin(), rows.end(),
                       [&](const patronictl::CommandSpec* row) { return row->name == name; });
}

/// The commands of patronictl, with their own options: the program under its other name.
int run_patronictl(const std::vector<std::string>& arguments, Terminal& terminal) {
    auto streams = patronictl::Streams::of_process();
    streams.out = terminal.out;
    streams.err = terminal.err;
    streams.out_is_terminal = terminal.out_is_terminal;
    streams.environment = terminal.environment;
    return patronictl::run("patctl", arguments, streams);
}

int usage_exit(const std::vector<std::string>& arguments) {
    // For a monitoring system 2 would mean "no leader".
    const bool check = std::find(arguments.begin(), arguments.end(), "--check") != arguments.end();
    return check ? int{check_unknown} : int{exit_usage};
}

int unknown_command(const std::string& name, const std::vector<std::string>& arguments,
                    Terminal& terminal) {
    std::vector<std::string_view> names;
    for (const auto& row : command_rows()) {
        names.push_back(row.name);
    }
    for (const auto* row : patronictl::command_table()) {
        names.push_back(row->name);
    }
    const auto close = did_you_mean(name, names);
    terminal.err("patctl: no such command: " + name +
                 (close.empty() ? std::string() : "; did you mean " + std::string(close) + "?") +
                 "\nTry: patctl -h\n");
    return usage_exit(arguments);
}

int dispatch(const std::vector<std::string>& arguments, Terminal& terminal) {
    if (std::find(arguments.begin(), arguments.end(), "--version") != arguments.end()) {
        terminal.out("patctl " PATRONI_VERSION "\n");
        return exit_done;
    }
    const std::size_t index = command_index(arguments);
    if (index == arguments.size()) {
        const bool only_help = std::all_of(
            arguments.begin(), arguments.end(),
            [](const std::string& argument) { return argument == "-h" || argument == "--help"; });
        if (only_help) {
            terminal.out(overview());
            return exit_done;
        }
        terminal.err("patctl: no command given\nTry: patctl -h\n");
        return usage_exit(arguments);
    }
    std::vector<std::string> rest = arguments;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(index));
    const CommandRow* command = find_command(arguments[index]);
    if (command == nullptr && index + 1 < arguments.size()) {
        // A command of two words: "dcs dump".
        command = find_command(arguments[index] + " " + arguments[index + 1]);
        if (command != nullptr) {
            rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(index));
        }
    }
    if (command == nullptr && is_patronictl_command(arguments[index])) {
        return run_patronictl(arguments, terminal);
    }
    if (command == nullptr) {
        return unknown_command(arguments[index], arguments, terminal);
    }
    const auto options = parse_options(command->name, rest);
    if (!options) {
        terminal.err("patctl " + std::string(command->name) + ": " + options.error().message +
                     "\nTry: patctl " + std::string(command->name) + " -h\n");
        return usage_exit(arguments);
    }
    if (options->help) {
        terminal.out(command_help(*command));
        return exit_done;
    }
    return command->run(*options, terminal);
}

}  // namespace

int run(const std::vector<std::string>& arguments, Terminal& terminal) {
    try {
        return dispatch(arguments, terminal);
    } catch (const std::exception& failure) {
        terminal.err("patctl: internal error: " + std::string(failure.what()) + "\n");
        return exit_failed;
    }
}

}  // namespace patctl
