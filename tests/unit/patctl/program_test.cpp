// The program without a cluster: help, version, wrong use and their exit codes.
#include "patctl/commands.hpp"
#include "patctl/terminal.hpp"
#include "unit/patctl/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace patroni::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Words = std::vector<std::string>;

TEST(Program, BareAndHelpShowEveryCommandAndSource) {
    for (const auto& words : {Words{}, Words{"-h"}, Words{"--help"}}) {
        const auto printed = patctl(words);
        EXPECT_EQ(printed.code, 0);
        EXPECT_EQ(printed.err, "");
        for (const auto* word : {"usage: patctl", "discover", "status", "--registrator", "--etcd3",
                                 "--etcd ", "--api", "--members", "-c FILE", "--version"}) {
            EXPECT_THAT(printed.out, HasSubstr(word));
        }
    }
}

TEST(Program, EveryCommandHasHelpWithTwoExamplesAndEveryOption) {
    for (const auto& command : ::patctl::command_rows()) {
        const std::string name(command.name);
        for (const auto& words :
             {Words{name, "-h"}, Words{"-h", name}, Words{name, "x", "--help"}}) {
            const auto printed = patctl(words);
            EXPECT_EQ(printed.code, 0) << name;
            EXPECT_THAT(printed.out, StartsWith("usage: patctl " + name));
            const auto examples = printed.out.substr(printed.out.find("Examples:"));
            EXPECT_EQ(std::count(examples.begin(), examples.end(), '\n'), 3) << examples;
            for (const auto& row : ::patctl::option_rows()) {
                EXPECT_THAT(printed.out, HasSubstr("--" + std::string(row.name)));
            }
            std::size_t start = 0;
            for (auto end = printed.out.find('\n'); end != std::string::npos;
                 start = end + 1, end = printed.out.find('\n', start)) {
                EXPECT_LE(end - start, 100U) << printed.out.substr(start, end - start);
            }
        }
    }
}

TEST(Program, TheExamplesOfTheHelpAreUnderstood) {
    for (const auto& command : ::patctl::command_rows()) {
        std::string line;
        for (const char c : std::string(command.examples) + "\n") {
            if (c != '\n') {
                line += c;
                continue;
            }
            Words words;
            for (std::size_t start = 0; start < line.size();) {
                const auto end = std::min(line.find(' ', start), line.size());
                words.push_back(line.substr(start, end - start));
                start = end + 1;
            }
            EXPECT_TRUE(line.starts_with("patctl " + std::string(command.name) + " ")) << line;
            const auto of_name = 2 + std::ranges::count(command.name, ' ');
            ASSERT_GE(words.size(), static_cast<std::size_t>(of_name));
            words.erase(words.begin(), words.begin() + of_name);
            EXPECT_TRUE(::patctl::parse_options(command.name, words)) << line;
            line.clear();
        }
    }
}

TEST(Program, SaysItsVersion) {
    for (const auto& words : {Words{"--version"}, Words{"status", "--version"}}) {
        const auto printed = patctl(words);
        EXPECT_EQ(printed.code, 0);
        EXPECT_THAT(printed.out, ::testing::MatchesRegex("patctl [0-9]+\\.[0-9]+\\.[0-9]+\n"));
    }
}

TEST(Program, WrongUseIsExitCodeTwoOnStderr) {
    const struct {
        Words words;
        const char* message;
    } table[] = {
        {{"statsu"}, "no such command: statsu; did you mean status?"},
        {{"launch"}, "no such command: launch\n"},
        {{"-v"}, "no command given"},
        {{"status", "--fromat", "x"}, "did you mean --format?"},
        {{"-f", "json"}, "no command given"},
    };
    for (const auto& row : table) {
        const auto printed = patctl(row.words);
        EXPECT_EQ(printed.code, 2) << printed.err;
        EXPECT_EQ(printed.out, "");
        EXPECT_THAT(printed.err,
                    AllOf(StartsWith("patctl"), HasSubstr(row.message), HasSubstr("Try: patctl")));
    }
}

TEST(Program, WrongUseOfAHealthCheckIsUnknownNotNoLeader) {
    EXPECT_EQ(patctl({"status", "--check", "--fromat"}).code, 3);
    EXPECT_EQ(patctl({"discover", "--check"}).code, 3) << "who asks so reads 2 as no leader";
    EXPECT_EQ(patctl({"status", "--check"}).code, 3) << "no source";
    EXPECT_EQ(patctl({"status", "--check", "--api", "h:99999"}).code, 3);
}

TEST(Program, OptionsMayStandBeforeTheCommand) {
    const auto printed = patctl({"--api", "h:99999", "-f", "json", "status"});
    EXPECT_EQ(printed.code, 2);
    EXPECT_THAT(printed.err, HasSubstr("--api"));
}

TEST(Colour, IsForTerminalsAndNotForNoColor) {
    const struct {
        bool terminal;
        std::map<std::string, std::string> variables;
        bool color;
    } table[] = {
        {true, {}, true},
        {false, {}, false},
        {true, {{"NO_COLOR", "1"}}, false},
        {true, {{"NO_COLOR", ""}}, true},  // https://no-color.org: not empty.
        {true, {{"TERM", "dumb"}}, false},
        {true, {{"TERM", "xterm"}}, true},
    };
    for (const auto& row : table) {
        ::patctl::Terminal terminal;
        terminal.out_is_terminal = row.terminal;
        terminal.environment.variable = [&](const std::string& name) -> std::optional<std::string> {
            const auto found = row.variables.find(name);
            return found == row.variables.end() ? std::nullopt : std::optional(found->second);
        };
        EXPECT_EQ(terminal.color(), row.color);
    }
}

}  // namespace
}  // namespace patroni::testing
