// The blocking client against members on loopback.
#include "support/failure_of.hpp"
#include "support/store_samples.hpp"
#include "unit/client/fake_member.hpp"

#include <patroni/client.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Seeds members(std::initializer_list<const ScriptedServer*> servers) {
    std::string list;
    for (const auto* server : servers) {
        list += server->text() + ",";
    }
    return Seeds::members(list).value();
}

TEST(BlockingClient, AsksEveryMemberOnceAndClusterOnce) {
    FakeMember primary("p");
    FakeMember replica("r", "replica");
    Client client(members({&primary.server, &replica.server}));
    const auto report = client.status();
    ASSERT_EQ(report.clusters.size(), 1U);
    EXPECT_EQ(report.clusters[0].primary, "p");
    EXPECT_EQ(report.source, "members");
    EXPECT_GT(report.elapsed.count(), 0);
    EXPECT_GT(report.observed_at.time_since_epoch().count(), 0);
    auto targets = primary.server.targets();
    const auto others = replica.server.targets();
    targets.insert(targets.end(), others.begin(), others.end());
    std::sort(targets.begin(), targets.end());
    EXPECT_THAT(targets, ElementsAre("/cluster", "/patroni", "/patroni"));
}

TEST(BlockingClient, CanBeUsedAgain) {
    FakeMember primary("p");
    Client client(members({&primary.server}));
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(client.status().clusters.at(0).verdict, Verdict::ok) << i;
        EXPECT_EQ(client.discover().members.size(), 1U);
    }
}

TEST(BlockingClient, ASeedIsAskedForClusterOnlyOnce) {
    FakeMember primary("p");
    Client client("http://" + primary.server.text());
    EXPECT_EQ(client.status().clusters.at(0).primary, "p");
    EXPECT_THAT(primary.server.targets(), ElementsAre("/cluster", "/patroni"));
}

TEST(BlockingClient, OldMembersAreNotAskedForCluster) {
    FakeMember primary("p", "primary", {}, "1.5.6");
    Client client(members({&primary.server}));
    EXPECT_EQ(client.status().clusters.at(0).verdict, Verdict::ok);
    EXPECT_THAT(primary.server.targets(), ElementsAre("/patroni"));
}

TEST(BlockingClient, WhenOneMembersClusterIsUnreadableAnotherIsAsked) {
    FakeMember primary("p", "primary", {.status = true, .cluster = false});
    FakeMember replica("r", "replica");
    Client client(members({&primary.server, &replica.server}));
    const auto report = client.status(milliseconds(1000));
    EXPECT_EQ(report.clusters.at(0).lock_source, FactSource::cluster);
}

TEST(BlockingClient, MovesWithWhatItHolds) {
    FakeMember primary("p");
    Client first(members({&primary.server}));
    Client second = std::move(first);
    EXPECT_EQ(second.status().clusters.at(0).primary, "p");
}

TEST(BlockingClient, AnUnreachableSourceThrows) {
    Client client("http://" + closed_port().text());
    EXPECT_EQ(failure_of([&] { client.discover(); }).kind, ErrorKind::connect_refused);
    EXPECT_EQ(failure_of([&] { client.status(); }).kind, ErrorKind::connect_refused);
}

TEST(BlockingClient, MembersThatDoNotAnswerAreRows) {
    Client client(Seeds::members(closed_port().text()).value());
    const auto report = client.status();
    ASSERT_EQ(report.clusters.size(), 1U);
    ASSERT_EQ(report.clusters[0].members.size(), 1U);
    EXPECT_EQ(report.clusters[0].members[0].error->kind, ErrorKind::connect_refused);
    EXPECT_EQ(report.clusters[0].verdict, Verdict::unknown);
}

TEST(BlockingClient, WrongUseIsAConfigFailure) {
    EXPECT_EQ(failure_of([] { Client client(""); }).kind, ErrorKind::config);
    EXPECT_EQ(failure_of([] { Client client("http://h:99999"); }).kind, ErrorKind::config);
    EXPECT_EQ(failure_of([] { Client client(Seeds{}); }).kind, ErrorKind::config);
    Client client("http://127.0.0.1:1");
    EXPECT_EQ(failure_of([&] { client.start_status(milliseconds(1), [](auto) {}); }).kind,
              ErrorKind::config);
    EXPECT_EQ(failure_of([&] { client.start_discover(milliseconds(1), [](auto) {}); }).kind,
              ErrorKind::config);
}

struct SilentRow {
    const char* what;
    Behaviour seed;
    bool as_seed;
};

class BoundedTime : public ::testing::TestWithParam<SilentRow> {};

