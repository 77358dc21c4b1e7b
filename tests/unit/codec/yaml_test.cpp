#include "codec/yaml.hpp"

#include "codec/json.hpp"

#include <gtest/gtest.h>

namespace patroni::codec {
namespace {

std::string message(std::string_view text) {
    const auto document = parse_yaml(text, "file.yml");
    return document ? "no error" : document.error().message;
}

TEST(Yaml, KnowsTheLineOfEachKey) {
    const auto document = parse_yaml(
        "scope: demo\n"
        "etcd3:\n"
        "  hosts:\n"
        "  - 10.0.0.1:2379\n"
        "  - host: b\n"
        "\n"
        "list: [1,\n"
        "  2]\n",
        "file.yml");
    ASSERT_TRUE(document);
    const std::map<std::string, std::size_t, std::less<>> expected{
        {"scope", 1},          {"etcd3", 2},          {"etcd3.hosts", 3},
        {"etcd3.hosts[0]", 4}, {"etcd3.hosts[1]", 5}, {"etcd3.hosts[1].host", 5},
        {"list", 7},           {"list[0]", 7},        {"list[1]", 8}};
    EXPECT_EQ(document->lines, expected);
}

TEST(Yaml, WhatIsMergedHasTheLineOfTheMerge) {
    const auto document = parse_yaml("own: 1\n<<: {etcd: {host: h}, own: 2}\n", "file.yml");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->lines.at("etcd"), 2U);
    EXPECT_EQ(document->lines.at("own"), 1U);
}

TEST(Yaml, ErrorsNameThePlaceAndNotTheText) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"a: 1\nb: s3cret: x\n", "line 2, column 10: "},
        {"a: 1\n b: 's3cret\n", "line 2, column 3: "},
        {"password: !s3cret x\n", "line 1, column 11: "},
        {"password: *s3cret\n", "line 1, column 11: "},
        {"a: \"s3cret\\q\"\n", "line 1, column "},
        {"a: 1\n---\nb: 2\n", "line 2, column 1: "},
    };
    for (const auto& [text, place] : rows) {
        EXPECT_EQ(message(text).substr(0, place.size()), place) << text;
        EXPECT_EQ(message(text).find("s3cret"), std::string::npos) << message(text);
    }
}

TEST(Yaml, BoundsDepth) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(message(nested(65)), "no error");
    EXPECT_NE(message(nested(66)).find("nested more than 64"), std::string::npos);
    EXPECT_NE(message(nested(100'000)).find("nested more than 64"), std::string::npos);
    std::string ladder = "a0: &a0 1\n";
    for (int i = 1; i < 100; ++i) {
        const std::string n = std::to_string(i);
        ladder += "a" + n + ": &a" + n + " [*a" + std::to_string(i - 1) + "]\n";
    }
    EXPECT_NE(message(ladder).find("nested more than 64"), std::string::npos);
}

TEST(Yaml, BoundsWhatAliasesStandFor) {
    std::string bomb = "a0: &a0 x\n";
    for (int i = 1; i < 20; ++i) {
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j < 10; ++j) {
            bomb += (j == 0 ? "*a" : ", *a") + std::to_string(i - 1);
        }
        bomb += "]\n";
    }
    EXPECT_NE(message(bomb).find("too many nodes"), std::string::npos);

    std::string heavy = "a: &a " + std::string(1 << 20, 'x') + "\nb: [";
    for (int i = 0; i < 1000; ++i) {
        heavy += i == 0 ? "*a" : ", *a";
    }
    EXPECT_NE(message(heavy + "]\n").find("too many nodes"), std::string::npos);

    std::string plenty = "a: &a {x: 1}\nb: [";
    for (int i = 0; i < 1000; ++i) {
        plenty += i == 0 ? "*a" : ", *a";
    }
    EXPECT_EQ(message(plenty + "]\n"), "no error");
}

TEST(Yaml, DumpKeepsNumbersOfAnyForm) {
    const auto value = parse_json("[18446744073709551616,-0,1e3,1.10,1E400,18446744073709551615]");
    ASSERT_TRUE(value);
    EXPECT_EQ(to_yaml(*value),
              "- 18446744073709551616\n- 0\n- 1000.0\n- 1.1\n- .inf\n- 18446744073709551615\n");
}

TEST(Yaml, DumpSurvivesWhatIsNoUtf8) {
    const std::string text = to_yaml(Value::object({{"a\xFF", "b\xC3("}, {"c", 1}}));
    const auto again = parse_yaml(text, "dump");
    ASSERT_TRUE(again) << text;
    EXPECT_EQ(again->value, Value::object({{"a\uFFFD", "b\uFFFD("}, {"c", 1}}));
}

}  // namespace
}  // namespace patroni::codec
