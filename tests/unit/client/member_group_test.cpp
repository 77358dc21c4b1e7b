// Several members are asked: the first good answer wins, nobody is asked twice.
#include "support/failure_of.hpp"
#include "unit/client/fake_member.hpp"

#include <patroni/member_group.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

std::vector<Origin> origins(std::initializer_list<HostPort> addresses) {
    std::vector<Origin> list;
    for (const auto& address : addresses) {
        list.push_back({false, address});
    }
    return list;
}

TEST(MemberGroup, TakesTheFirstGoodAnswerWhoeverIsDead) {
    FakeMember alive("pg3");
    for (int i = 0; i < 8; ++i) {  // The order is one of chance.
        MemberGroup group(origins({closed_port(), alive.server.address(), closed_port()}));
        const auto reply = group.first_good(GetCluster{});
        EXPECT_EQ(reply.member.address, alive.server.address());
        ASSERT_EQ(reply.data.members.size(), 1U);
        EXPECT_EQ(reply.data.members[0].name, "pg3");
        EXPECT_LE(reply.failures.size(), 2U);
        for (const auto& failure : reply.failures) {
            EXPECT_EQ(failure.kind, ErrorKind::connect_refused);
        }
    }
}

TEST(MemberGroup, DoesNotWaitForASlowMemberAlone) {
    FakeMember silent("pg1", "primary", {.status = false, .cluster = false});
    FakeMember alive("pg2");
    for (int i = 0; i < 6; ++i) {
        MemberGroup group(origins({silent.server.address(), alive.server.address()}));
        const Stopwatch watch;
        const auto reply = group.first_good(
            GetStatus{}, {.timeout = seconds(10), .hedge_after = milliseconds(30)});
        EXPECT_EQ(reply.data.name, "pg2");
        EXPECT_LT(watch.elapsed(), seconds(5));
    }
    EXPECT_LE(silent.server.targets().size(), 6U) << "at most once for each question";
    EXPECT_EQ(alive.server.targets().size(), 6U);
}

TEST(MemberGroup, AsksOneMemberAloneWhileItIsQuick) {
    FakeMember a("pg1");
    FakeMember b("pg2");
    MemberGroup group(origins({a.server.address(), b.server.address()}));
    for (int i = 0; i < 10; ++i) {
        group.first_good(GetStatus{}, {.hedge_after = seconds(5)});
    }
    EXPECT_EQ(a.server.targets().size() + b.server.targets().size(), 10U);
}

TEST(MemberGroup, NamesEveryMemberWhenNobodyAnswers) {
    const auto one = closed_port();
    const auto two = closed_port();
    MemberGroup group(origins({one, two, one}));
    const auto error = failure_of([&] { group.first_good(GetHistory{}); });
    EXPECT_EQ(error.kind, ErrorKind::connect_refused);
    EXPECT_EQ(error.delivery, Delivery::not_sent);
    EXPECT_THAT(error.message, HasSubstr(one.text()));
    EXPECT_THAT(error.message, HasSubstr(two.text()));
    EXPECT_EQ(failure_of([] { MemberGroup none(std::vector<Origin>{}); }).kind, ErrorKind::config);
}

TEST(MemberGroup, AsksTheNextOneWhenAMemberIsTooOld) {
    FakeMember old("pg1", "primary", {.status = true, .cluster = true}, "1.5.6");
    ScriptedServer refusing([](const SeenRequest&) {
        return python_answer(503, R"({"state": "running", "role": "replica", "patroni": )"
                                  R"({"version": "1.5.6", "scope": "demo"}})");
    });
    FakeMember alive("pg2");
    for (int i = 0; i < 4; ++i) {
        MemberGroup group(origins({refusing.address(), alive.server.address()}));
        EXPECT_EQ(group.first_good(GetCluster{}).member.address, alive.server.address());
    }
    MemberGroup group(origins({refusing.address()}));
    EXPECT_EQ(failure_of([&] { group.first_good(GetCluster{}); }).kind, ErrorKind::unsupported);
}

TEST(MemberGroup, TakesARawAnswerThatIsNoneForWantOfABetterOne) {
    ScriptedServer refusing([](const SeenRequest&) { return python_answer(502, "no"); });
    FakeMember alive("pg2");
    for (int i = 0; i < 4; ++i) {
        MemberGroup group(origins({refusing.address(), alive.server.address(), closed_port()}));
        EXPECT_EQ(group.first_good(RawRequest{.target = "/cluster"}).status, 200);
    }
    MemberGroup group(origins({refusing.address(), closed_port()}));
    const auto reply = group.first_good(RawRequest{.target = "/cluster"});
    EXPECT_EQ(reply.status, 502);
    EXPECT_EQ(reply.member.address, refusing.address());
    EXPECT_EQ(failure_of([&] { group.first_good(RawRequest{.method = "POST"}); }).kind,
              ErrorKind::config);
}

TEST(MemberGroup, IsCancelledOnARuntime) {
    FakeMember silent("pg1", "primary", {.status = false, .cluster = false});
    FakeMember other("pg2", "primary", {.status = false, .cluster = false});
    Runtime runtime;
    MemberGroup group(runtime, origins({silent.server.address(), other.server.address()}));
    std::optional<Result<GroupReply<MemberStatus>>> end;
    auto operation = group.start_first_good(
        GetStatus{}, {.timeout = seconds(10), .hedge_after = milliseconds(1)},
        [&](Result<GroupReply<MemberStatus>> reply) { end = std::move(reply); });
    std::thread later([&] {
        std::this_thread::sleep_for(milliseconds(50));
        runtime.post([&] { operation.cancel(); });
    });
    const Stopwatch watch;
    runtime.run();
    later.join();
    ASSERT_TRUE(end);
    EXPECT_EQ(end->error().kind, ErrorKind::cancelled);
    EXPECT_LT(watch.elapsed(), seconds(5));
}

TEST(MemberGroup, IsDroppedWithItsOwner) {
    FakeMember silent("pg1", "primary", {.status = false, .cluster = false});
    Runtime runtime;
    int calls = 0;
    {
        MemberGroup group(runtime, origins({silent.server.address(), closed_port()}));
        group.start_first_good(GetStatus{}, {.timeout = seconds(10)},
                               [&](const auto&) { ++calls; });
        runtime.post([] {});
    }
    runtime.run();
    EXPECT_EQ(calls, 0);
}

TEST(MemberGroup, MayBeUsedByThreadsThatWaitForEachOther) {
    FakeMember one("pg1");
    FakeMember two("pg2");
    MemberGroup group(origins({one.server.address(), two.server.address()}));
    std::atomic<int> answered = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 5; ++j) {
                answered += group.first_good(GetCluster{}).data.members.size() == 1 ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(answered, 20);
}

}  // namespace
}  // namespace patroni::testing
