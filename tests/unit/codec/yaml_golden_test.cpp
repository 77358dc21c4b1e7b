#include "codec/json.hpp"
#include "codec/yaml.hpp"
#include "support/recordings.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace patroni::codec {
namespace {

std::vector<Value> golden(const char* file) {
    std::istringstream lines(testing::read_test_file(file));
    std::vector<Value> rows;
    for (std::string line; std::getline(lines, line);) {
        auto row = parse_json(line);
        EXPECT_TRUE(row) << line;
        rows.push_back(std::move(*row));
    }
    return rows;
}

TEST(YamlGolden, LoadsAsPyYaml) {
    const auto rows = golden("yaml/load.jsonl");
    ASSERT_GT(rows.size(), 200U);
    for (const Value& row : rows) {
        const std::string& text = *row.find("yaml")->if_string();
        const auto document = parse_yaml(text, "file.yml");
        if (const Value* json = row.find("json")) {
            ASSERT_TRUE(document) << text << "\n" << document.error().message;
            EXPECT_EQ(to_json(document->value), *json->if_string()) << text;
        } else {
            ASSERT_FALSE(document) << text << "\n" << to_json(document->value);
            EXPECT_EQ(document.error().kind, ErrorKind::config);
            EXPECT_EQ(document.error().endpoint, "file.yml");
            EXPECT_EQ(document.error().message.rfind("line ", 0), 0U) << document.error().message;
        }
    }
}

TEST(YamlGolden, DumpsAsPyYaml) {
    const auto rows = golden("yaml/dump.jsonl");
    ASSERT_GT(rows.size(), 300U);
    for (const Value& row : rows) {
        const auto value = parse_json(*row.find("json")->if_string());
        ASSERT_TRUE(value);
        const std::string& expected = *row.find("yaml")->if_string();
        if (row.find("libyaml_differs")) {
            EXPECT_NE(to_yaml(*value), expected) << "no longer a difference: update the table";
        } else {
            EXPECT_EQ(to_yaml(*value), expected) << *row.find("json")->if_string();
        }
    }
}

TEST(YamlGolden, WhatIsDumpedReadsBack) {
    for (const Value& row : golden("yaml/dump.jsonl")) {
        const auto value = parse_json(*row.find("json")->if_string());
        ASSERT_TRUE(value);
        const auto again = parse_yaml(to_yaml(*value), "dump");
        ASSERT_TRUE(again) << to_yaml(*value) << again.error().message;
        // A float comes back in Python's form, which a second dump leaves alone.
        EXPECT_EQ(to_yaml(again->value), to_yaml(*value));
    }
}

}  // namespace
}  // namespace patroni::codec
