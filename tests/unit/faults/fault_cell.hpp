#pragma once

#include <patroni/error.hpp>
#include <patroni/outcome.hpp>

#include <chrono>
#include <optional>

namespace patroni::testing {

/// What a cell of the fault matrix must show. By the words of include/patroni/error.hpp, not by
/// what the code does.
struct Expected {
    std::optional<ErrorKind> kind;  ///< nullopt: the fault does no harm.
    Delivery delivery = Delivery::answered;
    /// Where the moment decides, another one that is as true.
    std::optional<ErrorKind> or_kind = std::nullopt;
    std::optional<Delivery> or_delivery = std::nullopt;
    bool by_deadline = false;  ///< Nothing but the deadline ends it.
};

constexpr auto k_not_sent = Delivery::not_sent;
constexpr auto k_perhaps = Delivery::may_have_been_sent;
constexpr auto k_answered = Delivery::answered;

constexpr Expected ends(ErrorKind kind, Delivery delivery) {
    return {.kind = kind, .delivery = delivery};
}
constexpr Expected times_out(Delivery delivery) {
    return {.kind = ErrorKind::timeout, .delivery = delivery, .by_deadline = true};
}
/// A reset may arrive before or after the first byte was handed to the kernel.
inline constexpr Expected k_reset_at_once{
    .kind = ErrorKind::reset, .delivery = k_not_sent, .or_delivery = k_perhaps};

constexpr std::chrono::milliseconds k_overrun(50);

inline std::chrono::milliseconds time_for(const Expected& expected) {
    return std::chrono::milliseconds(expected.by_deadline ? 120 : 10'000);
}

/// How a call on one member ended: by a Failure, or (a write) with its outcome, or well.
struct CallEnd {
    std::optional<Error> failure;
    std::optional<Outcome> outcome;
};

void expect_error(const Error& error, const Expected& expected);
/// A read: the failure. A write: what was not sent is a failure, what may have been sent an outcome
/// that is unknown and holds the error.
void expect_end(const CallEnd& end, bool is_write, const Expected& expected);

/// One cell more for the sum that is printed at the end of the program.
void count_cell();

}  // namespace patroni::testing
