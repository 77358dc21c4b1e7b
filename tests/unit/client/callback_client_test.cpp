// The callback form on a Runtime: when callbacks come, and what ends them early.
#include "unit/client/fake_member.hpp"

#include <patroni/client.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;

Seeds members(std::initializer_list<const ScriptedServer*> servers) {
    std::string list;
    for (const auto* server : servers) {
        list += server->text() + ",";
    }
    return Seeds::members(list).value();
}

/// Ends the runtime's run after a while, from another thread.
class StopLater {
public:
    StopLater(Runtime& runtime, milliseconds time, Callback<void()> first)
        : thread_([&runtime, time, work = std::move(first)]() mutable {
              std::this_thread::sleep_for(time);
              runtime.post(std::move(work));
          }) {}
    ~StopLater() { thread_.join(); }

private:
    std::thread thread_;
};

TEST(CallbackClient, CallsBackOnceOnTheRuntimesThread) {
    FakeMember primary("p");
    Runtime runtime;
    Client client(runtime, members({&primary.server}));
    int calls = 0;
    client.start_status(milliseconds(2000), [&](Result<StatusReport> result) {
        ++calls;
        EXPECT_TRUE(runtime.running_in_this_thread());
        ASSERT_TRUE(result) << result.error().message;
        EXPECT_EQ(result->clusters.at(0).primary, "p");
    });
    EXPECT_EQ(calls, 0) << "never from within start_status()";
    runtime.run();
    EXPECT_EQ(calls, 1);
}

TEST(CallbackClient, AListIsNotToldFromWithinEither) {
    Runtime runtime;
    Client client(runtime, Seeds::members("127.0.0.1:1").value());
    int calls = 0;
    client.start_discover(milliseconds(2000), [&](Result<Discovery> result) {
        ++calls;
        EXPECT_TRUE(result);
    });
    EXPECT_EQ(calls, 0);
    runtime.run();
    EXPECT_EQ(calls, 1);
}

TEST(CallbackClient, SeveralAtOnce) {
    FakeMember primary("p");
    FakeMember replica("r", "replica");
    Runtime runtime;
    Client client(runtime, members({&primary.server, &replica.server}));
    int good = 0;
    for (int i = 0; i < 4; ++i) {
        client.start_status(milliseconds(3000), [&](Result<StatusReport> result) {
            good += result && result->clusters.at(0).primary == "p" ? 1 : 0;
        });
        client.start_discover(milliseconds(3000),
                              [&](Result<Discovery> result) { good += result ? 1 : 0; });
    }
    runtime.run();
    EXPECT_EQ(good, 8);
}

TEST(CallbackClient, BlockingFunctionsNeedALoopOfItsOwn) {
    Runtime runtime;
    Client client(runtime, Seeds::members("127.0.0.1:1").value());
    try {
        client.status(milliseconds(10));
        FAIL() << "nothing was thrown";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.error().kind, ErrorKind::config);
    }
}

TEST(CallbackClient, AnErrorOfTheSourceIsAResult) {
    Runtime runtime;
    Client client(runtime, Seeds::api(closed_port().text()).value());
    std::optional<ErrorKind> kind;
    client.start_status(milliseconds(2000),
                        [&](Result<StatusReport> result) { kind = result.error().kind; });
    runtime.run();
    EXPECT_EQ(kind, ErrorKind::connect_refused);
}

struct Phase {
    const char* what;
    Behaviour first, second;
    bool as_seed;
    milliseconds after;
};

class CancelIn : public ::testing::TestWithParam<Phase> {};

TEST_P(CancelIn, EndsSoonAndOnce) {
    FakeMember first("p", "primary", GetParam().first);
    FakeMember second("r", "replica", GetParam().second);
    Runtime runtime;
    Client client(runtime, GetParam().as_seed ? Seeds::api(first.server.text()).value()
                                              : members({&first.server, &second.server}));
    int calls = 0;
    std::optional<ErrorKind> kind;
    auto operation = client.start_status(milliseconds(8000), [&](Result<StatusReport> result) {
        ++calls;
        kind = result ? std::nullopt : std::optional(result.error().kind);
    });
    const Stopwatch watch;
    if (GetParam().after == milliseconds(0)) {
        operation.cancel();
        EXPECT_EQ(calls, 0) << "never from within cancel()";
        runtime.run();
    } else {
        const StopLater later(runtime, GetParam().after, [&] {
            operation.cancel();
            EXPECT_EQ(calls, 0) << "never from within cancel()";
        });
        runtime.run();
    }
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(kind, ErrorKind::cancelled);
    EXPECT_LT(watch.elapsed(), milliseconds(2000));
    operation.cancel();  // Does nothing any more.
    runtime.run();
    EXPECT_EQ(calls, 1);
}

