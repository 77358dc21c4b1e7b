#include "codec/json.hpp"
#include "patronictl/commands.hpp"
#include "patronictl/session.hpp"
#include "support/recordings.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace patronictl;
using patroni::Value;

/// One line of tables.jsonl: a cluster, a command line, and what the real patronictl printed.
struct Case {
    std::map<std::string, patroni::StoredKey> keys;
    bool citus = false;
    std::vector<std::string> arguments;
    bool done = false;
    std::string output;
};

Case case_of(const std::string& line) {
    const auto value = patroni::codec::parse_json(line).value();
    Case one;
    for (const auto& [key, text] : *value.find("keys")->if_object()) {
        one.keys["/service/demo/" + key] = {*text.if_string(), 1};
    }
    one.citus = *value.find("citus")->if_bool();
    for (const auto& argument : *value.find("arguments")->if_array()) {
        one.arguments.push_back(*argument.if_string());
    }
    one.done = *value.find("exit")->if_int() == 0;
    one.output = *value.find("stdout")->if_string();
    return one;
}

/// Runs a command on the keys; nullopt when it fails.
std::optional<std::string> output_of(const Case& one) {
    std::string output;
    Streams streams = Streams::of_process();
    streams.out = [&](std::string_view text) { output += text; };
    Value config = Value::object();
    if (one.citus) {
        config.set("citus", Value::object({{"group", 0}, {"database", "x"}}));
    }
    Session session(
        streams,
        patroni::config::Configuration(std::move(config), {}, patroni::config::Dialect::patronictl),
        "WARNING", [&](const std::string& prefix) {
            EXPECT_EQ(prefix, "/service/demo/");
            return one.keys;
        });
    for (const auto* command : command_table()) {
        if (command->name != one.arguments.front()) {
            continue;
        }
        const auto parsed = parse_command_line(command->options, command->arguments,
                                               std::span(one.arguments).subspan(1));
        EXPECT_EQ(parsed.kind, ParseOutcome::Kind::parsed) << parsed.message;
        try {
            command->run(session, parsed.parsed);
            return output;
        } catch (const Fail&) {
            return std::nullopt;
        }
    }
    ADD_FAILURE() << "no command " << one.arguments.front();
    return std::nullopt;
}

TEST(Tables, AreThoseOfTheRealPatronictl) {
    std::istringstream lines(patroni::testing::read_test_file("patronictl/tables.jsonl"));
    std::string line;
    int count = 0;
    while (std::getline(lines, line)) {
        const Case one = case_of(line);
        const auto output = output_of(one);
        EXPECT_EQ(output.has_value(), one.done) << line;
        if (one.done && output) {
            EXPECT_EQ(*output, one.output) << line;
        }
        ++count;
    }
    EXPECT_GT(count, 200);
}

}  // namespace
