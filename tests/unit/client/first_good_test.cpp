// One question to several, with answers and cancels in every order.
#include "client/first_good.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <vector>

namespace patroni {
namespace {

using std::chrono::milliseconds;
using Search = FirstGood<int>;

/// A search of two, whose answers come when the test says so; 1 is a good one.
struct Asked {
    explicit Asked(milliseconds hedge_after)
        : search(std::make_shared<Search>(
              context, owner, 2, hedge_after,
              [this](std::size_t, Callback<void(Result<int>)> next) {
                  answers.push_back(std::move(next));
                  return Operation([this] { ++cancels; });
              },
              [](const int& value) { return value == 1; },
              [this](Result<Search::Answer> answer) {
                  ++ends;
                  end = std::move(answer);
              })) {
        search->start();
    }
    static Error failure(ErrorKind kind) {
        Error error;
        error.kind = kind;
        error.message = "no";
        return error;
    }

    boost::asio::io_context context;
    std::shared_ptr<int> owner = std::make_shared<int>();
    std::vector<Callback<void(Result<int>)>> answers;
    int cancels = 0;
    int ends = 0;
    std::optional<Result<Search::Answer>> end;
    std::shared_ptr<Search> search;
};

TEST(FirstGood, AnAnswerThatComesWithTheCancelDoesNotCount) {
    Asked asked(std::chrono::hours(1));
    asked.search->cancel();
    EXPECT_EQ(asked.cancels, 1);
    ASSERT_EQ(asked.answers.size(), 1U);
    asked.answers[0](2);  // It was under way when the cancel came, and is not good.
    EXPECT_EQ(asked.ends, 1);
    ASSERT_TRUE(asked.end && !*asked.end);
    EXPECT_EQ(asked.end->error().kind, ErrorKind::cancelled);
}

TEST(FirstGood, ACancelIsToldAsOneWhateverElseFailed) {
    Asked asked(milliseconds(0));
    ASSERT_EQ(asked.answers.size(), 2U);
    asked.search->cancel();
    asked.answers[0](Asked::failure(ErrorKind::cancelled));
    asked.answers[1](Asked::failure(ErrorKind::connect_refused));
    EXPECT_EQ(asked.ends, 1);
    EXPECT_EQ(asked.end->error().kind, ErrorKind::cancelled);
}

TEST(FirstGood, AGoodAnswerEndsTheOthersAndComesOnce) {
    Asked asked(milliseconds(0));
    asked.answers[1](1);
    EXPECT_EQ(asked.cancels, 2);
    asked.answers[0](1);
    EXPECT_EQ(asked.ends, 1);
    EXPECT_EQ((*asked.end)->value, 1);
}

TEST(FirstGood, WhatIsWrongForEverybodyIsAskedOnce) {
    Asked asked(std::chrono::hours(1));
    asked.answers[0](Asked::failure(ErrorKind::config));
    EXPECT_EQ(asked.answers.size(), 1U);
    EXPECT_EQ(asked.end->error().kind, ErrorKind::config);
}

}  // namespace
}  // namespace patroni
