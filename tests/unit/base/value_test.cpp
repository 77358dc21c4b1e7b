#include <patroni/value.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace patroni {
namespace {

TEST(Value, OneNumberHasOneForm) {
    EXPECT_EQ(Value(std::uint64_t{7}), Value(7));
    EXPECT_TRUE(Value(std::uint64_t{7}).if_int());
    const Value large(std::numeric_limits<std::uint64_t>::max());
    ASSERT_TRUE(large.if_uint());
    EXPECT_FALSE(large.if_int());
    EXPECT_NE(Value(1), Value(true));
    EXPECT_NE(Value("1"), Value(1));
    EXPECT_NE(Value(Value::Number{"1.0"}), Value(1));
}

TEST(Value, ObjectKeepsItsOrderAndItsKeysUnique) {
    Value object = Value::object({{"b", 1}, {"a", 2}, {"b", 3}});
    object.set("c", 4).set("a", "x");
    ASSERT_TRUE(object.if_object());
    const Value::Object expected{{"b", 3}, {"a", "x"}, {"c", 4}};
    EXPECT_EQ(*object.if_object(), expected);
    EXPECT_EQ(*object.find("c"), Value(4));
    EXPECT_EQ(object.find("d"), nullptr);
    EXPECT_EQ(Value(1).find("d"), nullptr);
}

TEST(Value, NullBecomesWhatIsAddedTo) {
    Value array;
    array.push_back(1);
    array.push_back(nullptr);
    EXPECT_EQ(array, Value(Value::Array{1, nullptr}));
    Value object;
    object.set("a", Value::array());
    EXPECT_EQ(object, Value::object({{"a", Value::array()}}));
}

TEST(Number, AsDouble) {
    const auto number = [](const char* text) { return Value::Number{text}.as_double(); };
    EXPECT_EQ(number("1.5"), 1.5);
    EXPECT_EQ(number("-1e3"), -1000.0);
    EXPECT_EQ(number("18446744073709551616"), 18446744073709551616.0);
    EXPECT_EQ(number("1e999"), std::numeric_limits<double>::infinity());
    EXPECT_EQ(number("-1e999"), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(number("1e-999"), 0.0);
    EXPECT_TRUE(std::signbit(number("-1e-999")));
    EXPECT_TRUE(std::isnan(number("NaN")));
    const std::string zeros(400, '0');
    EXPECT_EQ(number(("0." + zeros + "1").c_str()), 0.0);
    EXPECT_EQ(number(("1" + zeros + "e-5").c_str()), std::numeric_limits<double>::infinity());
    EXPECT_EQ(number(("0." + zeros + "1e99999999999999999999").c_str()),
              std::numeric_limits<double>::infinity());
    EXPECT_EQ(number(("1" + zeros + "e-99999999999999999999").c_str()), 0.0);
}

}  // namespace
}  // namespace patroni
