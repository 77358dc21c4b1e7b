#include "codec/postgres_value.hpp"

#include "codec/json.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace patroni::codec {
namespace {

TEST(PostgresValue, IsWhatPsycopgMakesOfIt) {
    std::ifstream file(PATRONI_TEST_DATA "/postgres_values/cases.jsonl");
    std::string line;
    int cases = 0;
    for (; std::getline(file, line); ++cases) {
        const auto given = parse_json(line);
        ASSERT_TRUE(given) << line;
        const auto type = static_cast<std::uint32_t>(*given->find("oid")->if_int());
        const auto value = postgres_value(type, *given->find("text")->if_string());
        const auto* expected = given->find("python")->if_array();
        ASSERT_EQ(value.has_value(), expected != nullptr) << line;
        if (expected) {
            EXPECT_EQ(python_str(*value), *expected->at(0).if_string()) << line;
            EXPECT_EQ(python_repr(*value), *expected->at(1).if_string()) << line;
        }
    }
    EXPECT_GT(cases, 80);
}

TEST(PostgresValue, IsTheTextOfATypeThatIsNotKnown) {
    EXPECT_EQ(python_repr(*postgres_value(2950, "a0eebc99")), "'a0eebc99'");
    EXPECT_EQ(python_repr(*postgres_value(1040, "{a}")), "['a']");
    EXPECT_EQ(python_repr(*postgres_value(2951, "{a}")), "'{a}'");
}

TEST(PostgresValue, ShowsWhereBytesAre) {
    EXPECT_TRUE(python_str(*postgres_value(17, "\\x6162")).starts_with("<memory at 0x"));
}

TEST(PostgresValue, RefusesWhatIsNoArray) {
    for (const char* text : {"", "1", "{", "{1", "{1,", "{\"a}", "{1}2", "{1}}", "[0:1]", "{{1}"}) {
        EXPECT_FALSE(postgres_value(1007, text)) << text;
    }
}

TEST(PostgresValue, RefusesWhatIsNoNumber) {
    for (const char* text : {"", "-", "x", "0.", ".5", "1e", "1 ", "nan"}) {
        EXPECT_FALSE(postgres_value(1700, text)) << text;
        EXPECT_FALSE(postgres_value(701, text)) << text;
    }
    EXPECT_EQ(python_str(*postgres_value(701, "1e+20")), "1e+20");
    EXPECT_EQ(python_str(*postgres_value(1700, "-0.10")), "-0.10");
    for (const char* text : {"", "-", "x", "1 ", "1.0"}) {
        EXPECT_FALSE(postgres_value(26, text)) << text;
    }
    EXPECT_EQ(python_repr(*postgres_value(20, "-12")), "-12");
}

TEST(PostgresValue, RefusesWhatIsNoDateOrInterval) {
    EXPECT_FALSE(postgres_value(1186, "@ 1 hour"));
    EXPECT_FALSE(postgres_value(1186, "P1D"));
    for (const char* text : {"01/02/2020", "02.01.2020"}) {
        const auto value = postgres_value(1082, text);
        ASSERT_FALSE(value);
        EXPECT_EQ(value.error().kind, ErrorKind::unsupported) << "psycopg2 cannot read it either";
        EXPECT_EQ(value.error().message, "unable to parse date");
    }
    EXPECT_EQ(postgres_value(1186, "P1D").error().message,
              "iso_8601 intervalstyle currently not supported");
    EXPECT_EQ(postgres_value(1082, "0044-03-15 BC").error().kind, ErrorKind::decode);
    EXPECT_FALSE(postgres_value(3904, "[\"1"));
}

}  // namespace
}  // namespace patroni::codec
