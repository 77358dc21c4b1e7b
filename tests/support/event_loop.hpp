#pragma once

#include "transport/http_client.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>

namespace patroni::testing {

/// An HttpClient and its loop, on the calling thread.
class EventLoop {
public:
    boost::asio::io_context context{1};
    transport::HttpClient http{context};

    static transport::SteadyTime in(std::chrono::milliseconds time) {
        return std::chrono::steady_clock::now() + time;
    }

    /// Runs until the slot is filled; a failure when that takes more than ten seconds.
    template <class T>
    T& wait(std::optional<T>& slot) {
        const auto end = in(std::chrono::seconds(10));
        while (!slot && std::chrono::steady_clock::now() < end) {
            context.restart();
            context.run_one_until(end);
        }
        if (!slot) {
            ADD_FAILURE() << "no callback in ten seconds";
            slot.emplace();
        }
        return *slot;
    }
};

}  // namespace patroni::testing
