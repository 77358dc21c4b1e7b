#include "check.hpp"
#include "parts.hpp"
#include "patronictl/commands.hpp"
#include "patronictl/grammar.hpp"
#include "patronictl/help.hpp"

#include <string>
#include <vector>

using patronictl::ParseOutcome;

namespace {

/// The arguments as the plainest command line that says the same.
std::vector<std::string> written(const patronictl::CommandSpec& command,
                                 const patronictl::Parsed& parsed) {
    std::vector<std::string> words;
    for (const auto& option : command.options) {
        const std::string name(patronictl::parts_of(option.names).front());
        if (parsed.flag(option.key)) {
            words.push_back(name);
        }
        for (const auto& text : parsed.texts(option.key)) {
            words.push_back(name);
            words.push_back(text);
        }
        if (const auto number = parsed.integer(option.key)) {
            words.push_back(name);
            words.push_back(std::to_string(*number));
        }
    }
    words.emplace_back("--");
    for (const auto& argument : command.arguments) {
        for (const auto& text : parsed.texts(argument.key)) {
            words.push_back(text);
        }
    }
    return words;
}

}  // namespace

/// The number of a command in one byte, then its words, one in a line.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using patroni::fuzz::check;
    if (size == 0) {
        return 0;
    }
    const auto table = patronictl::command_table();
    const auto& command = *table[data[0] % table.size()];
    std::vector<std::string> words;
    for (const auto part : patroni::fuzz::parts(patroni::fuzz::text(data + 1, size - 1), '\n')) {
        words.emplace_back(part);
    }
    const auto outcome = patronictl::parse_command_line(command.options, command.arguments, words);
    if (outcome.kind == ParseOutcome::Kind::help) {
        check(!patronictl::help_text("patronictl", {}, &command, 78).empty(), "there is help");
        return 0;
    }
    if (outcome.kind != ParseOutcome::Kind::parsed) {
        check(!outcome.message.empty(), "it says what is wrong");
        return 0;
    }
    const auto plain = written(command, outcome.parsed);
    const auto again = patronictl::parse_command_line(command.options, command.arguments, plain);
    check(again.kind == ParseOutcome::Kind::parsed, "what was written can be read");
    check(written(command, again.parsed) == plain, "it reads back");
    return 0;
}