TEST_P(BoundedTime, WhateverIsSilent) {
    FakeMember quiet("q", "primary", GetParam().seed);
    Client client(GetParam().as_seed ? Seeds::api(quiet.server.text()).value()
                                     : members({&quiet.server}));
    const Stopwatch watch;
    try {
        const auto report = client.status(milliseconds(400));
        EXPECT_EQ(report.clusters.size(), 1U);
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.error().kind, ErrorKind::timeout);
    }
    EXPECT_LT(watch.elapsed(), milliseconds(405 + 300)) << "loaded machines are slow";
    EXPECT_GE(watch.elapsed(), milliseconds(150));
}

INSTANTIATE_TEST_SUITE_P(
    Phases, BoundedTime,
    ::testing::Values(SilentRow{"source", {.status = true, .cluster = false}, true},
                      SilentRow{"member", {.status = false, .cluster = true}, false},
                      SilentRow{"member_behind_a_seed", {.status = false, .cluster = true}, true},
                      SilentRow{"cluster", {.status = true, .cluster = false}, false},
                      SilentRow{"everything", {.status = false, .cluster = false}, false}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(BlockingClient, ASilentMemberLeavesTimeForCluster) {
    FakeMember primary("p");
    FakeMember quiet("q", "replica", {.status = false, .cluster = false});
    Client client(members({&primary.server, &quiet.server}));
    const auto report = client.status(milliseconds(1500));
    EXPECT_EQ(report.clusters.at(0).lock_source, FactSource::cluster);
    EXPECT_EQ(report.clusters[0].primary, "p");
    EXPECT_EQ(report.clusters[0].members.size(), 2U);
}

TEST(BlockingClient, TellsWhomItWaitsForOnce) {
    FakeMember primary("p");
    FakeMember quiet("q", "replica", {.status = false, .cluster = false});
    std::vector<std::vector<std::string>> told;
    ClientOptions options;
    options.waiting_after = milliseconds(50);
    options.on_waiting = [&](const std::vector<std::string>& names) { told.push_back(names); };
    Client client(members({&primary.server, &quiet.server}), options);
    client.status(milliseconds(500));
    EXPECT_THAT(told, ElementsAre(ElementsAre(quiet.server.text())));
    told.clear();
    Client quick(members({&primary.server}), options);
    quick.status(milliseconds(500));
    EXPECT_THAT(told, ElementsAre());
}

TEST(BlockingClient, TellsTheSourceThatItWaitsFor) {
    FakeMember quiet("q", "primary", {.status = false, .cluster = false});
    std::vector<std::string> told;
    ClientOptions options;
    options.waiting_after = milliseconds(50);
    options.on_waiting = [&](const std::vector<std::string>& names) { told = names; };
    Client client(Seeds::api(quiet.server.text()).value(), options);
    failure_of([&] { client.status(milliseconds(300)); });
    EXPECT_THAT(told, ElementsAre("http://" + quiet.server.text()));
}

TEST(BlockingClient, TheTraceHoldsNoSecret) {
    ScriptedServer store([](const SeenRequest& request) -> std::optional<std::string> {
        return request.target == "/v3/auth/authenticate"
                   ? http_answer(200, R"({"header":{"revision":"1"},"token":"TOKEN-hush"})")
                   : http_answer(200, store_sample("etcd3-read-missing").body);
    });
    auto seeds = Seeds::etcd3("user:password-hush@" + store.text()).value();
    std::string lines;
    ClientOptions options;
    options.trace = [&](std::string_view line) { lines += std::string(line) + "\n"; };
    Client client(std::move(seeds), options);
    EXPECT_EQ(failure_of([&] { client.discover(); }).kind, ErrorKind::not_found);
    ASSERT_EQ(store.requests().size(), 2U);
    EXPECT_THAT(store.requests()[1].head, HasSubstr("TOKEN-hush"));
    EXPECT_THAT(lines, HasSubstr(store.text()));
    EXPECT_THAT(lines, HasSubstr("/v3/kv/range"));
    EXPECT_THAT(lines, Not(HasSubstr("hush")));
}

TEST(BlockingClient, TwoThreadsShareOne) {
    FakeMember primary("p");
    FakeMember replica("r", "replica");
    Client client(members({&primary.server, &replica.server}));
    std::atomic<int> good{0};
    const auto work = [&] {
        for (int i = 0; i < 5; ++i) {
            const auto report = client.status();
            good += report.clusters.size() == 1 && report.clusters[0].primary == "p" ? 1 : 0;
            good += client.discover().members.size() == 2 ? 1 : 0;
        }
    };
    std::thread other(work);
    work();
    other.join();
    EXPECT_EQ(good, 20);
}

}  // namespace
}  // namespace patroni::testing
