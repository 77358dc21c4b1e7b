#include "unit/faults/fault_cell.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

namespace patroni::testing {
namespace {

using ::testing::AnyOf;

class CellCount : public ::testing::Environment {
public:
    void TearDown() override {
        if (cells > 0) {
            std::printf("fault cells: %d\n", cells);  // scripts/lib/ctest_counts adds them up
        }
    }
    int cells = 0;
};

/// Of GoogleTest, which deletes it.
CellCount* const k_count = [] {
    auto* count = new CellCount;
    ::testing::AddGlobalTestEnvironment(count);
    return count;
}();

void expect_reason(const Outcome& outcome, const Error& error) {
    if (error.kind == ErrorKind::timeout) {
        EXPECT_EQ(outcome.reason, Reason::no_answer);
    } else if (error.kind == ErrorKind::cancelled) {
        EXPECT_EQ(outcome.reason, Reason::cancelled);
    } else {
        EXPECT_THAT(outcome.reason, AnyOf(Reason::connection_lost, Reason::empty_reply));
    }
}

}  // namespace

void count_cell() {
    ++k_count->cells;
}

void expect_error(const Error& error, const Expected& expected) {
    EXPECT_THAT(error.kind, AnyOf(*expected.kind, expected.or_kind.value_or(*expected.kind)))
        << to_string(error.kind) << ": " << to_line(error);
    EXPECT_THAT(error.delivery,
                AnyOf(expected.delivery, expected.or_delivery.value_or(expected.delivery)))
        << to_string(error.delivery) << ": " << to_line(error);
    // A call that was cancelled before its turn has not come to an endpoint.
    EXPECT_TRUE(!error.endpoint.empty() || error.kind == ErrorKind::cancelled);
    EXPECT_FALSE(error.message.empty());
}

void expect_end(const CallEnd& end, bool is_write, const Expected& expected) {
    if (!expected.kind) {
        EXPECT_FALSE(end.failure) << to_line(*end.failure);
        if (is_write) {
            EXPECT_EQ(end.outcome->kind, OutcomeKind::done) << to_line(*end.outcome);
        }
        return;
    }
    if (end.failure) {
        expect_error(*end.failure, expected);
        EXPECT_TRUE(!is_write || end.failure->delivery == k_not_sent) << to_line(*end.failure);
        return;
    }
    ASSERT_TRUE(is_write) << "it should have failed";
    ASSERT_TRUE(end.outcome);
    EXPECT_EQ(end.outcome->kind, OutcomeKind::unknown) << to_line(*end.outcome);
    if (*expected.kind == ErrorKind::decode) {
        EXPECT_EQ(end.outcome->reason, Reason::unrecognized);  // An answer that says nothing.
        EXPECT_FALSE(end.outcome->error);
        return;
    }
    ASSERT_TRUE(end.outcome->error);
    EXPECT_NE(end.outcome->error->delivery, k_not_sent);
    expect_error(*end.outcome->error, expected);
    expect_reason(*end.outcome, *end.outcome->error);
}

}  // namespace patroni::testing
