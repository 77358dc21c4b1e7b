// Completion tokens over the library: where and how often handlers are called, and what ends them.
#include "unit/client/fake_member.hpp"

#include <patroni/asio.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace patroni::testing {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;

using Status = Result<Reply<MemberStatus>>;

Origin origin_of(const ScriptedServer& server) {
    return {false, server.address()};
}

TEST(Asio, CallsBackOnceOnTheObjectsExecutor) {
    FakeMember fake("pg1");
    asio::io_context io;
    AsioLoop loop;
    AsioMember member(io.get_executor(), loop, origin_of(fake.server));
    int calls = 0;
    const auto here = std::this_thread::get_id();
    auto owned = std::make_unique<int>(1);  // Handlers may be move-only.
    member.async_call(GetStatus{}, {}, [&, owned = std::move(owned)](Status reply) {
        ++calls;
        EXPECT_EQ(std::this_thread::get_id(), here);
        EXPECT_EQ(reply->data.name, "pg1");
    });
    EXPECT_EQ(calls, 0);
    io.run();  // The operation is work of the executor.
    EXPECT_EQ(calls, 1);
}

TEST(Asio, CallsBackOnTheHandlersOwnExecutor) {
    FakeMember fake("pg1");
    asio::io_context io;
    asio::thread_pool pool(1);
    AsioLoop loop;
    AsioMember member(io.get_executor(), loop, origin_of(fake.server));
    const auto strand = asio::make_strand(pool);
    std::atomic<bool> on_strand = false;
    member.async_call(GetStatus{}, {}, asio::bind_executor(strand, [&](const Status&) {
                          on_strand = strand.running_in_this_thread();
                      }));
    pool.join();
    EXPECT_TRUE(on_strand);
    EXPECT_EQ(io.run(), 0U);
}

TEST(Asio, GivesAFuture) {
    FakeMember fake("pg1");
    asio::io_context io;
    AsioLoop loop;
    AsioClient client(io.get_executor(), loop, Seeds::members(fake.server.text()).value());
    auto report = client.async_status(seconds(5), asio::use_future);
    auto found = client.async_discover(seconds(5), asio::use_future);
    io.run();
    EXPECT_EQ(report.get()->clusters.at(0).primary, "pg1");
    EXPECT_EQ(found.get()->members.size(), 1U);
}

asio::awaitable<void> ask_all(AsioMember& member, AsioClient& client, int& answers) {
    auto status = co_await member.async_call(GetStatus{}, {}, asio::use_awaitable);
    answers += status && status->data.name == "pg1" ? 1 : 0;
    // A request that owns memory has a name: nothing else compiles.
    const RawRequest request{.target = "/cluster", .headers = {{"X-Long", std::string(100, 'x')}}};
    auto raw = co_await member.async_call(request, {.timeout = seconds(5)}, asio::use_awaitable);
    answers += raw && raw->status == 200 ? 1 : 0;
    auto later = member.async_call(request, {}, asio::deferred);
    auto again = co_await std::move(later)(asio::use_awaitable);
    answers += again ? 1 : 0;
    auto primary = co_await client.async_writable_primary(seconds(5), "", asio::use_awaitable);
    answers += primary && primary->member == "pg1" ? 1 : 0;
}

TEST(Asio, IsAwaited) {
    FakeMember fake("pg1");
    asio::io_context io;
    AsioLoop loop;
    AsioMember member(io.get_executor(), loop, origin_of(fake.server));
    AsioClient client(io.get_executor(), loop, Seeds::api(fake.server.text()).value());
    int answers = 0;
    asio::co_spawn(io, ask_all(member, client, answers), asio::detached);
    io.run();
    EXPECT_EQ(answers, 4);
}

template <class Request>
concept temporary_is_taken = requires(AsioMember& member, Request request) {
    member.async_call(std::move(request), CallOptions{}, asio::detached);
};
static_assert(temporary_is_taken<GetStatus>);
static_assert(!temporary_is_taken<RawRequest>);
static_assert(!temporary_is_taken<Switchover>);

class AsioCancel : public ::testing::Test {
protected:
    FakeMember silent_{"pg1", "primary", {.status = false, .cluster = false}};
    asio::io_context io_;
    AsioLoop loop_;
    asio::cancellation_signal signal_;

    void emit_after_it_was_sent(asio::cancellation_type type) {
        timer_.emplace(io_, milliseconds(20));
        timer_->async_wait([this, type](boost::system::error_code) {
            if (silent_.server.targets().empty()) {
                return emit_after_it_was_sent(type);
            }
            signal_.emit(type);
        });
    }

private:
    std::optional<asio::steady_timer> timer_;
};

TEST_F(AsioCancel, EndsARead) {
    AsioMember member(io_.get_executor(), loop_, origin_of(silent_.server));
    std::optional<Status> end;
    const Stopwatch watch;
    member.async_call(GetStatus{}, {},
                      asio::bind_cancellation_slot(signal_.slot(),
                                                   [&](Status reply) { end = std::move(reply); }));
    emit_after_it_was_sent(asio::cancellation_type::total);
    io_.run();
    ASSERT_TRUE(end);
    EXPECT_EQ(end->error().kind, ErrorKind::cancelled);
    EXPECT_LT(watch.elapsed(), seconds(5));
    signal_.emit(asio::cancellation_type::all);  // The slot is free again.
}

