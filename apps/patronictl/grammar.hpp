#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patronictl {

class Session;
class Parsed;

enum class OptionKind {
    flag,
    text,     ///< Any text.
    texts,    ///< May be given several times; all are kept in their order.
    integer,  ///< As Python's int() reads it.
    real,     ///< As Python's float() reads it.
    choice,   ///< One of `choices`.
    file,     ///< A file that can be read, or "-": its name is kept.
};

/// One option of a command.
struct OptionSpec {
    std::string_view key;    ///< How the command asks for it: "format".
    std::string_view names;  ///< In the order of messages: "--format,-f".
    OptionKind kind = OptionKind::flag;
    std::string_view help;
    std::string_view choices = {};  ///< Comma-separated.
    /// What stands in the help for the value; empty: a word that fits the kind.
    std::string_view metavar = {};
};

/// One positional argument of a command.
struct ArgumentSpec {
    std::string_view key;      ///< "cluster_name".
    std::string_view metavar;  ///< "CLUSTER_NAME".
    bool required = false;
    bool many = false;              ///< Takes all that the others leave.
    std::string_view choices = {};  ///< Comma-separated; empty: any text.
};

/// One command: a row of the table that dispatch and help share.
struct CommandSpec {
    std::string_view name;
    std::string_view help;  ///< First sentence in the list of commands.
    std::span<const ArgumentSpec> arguments;
    std::span<const OptionSpec> options;
    /// Returns the exit code. May throw what failure.hpp names.
    int (*run)(Session& session, const Parsed& parsed) = nullptr;
};

/// What a command line says, by the keys of its specification.
class Parsed {
public:
    bool flag(std::string_view key) const { return flags_.contains(key); }
    std::optional<std::string> text(std::string_view key) const;
    std::optional<std::int64_t> integer(std::string_view key) const;
    std::optional<double> real(std::string_view key) const;
    /// Of a repeatable option or of an argument that takes many.
    std::vector<std::string> texts(std::string_view key) const;

    void set_flag(std::string_view key) { flags_.emplace(key); }
    void set_text(std::string_view key, std::string value);
    void add_text(std::string_view key, std::string value);
    void set_integer(std::string_view key, std::int64_t value);
    void set_real(std::string_view key, double value);

private:
    std::set<std::string, std::less<>> flags_;
    std::map<std::string, std::vector<std::string>, std::less<>> texts_;
    std::map<std::string, std::int64_t, std::less<>> integers_;
    std::map<std::string, double, std::less<>> reals_;
};

/// What became of a command line.
struct ParseOutcome {
    enum class Kind {
        parsed,
        help,         ///< `--help` was asked for.
        usage_error,  ///< `message`, below the lines that tell the usage.
        plain_error,  ///< `message` alone.
    };
    Kind kind = Kind::parsed;
    Parsed parsed;
    std::string message;
};

/// Whether options may follow arguments (commands), or the first argument ends them (the program).
enum class Arguments { mixed, end_options };

/// The words of one command line as click 8.1 takes them: `--opt VALUE`, `--opt=VALUE`, `-fVALUE`,
/// bundled flags, `--`. First the shape of the whole line is looked at, then the values in the
/// order in which they were given, then what is missing, then what is too much. With `end_options`
/// the rest of the line is left to `rest`.
ParseOutcome parse_command_line(std::span<const OptionSpec> options,
                                std::span<const ArgumentSpec> arguments,
                                std::span<const std::string> words,
                                Arguments mode = Arguments::mixed,
                                std::vector<std::string>* rest = nullptr);

/// The parts of a comma-separated list of a specification.
std::vector<std::string_view> parts_of(std::string_view list);

/// How an argument is written in a usage line: "CLUSTER_NAME", "[MEMBER_NAMES]...".
std::string usage_word(const ArgumentSpec& argument);

/// "--help" as every command has it.
extern const OptionSpec k_help_option;

}  // namespace patronictl
