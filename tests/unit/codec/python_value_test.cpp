#include "codec/python_value.hpp"

#include "codec/config_patch.hpp"
#include "codec/json.hpp"
#include "codec/python_json.hpp"
#include "codec/python_yaml.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace patroni::codec {
namespace {

/// One case of tests/data/python_yaml, and what it says of itself when it fails.
class Case {
public:
    Case(Value value, std::string line) : value_(std::move(value)), line_(std::move(line)) {}

    bool has(std::string_view key) const { return value_.find(key) != nullptr; }
    const Value& at(std::string_view key) const {
        static const Value none;
        const Value* found = value_.find(key);
        return found ? *found : none;
    }
    const std::string& line() const { return line_; }

private:
    Value value_;
    std::string line_;
};

const std::string& text_of(const Value& value) {
    static const std::string none = "(no text)";
    return value.if_string() ? *value.if_string() : none;
}

std::string dumped(const PythonValue& value, const PythonYamlStyle& style) {
    const auto out = dump_python_yaml(value, style);
    return out ? *out : "(error)";
}

Value json_or_null(const PythonValue& value, bool compact) {
    const auto out = dump_python_json(value, compact);
    return out ? Value(*out) : Value();
}

void check_written(const PythonValue& value, const Case& given) {
    const Value& written = given.at("written");
    const auto field = [&](std::string_view key) {
        const Value* found = written.find(key);
        return found ? *found : Value();
    };
    EXPECT_EQ(dumped(value, {}), text_of(field("block"))) << given.line();
    EXPECT_EQ(dumped(value, {.flow = true}), text_of(field("flow"))) << given.line();
    EXPECT_EQ(json_or_null(value, false), field("json")) << given.line();
    EXPECT_EQ(json_or_null(value, true), field("compact")) << given.line();
    // A set has no order in Python.
    if (text_of(field("block")).find("!!set") == std::string::npos) {
        EXPECT_EQ(dumped(value, {.width = 20, .sort_keys = false}), text_of(field("narrow")))
            << given.line();
        EXPECT_EQ(python_str(value), text_of(field("str"))) << given.line();
    }
}

void check_load(const Case& given) {
    const auto loaded = load_python_yaml(text_of(given.at("yaml")), "file");
    ASSERT_EQ(loaded.has_value(), !given.at("written").is_null())
        << given.line() << (loaded ? "" : loaded.error().message);
    if (loaded) {
        check_written(*loaded, given);
    }
}

void check_patch(const Case& given) {
    Value as_json = given.at("before");
    patch_config(as_json, given.at("patch"));
    EXPECT_EQ(to_json(as_json), to_json(given.at("after"))) << given.line();
    const PythonValue before(given.at("before"));
    PythonValue after = before.deep_copy();
    patch_config(*after.if_dict(), *PythonValue(given.at("patch")).if_dict());
    EXPECT_EQ(json_or_null(after, true), Value(to_json(given.at("after")))) << given.line();
    EXPECT_EQ(before == after, given.at("equal") == Value(true)) << given.line();
}

void check_pair(const Case& given) {
    PythonValue config(given.at("before"));
    const auto set = set_config_pair(*config.if_dict(), text_of(given.at("pair")));
    ASSERT_TRUE(set) << given.line();
    EXPECT_EQ(json_or_null(config, true), Value(to_json(given.at("after")))) << given.line();
}

TEST(PythonCases, AreWhatPythonMakesOfThem) {
    const char* other = std::getenv("PATRONI_PYTHON_CASES");
    std::ifstream file(other ? other : PATRONI_TEST_DATA "/python_yaml/cases.jsonl");
    std::string line;
    int cases = 0;
    for (; std::getline(file, line); ++cases) {
        auto parsed = parse_json(line);
        ASSERT_TRUE(parsed) << line;
        const Case given(std::move(*parsed), line);
        if (given.has("yaml")) {
            check_load(given);
        } else if (given.has("value")) {
            check_written(PythonValue(given.at("value")), given);
        } else if (given.has("pair")) {
            check_pair(given);
        } else {
            check_patch(given);
        }
    }
    EXPECT_GT(cases, 300);
}

TEST(PythonValue, CopiesWithAndWithoutWhatIsShared) {
    const auto loaded = load_python_yaml("a: &x {n: 1}\nb: *x\n", "file");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(dumped(loaded->deep_copy(), {}), "a: &id001\n  n: 1\nb: *id001\n");
    EXPECT_EQ(dumped(loaded->unshared_copy(), {}), "a:\n  n: 1\nb:\n  n: 1\n");
    PythonValue copy = loaded->deep_copy();
    ASSERT_TRUE(set_config_pair(*copy.if_dict(), "a.n=2"));
    EXPECT_EQ(dumped(copy, {.flow = true}), "{a: &id001 {n: 2}, b: *id001}\n");
    EXPECT_EQ(dumped(*loaded, {.flow = true}), "{a: &id001 {n: 1}, b: *id001}\n");
}

TEST(PythonYaml, RefusesWhatStandsForTooMuch) {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 8; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
        for (int j = 0; j < 9; ++j) {
            text += ", " + before;
        }
        text += "]\n";
    }
    EXPECT_FALSE(load_python_yaml(text, "file"));
    EXPECT_FALSE(load_python_yaml(std::string(100, '['), "file"));
    EXPECT_FALSE(load_python_yaml("a: &a [*a]", "file"));
    EXPECT_FALSE(load_python_yaml("a: 1\n---\nb: 2\n", "file"));
    EXPECT_FALSE(load_python_yaml("? [a]\n: 1\n", "file"));
    const auto empty = load_python_yaml("", "file");
    ASSERT_TRUE(empty);
    EXPECT_TRUE(empty->is_none());
}

TEST(ConfigPatch, SaysWhichPairIsNone) {
    PythonValue config{PythonValue::Dict{}};
    const auto no_equals = set_config_pair(*config.if_dict(), "ttl");
    ASSERT_FALSE(no_equals);
    EXPECT_EQ(no_equals.error().message, "Invalid parameter setting ttl");
    EXPECT_FALSE(set_config_pair(*config.if_dict(), "a=[1"));
}

}  // namespace
}  // namespace patroni::codec