constexpr Behaviour k_good{.status = true, .cluster = true};
constexpr Behaviour k_quiet{.status = false, .cluster = false};
constexpr Behaviour k_only_status{.status = true, .cluster = false};
constexpr Behaviour k_only_cluster{.status = false, .cluster = true};

INSTANTIATE_TEST_SUITE_P(
    Phases, CancelIn,
    ::testing::Values(
        Phase{"before_anything", k_good, k_good, false, milliseconds(0)},
        Phase{"while_the_source_is_read", k_quiet, k_quiet, true, milliseconds(60)},
        Phase{"while_a_member_of_a_seed_is_asked", k_only_cluster, k_quiet, true, milliseconds(60)},
        Phase{"while_members_are_asked", k_quiet, k_quiet, false, milliseconds(60)},
        // One has answered and will be silent about /cluster: it must not be asked any more.
        Phase{"while_one_of_two_is_asked", k_only_status, k_quiet, false, milliseconds(60)},
        Phase{"while_cluster_is_asked", k_only_status, k_only_status, false, milliseconds(60)}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(CallbackClient, CancelOfADiscovery) {
    FakeMember quiet("q", "primary", k_quiet);
    Runtime runtime;
    Client client(runtime, Seeds::api(quiet.server.text()).value());
    std::optional<ErrorKind> kind;
    auto operation = client.start_discover(
        milliseconds(8000), [&](Result<Discovery> result) { kind = result.error().kind; });
    const StopLater later(runtime, milliseconds(60), [&] { operation.cancel(); });
    runtime.run();
    EXPECT_EQ(kind, ErrorKind::cancelled);
}

class DestroyIn : public ::testing::TestWithParam<Phase> {};

TEST_P(DestroyIn, DropsTheCallback) {
    FakeMember first("p", "primary", GetParam().first);
    FakeMember second("r", "replica", GetParam().second);
    Runtime runtime;
    int waited = 0;
    ClientOptions options;
    options.waiting_after = milliseconds(150);  // After the client is gone.
    options.on_waiting = [&](const auto&) { ++waited; };
    std::optional<Client> client(std::in_place, runtime,
                                 GetParam().as_seed ? Seeds::api(first.server.text()).value()
                                                    : members({&first.server, &second.server}),
                                 options);
    int calls = 0;
    auto operation =
        client->start_status(milliseconds(8000), [&](Result<StatusReport>) { ++calls; });
    if (GetParam().after == milliseconds(0)) {
        client.reset();
        runtime.run();
    } else {
        const StopLater later(runtime, GetParam().after, [&] { client.reset(); });
        const Stopwatch watch;
        runtime.run();
        EXPECT_LT(watch.elapsed(), milliseconds(2000));
    }
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(waited, 0);
    operation.cancel();  // Of a client that is no more: does nothing.
    runtime.run();
    EXPECT_EQ(calls, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Phases, DestroyIn,
    ::testing::Values(
        Phase{"before_anything", k_good, k_good, false, milliseconds(0)},
        Phase{"while_the_source_is_read", k_quiet, k_quiet, true, milliseconds(60)},
        Phase{"while_members_are_asked", k_quiet, k_quiet, false, milliseconds(60)},
        Phase{"while_one_of_two_is_asked", k_only_status, k_quiet, false, milliseconds(60)},
        Phase{"while_cluster_is_asked", k_only_status, k_only_status, false, milliseconds(60)}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(CallbackClient, MayBeDestroyedInItsOwnCallback) {
    FakeMember primary("p");
    Runtime runtime;
    std::optional<Client> client(std::in_place, runtime, members({&primary.server}));
    int calls = 0;
    client->start_status(milliseconds(2000), [&](Result<StatusReport> result) {
        EXPECT_TRUE(result);
        client.reset();
        ++calls;
    });
    runtime.run();
    EXPECT_EQ(calls, 1);
}

TEST(CallbackClient, MayStartAgainInItsOwnCallback) {
    FakeMember primary("p");
    Runtime runtime;
    Client client(runtime, members({&primary.server}));
    int calls = 0;
    client.start_status(milliseconds(2000), [&](Result<StatusReport>) {
        ++calls;
        client.start_status(milliseconds(2000), [&](Result<StatusReport>) { ++calls; });
    });
    runtime.run();
    EXPECT_EQ(calls, 2);
}

TEST(RuntimeLoop, PostsFromOtherThreadsAndStops) {
    Runtime runtime;
    EXPECT_FALSE(runtime.running_in_this_thread());
    int calls = 0;
    std::thread other([&] {
        for (int i = 0; i < 100; ++i) {
            runtime.post([&] { ++calls; });
        }
        runtime.post([&] { runtime.stop(); });
    });
    runtime.run_until_stopped();
    other.join();
    EXPECT_EQ(calls, 100);
}

}  // namespace
}  // namespace patroni::testing