TEST_F(AsioCancel, OfAWriteThatWasSentIsUnknown) {
    AsioMember member(io_.get_executor(), loop_, origin_of(silent_.server));
    std::optional<Result<Reply<Outcome>>> end;
    member.async_call(
        Reload{}, {.timeout = seconds(20)},
        asio::bind_cancellation_slot(signal_.slot(), [&](auto reply) { end = std::move(reply); }));
    emit_after_it_was_sent(asio::cancellation_type::total);  // Not heeded: it may be carried out.
    asio::steady_timer timer(io_);
    std::function<void()> end_it = [&] {
        timer.expires_after(milliseconds(150));
        timer.async_wait([&](boost::system::error_code) {
            EXPECT_FALSE(end);
            if (silent_.server.targets().empty()) {
                return end_it();
            }
            signal_.emit(asio::cancellation_type::terminal);
        });
    };
    end_it();
    io_.run();
    ASSERT_TRUE(end && *end);
    EXPECT_EQ((*end)->data.kind, OutcomeKind::unknown);
    EXPECT_EQ((*end)->data.reason, Reason::cancelled);
}

TEST_F(AsioCancel, BeforeItBeganSendsNothing) {
    AsioMember member(io_.get_executor(), loop_, origin_of(silent_.server));
    for (int i = 0; i < 50; ++i) {
        std::optional<Result<Reply<Outcome>>> end;
        member.async_call(Reload{}, {.timeout = seconds(10)},
                          asio::bind_cancellation_slot(
                              signal_.slot(), [&](auto reply) { end = std::move(reply); }));
        signal_.emit(asio::cancellation_type::terminal);
        io_.restart();
        io_.run();
        ASSERT_TRUE(end);
        EXPECT_TRUE(*end ? (*end)->data.kind == OutcomeKind::unknown
                         : end->error().kind == ErrorKind::cancelled);
    }
}

TEST_F(AsioCancel, ComesWithTheEndOfTheObject) {
    std::optional<Status> end;
    {
        AsioMember member(io_.get_executor(), loop_, origin_of(silent_.server));
        member.async_call(GetStatus{}, {}, [&](Status reply) { end = std::move(reply); });
        while (silent_.server.targets().empty()) {
            std::this_thread::sleep_for(milliseconds(1));
        }
    }
    EXPECT_FALSE(end);
    io_.run();
    ASSERT_TRUE(end);
    EXPECT_EQ(end->error().kind, ErrorKind::cancelled);
    EXPECT_EQ(end->error().delivery, Delivery::may_have_been_sent);
}

asio::awaitable<void> wait_for_nobody(AsioMember& member, bool& ended) {
    const auto reply =
        co_await member.async_call(GetStatus{}, {.timeout = seconds(30)}, asio::use_awaitable);
    ended = !reply && reply.error().kind == ErrorKind::cancelled;
}

TEST_F(AsioCancel, EndsACoroutine) {
    AsioMember member(io_.get_executor(), loop_, origin_of(silent_.server));
    bool ended = false;
    asio::co_spawn(io_, wait_for_nobody(member, ended),
                   asio::bind_cancellation_slot(signal_.slot(), asio::detached));
    emit_after_it_was_sent(asio::cancellation_type::terminal);
    const Stopwatch watch;
    io_.run();
    EXPECT_TRUE(ended);
    EXPECT_LT(watch.elapsed(), seconds(5));
}

TEST(Asio, LetsTheLoopGoBeforeWhatWasMadeOnIt) {
    FakeMember fake("pg1");
    asio::io_context io;
    auto loop = std::make_unique<AsioLoop>();
    AsioMember member(io.get_executor(), *loop, origin_of(fake.server));
    loop.reset();
    auto reply = member.async_call(GetStatus{}, {}, asio::use_future);
    io.run();
    EXPECT_EQ(reply.get()->data.name, "pg1");
}

TEST(Asio, ToldOfWhatIsRefused) {
    asio::io_context io;
    AsioLoop loop;
    EXPECT_THROW(AsioStore(io.get_executor(), loop, Seeds::members("127.0.0.1:1").value()),
                 Failure);
    AsioStore store(io.get_executor(), loop, Seeds::etcd3("127.0.0.1:1").value());
    const StoreWrite write = StoreWrite::put_if("/service/demo/config", "{}", 1);
    auto outcome = store.async_write(write, seconds(1), asio::use_future);
    auto clusters = store.async_clusters("demo", seconds(1), asio::use_future);
    auto wrong = store.async_clusters("../demo", seconds(1), asio::use_future);
    io.run();
    EXPECT_EQ(outcome.get().error().kind, ErrorKind::config) << "it only reads";
    EXPECT_EQ(clusters.get().error().kind, ErrorKind::connect_refused);
    EXPECT_EQ(wrong.get().error().kind, ErrorKind::config);
}

TEST(Asio, IsStartedFromManyThreads) {
    FakeMember fake("pg1");
    asio::thread_pool pool(4);
    std::atomic<int> answered = 0;
    {
        AsioLoop loop;
        AsioMember member(pool.get_executor(), loop, origin_of(fake.server));
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int j = 0; j < 5; ++j) {
                    member.async_call(GetStatus{}, {},
                                      [&](const Status& reply) { answered += reply ? 1 : 0; });
                }
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
        pool.join();
    }
    EXPECT_EQ(answered, 20);
}

}  // namespace
}  // namespace patroni::testing
