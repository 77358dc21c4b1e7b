#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <future>
#include <thread>

namespace patroni::testing {

/// The thread of a server that a test breaks: its loop runs until `stop`.
class ServedLoop {
public:
    ServedLoop() : thread_([this] { context.run(); }) {}
    ~ServedLoop() { stop(); }
    ServedLoop(const ServedLoop&) = delete;
    ServedLoop& operator=(const ServedLoop&) = delete;

    /// Carries it out on the loop's thread, and waits for its end.
    template <class Work>
    void run(Work work) {
        std::promise<void> done;
        boost::asio::post(context, [&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }

    /// Whether a condition of the loop's thread comes true within ten seconds.
    template <class Condition>
    bool comes_true(Condition condition) {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        for (bool holds = false; !holds;) {
            run([&] { holds = condition(); });
            if (!holds && std::chrono::steady_clock::now() > patience) {
                return false;
            }
        }
        return true;
    }

    void stop() {
        work_.reset();
        context.stop();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    boost::asio::io_context context{1};

private:
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        context.get_executor()};
    std::thread thread_;
};

}  // namespace patroni::testing
