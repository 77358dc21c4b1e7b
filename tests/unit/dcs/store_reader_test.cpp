// Endpoints of a store on loopback: which one is asked, for how long, and what is told in the end.
#include "dcs/store_reader.hpp"

#include "dcs/etcd2/read_dialogue.hpp"
#include "dcs/etcd3/read_dialogue.hpp"
#include "support/event_loop.hpp"
#include "support/scripted_server.hpp"
#include "support/store_samples.hpp"
#include "unit/dcs/dialogue_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Snapshot;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string k_tree =
    R"({"action":"get","node":{"key":"/s","dir":true,"nodes":[{"key":"/s/a","value":"1","modifiedIndex":3}]}})";

std::optional<std::string> good(const SeenRequest&) {
    return http_answer(200, k_tree);
}
std::optional<std::string> silence(const SeenRequest&) {
    return std::nullopt;
}
std::optional<std::string> electing(const SeenRequest&) {
    return http_answer(500, R"({"errorCode":300,"message":"Raft Internal Error"})");
}
std::optional<std::string> forbidding(const SeenRequest&) {
    return http_answer(401, R"({"errorCode":110,"message":"no"})");
}

/// Reads /s from these endpoints, and how long that took.
struct Reading {
    Result<Snapshot> result;
    milliseconds took{};
};

Reading read_from(std::vector<HostPort> addresses, milliseconds timeout = milliseconds(2000)) {
    EventLoop loop;
    dcs::StoreAccess access;
    for (auto& address : addresses) {
        access.endpoints.push_back({false, std::move(address)});
    }
    std::optional<Result<Snapshot>> slot;
    const auto started = std::chrono::steady_clock::now();
    dcs::read_store(
        loop.http, access, std::make_unique<dcs::etcd2::ReadTree>("/s", dcs::Credentials{}),
        EventLoop::in(timeout), [&](Result<Snapshot> result) { slot = std::move(result); });
    loop.wait(slot);
    return {std::move(*slot),
            std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started)};
}

TEST(StoreReader, TheFirstGoodEndpointIsEnough) {
    ScriptedServer first(good);
    ScriptedServer second(good);
    const auto reading = read_from({first.address(), second.address()});
    ASSERT_TRUE(reading.result) << reading.result.error().message;
    EXPECT_THAT(keys_of(*reading.result), ElementsAre("/s/a"));
    EXPECT_EQ(first.requests().size(), 1U);
    EXPECT_EQ(second.requests().size(), 0U);
}

TEST(StoreReader, ARefusingEndpointIsFollowedByTheNext) {
    ScriptedServer second(good);
    const auto reading = read_from({closed_port(), second.address()});
    ASSERT_TRUE(reading.result) << reading.result.error().message;
    EXPECT_EQ(second.requests().size(), 1U);
}

TEST(StoreReader, AnEndpointWithoutALeaderIsFollowedByTheNext) {
    ScriptedServer first(electing);
    ScriptedServer second(good);
    EXPECT_TRUE(read_from({first.address(), second.address()}).result);
}

TEST(StoreReader, ASilentEndpointLeavesAFairPartToTheNext) {
    ScriptedServer first(silence);
    ScriptedServer second(good);
    const auto reading = read_from({first.address(), second.address()}, milliseconds(800));
    ASSERT_TRUE(reading.result) << reading.result.error().message;
    EXPECT_GE(reading.took, milliseconds(350));
    EXPECT_LT(reading.took, milliseconds(790));
}

TEST(StoreReader, TwoSilentEndpointsOfThreeLeaveTimeForTheThird) {
    ScriptedServer first(silence);
    ScriptedServer second(silence);
    ScriptedServer third(good);
    const auto reading =
        read_from({first.address(), second.address(), third.address()}, milliseconds(900));
    ASSERT_TRUE(reading.result) << reading.result.error().message;
    EXPECT_LT(reading.took, milliseconds(890));
}

TEST(StoreReader, AllSilentEndsWithTheDeadlineAndNamesEachEndpoint) {
    ScriptedServer first(silence);
    ScriptedServer second(silence);
    const auto reading = read_from({first.address(), second.address()}, milliseconds(400));
    ASSERT_FALSE(reading.result);
    const auto& error = reading.result.error();
    EXPECT_EQ(error.kind, ErrorKind::timeout);
    EXPECT_GE(reading.took, milliseconds(390));
    EXPECT_LT(reading.took, milliseconds(1500));
    EXPECT_EQ(error.endpoint, "http://" + second.text());
    EXPECT_THAT(error.message, HasSubstr("http://" + first.text()));
}

TEST(StoreReader, ARefusalOfTheStoreItselfIsFinal) {
    ScriptedServer first(forbidding);
    ScriptedServer second(good);
    const auto reading = read_from({first.address(), second.address()});
    ASSERT_FALSE(reading.result);
    EXPECT_EQ(reading.result.error().kind, ErrorKind::unauthorized);
    EXPECT_EQ(reading.result.error().endpoint, "http://" + first.text());
    EXPECT_EQ(second.requests().size(), 0U);
}

TEST(StoreReader, EveryRequestOfADialogueGoesToOneEndpoint) {
    const auto script = [](const SeenRequest& request) -> std::optional<std::string> {
        return request.target == "/v3/auth/authenticate"
                   ? http_answer(200, R"({"header":{"revision":"1"},"token":"T.1"})")
                   : http_answer(200, R"({"header":{"revision":"1"}})");
    };
    ScriptedServer first(script);
    ScriptedServer second(script);
    EventLoop loop;
    std::optional<Result<Snapshot>> slot;
    dcs::read_store(
        loop.http, {{{false, first.address()}, {false, second.address()}}, nullptr},
        std::make_unique<dcs::etcd3::ReadPrefix>("/s/", dcs::Credentials{"u", Secret("p")}),
        EventLoop::in(milliseconds(2000)), [&](auto result) { slot = std::move(result); });
    ASSERT_TRUE(loop.wait(slot)) << slot->error().message;
    EXPECT_THAT(first.targets(), ElementsAre("/v3/auth/authenticate", "/v3/kv/range"));
    EXPECT_THAT(first.requests()[1].head, HasSubstr("T.1"));
    EXPECT_EQ(second.requests().size(), 0U);
}

TEST(StoreReader, CancelEndsTheReadingAndAsksNobodyElse) {
    ScriptedServer first(silence);
    ScriptedServer second(good);
    EventLoop loop;
    std::optional<Result<Snapshot>> slot;
    auto operation = dcs::read_store(
        loop.http, {{{false, first.address()}, {false, second.address()}}, nullptr},
        std::make_unique<dcs::etcd2::ReadTree>("/s", dcs::Credentials{}),
        EventLoop::in(milliseconds(5000)), [&](auto result) { slot = std::move(result); });
    loop.context.run_for(milliseconds(50));
    ASSERT_FALSE(slot);
    operation.cancel();
    EXPECT_FALSE(slot) << "never from within cancel()";
    ASSERT_FALSE(loop.wait(slot));
    EXPECT_EQ(slot->error().kind, ErrorKind::cancelled);
    EXPECT_EQ(second.requests().size(), 0U);
    operation.cancel();  // Does nothing any more.
}

}  // namespace
}  // namespace patroni::testing
