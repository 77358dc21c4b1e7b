// Ctrl-C while patctl api waits for the answer to a write.
#include "support/scripted_server.hpp"
#include "unit/patctl/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>
#include <unistd.h>

namespace patroni::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Before the servers' threads are made: the signals are for the program alone.
class BlockedSignals {
public:
    BlockedSignals() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    }
    ~BlockedSignals() {
        const timespec at_once{};
        while (sigtimedwait(&signals_, nullptr, &at_once) > 0) {
        }
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

private:
    sigset_t signals_ = {};
    sigset_t before_ = {};
};

class ApiSignals : public ::testing::TestWithParam<int> {
protected:
    BlockedSignals signals_;
    ScriptedServer silent_{
        [](const SeenRequest&) -> std::optional<std::string> { return std::nullopt; }};
};

TEST_P(ApiSignals, AfterTheRequestWasSentTheOutcomeIsUnknown) {
    std::thread user([this] {
        while (silent_.targets().empty()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        ::kill(::getpid(), GetParam());
    });
    const auto printed = patctl({"api", "POST", "/restart", "--members", silent_.text(), "-fjson"});
    user.join();
    EXPECT_EQ(printed.code, 4) << printed.err;
    EXPECT_THAT(printed.out, HasSubstr(R"("kind": "unknown")"));
    EXPECT_THAT(printed.out, HasSubstr(R"("reason": "cancelled")"));
    EXPECT_THAT(printed.out, HasSubstr("may have been sent"));
    EXPECT_EQ(silent_.targets().size(), 1U);
}

TEST_P(ApiSignals, BeforeItWasSentNothingWasDone) {
    ::kill(::getpid(), GetParam());  // Waits until the program takes it.
    const auto printed =             // The handshake never ends.
        patctl({"api", "POST", "/restart", "--members", "https://" + silent_.text()});
    EXPECT_EQ(printed.code, 1) << printed.err;
    EXPECT_THAT(printed.err, HasSubstr("patctl: cancelled: "));
    EXPECT_THAT(printed.err, Not(HasSubstr("may have been sent")));
    EXPECT_THAT(printed.out, IsEmpty());
    EXPECT_TRUE(silent_.targets().empty());
}

INSTANTIATE_TEST_SUITE_P(Signals, ApiSignals, ::testing::Values(SIGINT, SIGTERM),
                         [](const auto& test) { return test.param == SIGINT ? "int" : "term"; });

}  // namespace
}  // namespace patroni::testing
