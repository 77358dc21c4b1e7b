#include "patronictl/grammar.hpp"

#include <gtest/gtest.h>

#include <array>

namespace {

using namespace patronictl;
using Kind = ParseOutcome::Kind;

constexpr std::array k_options{
    OptionSpec{"group", "--group", OptionKind::integer, ""},
    OptionSpec{"extended", "--extended,-e", OptionKind::flag, ""},
    OptionSpec{"timestamp", "--timestamp,-t", OptionKind::flag, ""},
    OptionSpec{"format", "--format,-f", OptionKind::choice, "", "pretty,tsv,json,yaml,yml"},
    OptionSpec{"watch", "-w,--watch", OptionKind::real, ""},
    OptionSpec{"set", "--set,-s", OptionKind::texts, ""},
    OptionSpec{"file", "--file", OptionKind::file, ""},
};
constexpr std::array k_arguments{
    ArgumentSpec{"cluster_name", "CLUSTER_NAME", true, false},
    ArgumentSpec{"member_names", "MEMBER_NAMES", false, true},
    ArgumentSpec{"target", "TARGET", true, false, "restart,switchover"}};

ParseOutcome parse(std::vector<std::string> words,
                   std::span<const ArgumentSpec> arguments = std::span(k_arguments).first(2)) {
    return parse_command_line(k_options, arguments, words);
}

std::string error_of(std::vector<std::string> words,
                     std::span<const ArgumentSpec> arguments = std::span(k_arguments).first(2)) {
    const auto outcome = parse(std::move(words), arguments);
    EXPECT_EQ(outcome.kind, Kind::usage_error);
    return outcome.message;
}

TEST(Grammar, TakesOptionsAndArgumentsInAnyOrder) {
    const auto outcome =
        parse({"-te", "batman", "--format=json", "--group", "1", "pg1", "pg2", "-w2.5"});
    ASSERT_EQ(outcome.kind, Kind::parsed) << outcome.message;
    EXPECT_TRUE(outcome.parsed.flag("extended"));
    EXPECT_TRUE(outcome.parsed.flag("timestamp"));
    EXPECT_EQ(outcome.parsed.text("format"), "json");
    EXPECT_EQ(outcome.parsed.integer("group"), 1);
    EXPECT_EQ(outcome.parsed.real("watch"), 2.5);
    EXPECT_EQ(outcome.parsed.text("cluster_name"), "batman");
    EXPECT_EQ(outcome.parsed.texts("member_names"), (std::vector<std::string>{"pg1", "pg2"}));
}

TEST(Grammar, LastValueWinsAndListsGrow) {
    const auto outcome = parse({"-f", "tsv", "-f", "json", "-s", "b=1", "--set=a=2", "c"});
    ASSERT_EQ(outcome.kind, Kind::parsed) << outcome.message;
    EXPECT_EQ(outcome.parsed.text("format"), "json");
    EXPECT_EQ(outcome.parsed.texts("set"), (std::vector<std::string>{"b=1", "a=2"}));
}

TEST(Grammar, TwoDashesEndTheOptions) {
    const auto outcome = parse({"--", "-f", "--group"});
    ASSERT_EQ(outcome.kind, Kind::parsed) << outcome.message;
    EXPECT_EQ(outcome.parsed.text("cluster_name"), "-f");
    EXPECT_EQ(outcome.parsed.texts("member_names"), (std::vector<std::string>{"--group"}));
}

TEST(Grammar, OptionsEatWhatFollowsThem) {
    EXPECT_EQ(parse({"-s", "--force", "x"}).parsed.texts("set"),
              (std::vector<std::string>{"--force"}));
    EXPECT_EQ(parse({"-s=a", "x"}).parsed.texts("set"), (std::vector<std::string>{"=a"}));
    EXPECT_EQ(parse({"-", "x"}).parsed.text("cluster_name"), "-");
}

TEST(Grammar, HelpComesBeforeWhatIsMissing) {
    EXPECT_EQ(parse({"--help"}).kind, Kind::help);
    EXPECT_EQ(parse({"--format", "nope", "--help"}).kind, Kind::help);
    EXPECT_EQ(parse({"--help", "--nope"}).kind, Kind::usage_error);
}

TEST(Grammar, ArgumentsBehindTheOneThatTakesManyComeFromTheEnd) {
    const auto outcome = parse({"batman", "a", "b", "restart"}, k_arguments);
    ASSERT_EQ(outcome.kind, Kind::parsed) << outcome.message;
    EXPECT_EQ(outcome.parsed.texts("member_names"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(outcome.parsed.text("target"), "restart");
    EXPECT_EQ(
        error_of({"batman", "pg2"}, k_arguments),
        "Invalid value for '{restart|switchover}': 'pg2' is not one of 'restart', 'switchover'.");
    EXPECT_EQ(error_of({"batman"}, k_arguments),
              "Missing argument '{restart|switchover}'. Choose from:\n\trestart,\n\tswitchover");
}

TEST(Grammar, SaysWhatIsWrongAsClickDoes) {
    EXPECT_EQ(error_of({}), "Missing argument 'CLUSTER_NAME'.");
    EXPECT_EQ(error_of({"x", "--forma", "tsv"}), "No such option: --forma Did you mean --format?");
    EXPECT_EQ(error_of({"x", "--zzz"}), "No such option: --zzz");
    EXPECT_EQ(error_of({"x", "-z"}), "No such option: -z");
    EXPECT_EQ(error_of({"x", "-ez"}), "No such option: -z");
    EXPECT_EQ(error_of({"x", "-f", "xml"}),
              "Invalid value for '--format' / '-f': 'xml' is not one of 'pretty', 'tsv', 'json', "
              "'yaml', 'yml'.");
    EXPECT_EQ(error_of({"x", "--group", "one"}),
              "Invalid value for '--group': 'one' is not a valid integer.");
    EXPECT_EQ(error_of({"x", "-w", "abc"}),
              "Invalid value for '-w' / '--watch': 'abc' is not a valid float.");
    EXPECT_EQ(error_of({"x", "--file", "no/such"}),
              "Invalid value for '--file': 'no/such': No such file or directory");
    const auto one = std::span(k_arguments).first(1);
    EXPECT_EQ(error_of({"x", "robin"}, one), "Got unexpected extra argument (robin)");
    EXPECT_EQ(error_of({"x", "a", "b"}, one), "Got unexpected extra arguments (a b)");
}

TEST(Grammar, ShapeIsLookedAtBeforeValues) {
    EXPECT_EQ(error_of({"x", "-f", "xml", "--nope"}), "No such option: --nope");
    EXPECT_EQ(error_of({"-w", "abc", "-f", "xml"}),
              "Invalid value for '-w' / '--watch': 'abc' is not a valid float.");
}

TEST(Grammar, SomeErrorsStandAlone) {
    auto outcome = parse({"x", "-f"});
    EXPECT_EQ(outcome.kind, Kind::plain_error);
    EXPECT_EQ(outcome.message, "Option '-f' requires an argument.");
    outcome = parse({"x", "--extended=1"});
    EXPECT_EQ(outcome.kind, Kind::plain_error);
    EXPECT_EQ(outcome.message, "Option '--extended' does not take a value.");
}

TEST(Grammar, TheProgramLeavesTheRestToTheCommand) {
    std::vector<std::string> rest;
    const std::vector<std::string> words{"-e", "list", "-f", "json"};
    const auto outcome = parse_command_line(k_options, {}, words, Arguments::end_options, &rest);
    ASSERT_EQ(outcome.kind, Kind::parsed) << outcome.message;
    EXPECT_TRUE(outcome.parsed.flag("extended"));
    EXPECT_EQ(rest, (std::vector<std::string>{"list", "-f", "json"}));
}

TEST(Grammar, ArgumentsInUsageLines) {
    EXPECT_EQ(usage_word(k_arguments[0]), "CLUSTER_NAME");
    EXPECT_EQ(usage_word(k_arguments[1]), "[MEMBER_NAMES]...");
    EXPECT_EQ(usage_word(k_arguments[2]), "{restart|switchover}");
}

}  // namespace
