#include "patronictl/lenient_number.hpp"
#include "patronictl/python_text.hpp"

#include <gtest/gtest.h>

namespace {

using namespace patronictl;
using patroni::Value;

TEST(PythonNumbers, AsIntReadsThem) {
    EXPECT_EQ(python_int("10"), 10);
    EXPECT_EQ(python_int(" +1_000 "), 1000);
    EXPECT_EQ(python_int("-5"), -5);
    EXPECT_EQ(python_int("007"), 7);
    for (const auto* text : {"", "+", "1__0", "_1", "1_", "0x10", "1.0", "+-5", "- 5", "one"}) {
        EXPECT_EQ(python_int(text), std::nullopt) << text;
    }
}

TEST(PythonNumbers, AsFloatReadsThem) {
    EXPECT_EQ(python_float(" 2.5 "), 2.5);
    EXPECT_EQ(python_float("1_0.5"), 10.5);
    EXPECT_EQ(python_float("1e3"), 1000);
    EXPECT_EQ(python_float(".5"), 0.5);
    EXPECT_TRUE(python_float("-Infinity"));
    EXPECT_TRUE(python_float("nan"));
    for (const auto* text : {"", "abc", "0x10", "1,5", "1_", "1e"}) {
        EXPECT_EQ(python_float(text), std::nullopt) << text;
    }
}

TEST(LenientInteger, TakesWhatPatroniTakes) {
    EXPECT_EQ(lenient_integer(Value(83886176)), 83886176);
    EXPECT_EQ(lenient_integer(Value(" 0x1F ")), 31);
    EXPECT_EQ(lenient_integer(Value("010")), 8);
    EXPECT_EQ(lenient_integer(Value("-12")), -12);
    EXPECT_EQ(lenient_integer(Value("2.5")), 2);
    EXPECT_EQ(lenient_integer(Value("3.5")), 4);
    EXPECT_EQ(lenient_integer(Value("1e3")), 1000);
    EXPECT_EQ(lenient_integer(Value(Value::Number{"16.0"})), 16);
    for (const auto* text : {"", "junk", "5MB", "1.", "0x", "9 9", "0/5000060"}) {
        EXPECT_EQ(lenient_integer(Value(text)), std::nullopt) << text;
    }
    EXPECT_EQ(lenient_integer(Value()), std::nullopt);
    EXPECT_EQ(lenient_integer(Value(true)), std::nullopt);
}

TEST(RoundHalfEven, IsPythonsRound) {
    EXPECT_EQ(round_half_even(0.5), 0);
    EXPECT_EQ(round_half_even(1.5), 2);
    EXPECT_EQ(round_half_even(2.5), 2);
    EXPECT_EQ(round_half_even(2.6), 3);
}

TEST(PythonTruth, IsPythons) {
    EXPECT_FALSE(python_truth(nullptr));
    for (const Value& value : {Value(), Value(false), Value(0), Value(""), Value::array(),
                               Value::object(), Value(Value::Number{"0.0"})}) {
        EXPECT_FALSE(python_truth(&value));
    }
    for (const Value& value : {Value(true), Value(-1), Value("0"), Value(Value::Array{0})}) {
        EXPECT_TRUE(python_truth(&value));
    }
}

}  // namespace
