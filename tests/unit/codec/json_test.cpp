#include "codec/json.hpp"

#include "support/recordings.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace patroni::codec {
namespace {

/// The same document in the hands of another library.
bool same(const Value& ours, const boost::json::value& theirs) {
    switch (theirs.kind()) {
        case boost::json::kind::null:
            return ours.is_null();
        case boost::json::kind::bool_:
            return ours.if_bool() && *ours.if_bool() == theirs.as_bool();
        case boost::json::kind::int64:
            return ours.if_int() && *ours.if_int() == theirs.as_int64();
        case boost::json::kind::uint64:
            return ours.if_uint() && *ours.if_uint() == theirs.as_uint64();
        case boost::json::kind::double_:
            return ours.if_number() && ours.if_number()->as_double() == theirs.as_double();
        case boost::json::kind::string:
            return ours.if_string() && *ours.if_string() == std::string_view(theirs.as_string());
        case boost::json::kind::array: {
            const auto* array = ours.if_array();
            if (!array || array->size() != theirs.as_array().size()) {
                return false;
            }
            for (std::size_t i = 0; i < array->size(); ++i) {
                if (!same((*array)[i], theirs.as_array()[i])) {
                    return false;
                }
            }
            return true;
        }
        case boost::json::kind::object: {
            const auto* object = ours.if_object();
            if (!object || object->size() != theirs.as_object().size()) {
                return false;
            }
            auto field = object->begin();
            for (const auto& [key, value] : theirs.as_object()) {
                if (field->first != std::string_view(key) || !same(field->second, value)) {
                    return false;
                }
                ++field;
            }
            return true;
        }
    }
    return false;
}

TEST(Json, ReadsEveryRecordedDocumentAsAnotherLibraryDoes) {
    std::size_t count = 0;
    for (const char* file : {"status", "cluster", "other"}) {
        for (const auto& answer : testing::recorded_answers(file)) {
            const auto value = parse_json(answer.body);
            ASSERT_TRUE(value) << answer.name << ": " << value.error().message;
            EXPECT_TRUE(same(*value, boost::json::parse(answer.body))) << answer.name;
            EXPECT_EQ(*parse_json(to_json(*value)), *value) << answer.name;
            EXPECT_EQ(*parse_json(to_pretty_json(*value)), *value) << answer.name;
            ++count;
        }
    }
    EXPECT_GT(count, 700U);
}

TEST(Json, KeepsNumbersAsTheyWereWritten) {
    const std::string text =
        "[0,-0,1.4,1.40,1e3,1E+3,-1.5e-7,9223372036854775807,-9223372036854775808,"
        "9223372036854775808,18446744073709551615,18446744073709551616,0.0,-0.0,"
        "123456789012345678901234567890.12345678901234567890,1e999]";
    const auto value = parse_json(text);
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(to_json(*value), text);
}

TEST(Json, ARepeatedKeyKeepsFirstPlaceAndLastValue) {
    EXPECT_EQ(to_json(*parse_json(R"({"a":1,"b":2,"a":{"x":1,"x":2},"c":3,"b":4})")),
              R"({"a":{"x":2},"b":4,"c":3})");
    std::string many = "{";
    for (int i = 0; i < 20000; ++i) {
        many += "\"k" + std::to_string(i % 10000) + "\":" + std::to_string(i) + ",";
    }
    many.back() = '}';
    const auto value = parse_json(many);
    ASSERT_TRUE(value && value->if_object());
    ASSERT_EQ(value->if_object()->size(), 10000U);
    EXPECT_EQ(value->if_object()->front(), (Value::Field{"k0", 10000}));
    EXPECT_EQ(value->if_object()->back(), (Value::Field{"k9999", 19999}));
}

TEST(Json, RefusesWithTheOffset) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"", "empty text, no JSON at byte 0"},
        {"{\"a\":1", "JSON ends early at byte 6"},
        {"[1,", "JSON ends early at byte 3"},
        {"\"abc", "JSON ends early at byte 4"},
        {"[1] x", "JSON is followed by something else at byte 4"},
        {"{} {}", "JSON is followed by something else at byte 3"},
    };
    for (const auto& [text, expected] : rows) {
        const auto value = parse_json(text);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().kind, ErrorKind::decode) << text;
        EXPECT_EQ(value.error().message, expected) << text;
    }
    const auto in_the_middle = parse_json("{\"a\": [1, s3cret]}");
    ASSERT_FALSE(in_the_middle);
    EXPECT_NE(in_the_middle.error().message.find("at byte 10"), std::string::npos)
        << in_the_middle.error().message;
    EXPECT_EQ(in_the_middle.error().message.find("s3cret"), std::string::npos);
}

TEST(Json, IsStrict) {
    for (const std::string_view text : {"[1,]",         "{\"a\":1,}",
                                        "{a:1}",        "{'a':1}",
                                        "NaN",          "[Infinity]",
                                        "01",           "+1",
                                        "1.",           ".5",
                                        "1e",           "0x1",
                                        "tru",          "nul",
                                        "//c\n1",       "[1/*c*/]",
                                        "\"\t\"",       "\"\\x\"",
                                        "\"\\u12\"",    "\"\\ud800\"",
                                        "\"\xFF\"",     "\"\xED\xA0\x80\"",
                                        "\"\xC0\xAF\"", "\xEF\xBB\xBF{}",
                                        "[1 2]",        "{\"a\" 1}",
                                        "{1:2}",        "]",
                                        "\"a\nb\""}) {
        EXPECT_FALSE(parse_json(text)) << text;
    }
    EXPECT_EQ(*parse_json(" \r\n\t{\"\\u00e9\\ud83d\\udc18\\/\" : null}\n "),
              Value::object({{"é🐘/", nullptr}}));
}

TEST(Json, BoundsDepth) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_TRUE(parse_json(nested(32)));
    for (const std::size_t depth : {33U, 1'000'000U}) {
        const auto value = parse_json(nested(depth));
        ASSERT_FALSE(value);
        EXPECT_EQ(value.error().kind, ErrorKind::limit);
    }
}

TEST(Json, BoundsTheNumberOfValues) {
    std::string text = "[0";
    for (int i = 0; i < (1 << 22); ++i) {
        text += ",0";
    }
    const auto value = parse_json(text + "]");
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().kind, ErrorKind::limit);
}

TEST(Json, Writes) {
    const Value value =
        Value::object({{"a\"\\\b\f\n\r\t\x01\x7F/é", Value::Array{}},
                       {"b", Value::Array{1, Value::object({{"c", nullptr}}), true, "\xFFx\xC3"}},
                       {"d", Value::object()}});
    EXPECT_EQ(to_json(value),
              "{\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\x7F/é\":[],"
              "\"b\":[1,{\"c\":null},true,\"\\ufffdx\\ufffd\"],\"d\":{}}");
    EXPECT_EQ(to_pretty_json(Value::object({{"a", Value::Array{1, 2}}, {"b", Value::object()}})),
              "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
}

}  // namespace
}  // namespace patroni::codec
