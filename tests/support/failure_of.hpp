#pragma once

#include <patroni/error.hpp>

#include <gtest/gtest.h>

namespace patroni::testing {

/// The Error of the Failure that the call throws; fails the test when it throws none.
template <class Call>
Error failure_of(Call call) {
    try {
        call();
    } catch (const Failure& failure) {
        return failure.error();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

}  // namespace patroni::testing
