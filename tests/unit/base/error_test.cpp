#include <patroni/result.hpp>

#include <gtest/gtest.h>

#include <set>

namespace patroni {
namespace {

TEST(Error, EveryKindHasItsOwnWord) {
    std::set<std::string_view> words;
    for (int kind = 0; kind <= static_cast<int>(ErrorKind::internal); ++kind) {
        words.insert(to_string(static_cast<ErrorKind>(kind)));
    }
    EXPECT_EQ(words.size(), static_cast<std::size_t>(ErrorKind::internal) + 1);
    EXPECT_EQ(to_string(ErrorKind::connect_refused), "connect_refused");
    EXPECT_EQ(to_string(Delivery::may_have_been_sent), "may_have_been_sent");
}

TEST(Error, OneLineForPeople) {
    Error error;
    error.kind = ErrorKind::timeout;
    EXPECT_EQ(to_line(error), "timeout");
    error.message = "no answer in 2 s";
    error.endpoint = "http://pg1:8008";
    EXPECT_EQ(to_line(error), "http://pg1:8008: no answer in 2 s");
    error.server_text = "bad\x1b[2J\nthing";
    error.delivery = Delivery::may_have_been_sent;
    EXPECT_EQ(
        to_line(error),
        "http://pg1:8008: no answer in 2 s: \"bad\\x1b[2J\\nthing\" (the request may have been "
        "sent)");
    error.server_text = std::string(5000, 'x');
    EXPECT_LT(to_line(error).size(), 1200U);
}

TEST(Result, HoldsAValueOrAnError) {
    const Result<int> good = 7;
    EXPECT_TRUE(good);
    EXPECT_EQ(*good, 7);
    EXPECT_EQ(good.value(), 7);
    Error error;
    error.message = "broken";
    const Result<int> bad = error;
    EXPECT_FALSE(bad);
    try {
        static_cast<void>(bad.value());
        FAIL() << "value() must throw";
    } catch (const Failure& failure) {
        EXPECT_STREQ(failure.what(), "broken");
        EXPECT_EQ(failure.error().message, "broken");
    }
    EXPECT_TRUE(Result<void>());
    EXPECT_THROW(Result<void>(error).value(), Failure);
}

}  // namespace
}  // namespace patroni
