#include "patronictl/program.hpp"

#include "base/text.hpp"
#include "config/load.hpp"
#include "patronictl/commands.hpp"
#include "patronictl/failure.hpp"
#include "patronictl/help.hpp"
#include "patronictl/prompts.hpp"
#include "patronictl/python_text.hpp"
#include "patronictl/session.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <unistd.h>

namespace patronictl {
namespace {

constexpr std::array k_global_options{
    OptionSpec{"config_file", "--config-file,-c", OptionKind::text, "Configuration file or folder"},
    OptionSpec{"dcs_url", "--dcs-url,--dcs,-d", OptionKind::text,
               "The store: [SCHEME://]HOST[:PORT][/NAMESPACE]"},
    OptionSpec{"insecure", "--insecure,-k", OptionKind::flag,
               "Do not verify certificates of members"},
};

/// One run of the program.
class Run {
public:
    Run(std::string_view name, Streams& streams) : name_(name), streams_(streams) {
        const auto columns = streams.environment.variable("COLUMNS");
        width_ =
            help_width(columns ? patroni::parse_integer<std::size_t>(*columns).value_or(80) : 80);
    }

    int dispatch(const std::vector<std::string>& arguments) {
        if (arguments.empty()) {
            return show_help(nullptr);
        }
        std::vector<std::string> rest;
        const auto global =
            parse_command_line(k_global_options, {}, arguments, Arguments::end_options, &rest);
        if (global.kind != ParseOutcome::Kind::parsed) {
            return end(global, nullptr);
        }
        if (rest.empty()) {
            return usage_error(nullptr, "Missing command.");
        }
        const CommandSpec* command = find(rest.front());
        if (command == nullptr && looks_like_option(rest.front())) {
            return show_help(nullptr);
        }
        if (command == nullptr) {
            return usage_error(nullptr, "No such command " + python_repr(rest.front()) + ".");
        }
        Session session(streams_, load(global.parsed), log_level());
        const auto parsed =
            parse_command_line(command->options, command->arguments, std::span(rest).subspan(1));
        if (parsed.kind != ParseOutcome::Kind::parsed) {
            return end(parsed, command);
        }
        return command->run(session, parsed.parsed);
    }

private:
    /// click takes such a word for an option, and then finds no command at all.
    static bool looks_like_option(std::string_view word) {
        const char first = word.empty() ? 'x' : word.front();
        return !patroni::is_letter(first) && !patroni::is_digit(first) &&
               static_cast<unsigned char>(first) < 0x80;
    }

    static const CommandSpec* find(std::string_view name) {
        const auto table = command_table();
        const auto found = std::find_if(table.begin(), table.end(),
                                        [&](const CommandSpec* one) { return one->name == name; });
        return found == table.end() ? nullptr : *found;
    }

    std::string log_level() const {
        std::string level = "WARNING";
        for (const auto* name : {"LOGLEVEL", "PATRONI_LOGLEVEL", "PATRONI_LOG_LEVEL"}) {
            level = streams_.environment.variable(name).value_or(level);
        }
        if (!is_log_level(level)) {
            throw Fail("Unknown level: " + python_repr(level));
        }
        return level;
    }

    patroni::config::Configuration load(const Parsed& global) const {
        patroni::config::Choices choices;
        choices.path = global.text("config_file");
        choices.dcs_url = global.text("dcs_url");
        choices.insecure = global.flag("insecure");
        auto loaded = patroni::config::load_as_patronictl(choices, streams_.environment);
        if (!loaded) {
            throw Fail(to_line(loaded.error()));
        }
        return std::move(*loaded);
    }

    int show_help(const CommandSpec* command) const {
        streams_.out(help_text(name_, k_global_options, command, width_));
        return 0;
    }

    int usage_error(const CommandSpec* command, const std::string& message) const {
        std::string path(name_);
        if (command != nullptr) {
            path += " " + std::string(command->name);
        }
        streams_.err(usage_line(name_, command, width_) + "Try '" + path +
                     " --help' for help.\n\nError: " + message + "\n");
        return 2;
    }

    int end(const ParseOutcome& outcome, const CommandSpec* command) const {
        if (outcome.kind == ParseOutcome::Kind::help) {
            return show_help(command);
        }
        if (outcome.kind == ParseOutcome::Kind::usage_error) {
            return usage_error(command, outcome.message);
        }
        streams_.err("Error: " + outcome.message + "\n");
        return 2;
    }

    std::string_view name_;
    Streams& streams_;
    std::size_t width_ = 78;
};

/// Ctrl-C ends the program from wherever it is. On a new line, except at a question, as click does.
void interrupted(int) {
    const std::string_view text = is_asking() ? "Aborted!\n" : "\nAborted!\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
    _exit(1);
}

}  // namespace

int run(std::string_view name, const std::vector<std::string>& arguments, Streams& streams) {
    try {
        return Run(name, streams).dispatch(arguments);
    } catch (const Fail& failure) {
        streams.err("Error: " + std::string(failure.what()) + "\n");
    } catch (const Abort&) {
        streams.err("Aborted!\n");
    } catch (const std::exception& failure) {
        streams.err("Error: " + std::string(failure.what()) + "\n");
    }
    return 1;
}

int run_process(std::string_view name, const std::vector<std::string>& arguments) {
    std::signal(SIGINT, &interrupted);
    std::signal(SIGPIPE, SIG_IGN);
    auto streams = Streams::of_process();
    return run(name, arguments, streams);
}

}  // namespace patronictl
