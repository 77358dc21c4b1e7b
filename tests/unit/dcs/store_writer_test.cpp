// A write at the endpoints of a store on loopback: who is asked, what is sent twice and what never,
// and what is told when an answer is lost.
#include "dcs/store_writer.hpp"

#include "base/base64.hpp"
#include "dcs/dialogues.hpp"
#include "dcs/lost_write.hpp"
#include "support/event_loop.hpp"
#include "support/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

namespace patroni::testing {
namespace {

using dcs::find_trace;
using dcs::Snapshot;
using dcs::Trace;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

StoreWrite remove_prefix() {
    StoreWrite write;
    write.kind = StoreWrite::Kind::remove_prefix;
    write.key = "/s/";
    return write;
}

TEST(LostWrite, WhatIsInTheStoreDecides) {
    const auto at = [](std::string value, std::uint64_t revision) {
        return Snapshot{{{"/s/k", std::move(value), revision}, {"/s/key", "new", 9}}};
    };
    const Snapshot none{{{"/s/key", "new", 9}}};
    const struct {
        StoreWrite write;
        Snapshot now;
        Trace trace;
    } table[] = {
        {StoreWrite::put("/s/k", "new"), at("new", 7), Trace::carried_out},
        {StoreWrite::put("/s/k", "new"), at("old", 7), Trace::changed},
        {StoreWrite::put("/s/k", "new"), none, Trace::changed},
        {StoreWrite::put_if("/s/k", "new", 5), at("new", 7), Trace::carried_out},
        {StoreWrite::put_if("/s/k", "new", 5), at("old", 5), Trace::untouched},
        {StoreWrite::put_if("/s/k", "new", 5), at("other", 7), Trace::changed},
        {StoreWrite::put_if("/s/k", "new", 5), none, Trace::changed},
        {StoreWrite::create("/s/k", "new"), none, Trace::changed},
        {StoreWrite::create("/s/k", "new"), at("new", 7), Trace::carried_out},
        {StoreWrite::create("/s/k", "new"), at("other", 7), Trace::changed},
        {StoreWrite::remove("/s/k"), none, Trace::carried_out},
        {StoreWrite::remove("/s/k"), at("old", 5), Trace::changed},
        {StoreWrite::remove_if("/s/k", 5), none, Trace::carried_out},
        {StoreWrite::remove_if("/s/k", 5), at("old", 5), Trace::untouched},
        {StoreWrite::remove_if("/s/k", 5), at("other", 7), Trace::changed},
        {remove_prefix(), none, Trace::changed},
        {remove_prefix(), Snapshot{}, Trace::carried_out},
    };
    for (const auto& row : table) {
        EXPECT_EQ(find_trace(row.write, row.now), row.trace) << &row - table;
    }
}

/// What a server does with one request: the bytes it answers, nothing at all, or it hangs up.
using Answer = std::optional<std::string>;
const Answer k_hang_up = "";
const Answer k_silence = std::nullopt;

Answer written(int revision) {
    return http_answer(
        200, R"({"header":{"revision":")" + std::to_string(revision) + R"("},"succeeded":true})");
}
Answer conflict(const std::string& value, int revision) {
    return http_answer(
        200,
        R"({"header":{"revision":"9"},"responses":[{"response_range":{"kvs":[{"key":"L3Mvaw==","value":")" +
            encode_base64(value) + R"(","mod_revision":")" + std::to_string(revision) +
            R"("}]}}]})");
}
Answer holds(const std::string& value, int revision) {
    return http_answer(200, R"({"header":{"revision":"9"},"kvs":[{"key":"L3Mvaw==","value":")" +
                                encode_base64(value) + R"(","mod_revision":")" +
                                std::to_string(revision) + R"("}]})");
}
Answer empty() {
    return http_answer(200, R"({"header":{"revision":"9"}})");
}
Answer no_leader() {
    return http_answer(503, R"({"code":14,"message":"etcdserver: no leader"})");
}
Answer no_quorum() {
    return http_answer(504, R"({"code":4,"message":"context deadline exceeded"})");
}
Answer denied() {
    return http_answer(403, R"({"code":7,"message":"etcdserver: permission denied"})");
}
Answer token() {
    return http_answer(200, R"({"header":{"revision":"1"},"token":"T.1"})");
}

/// An etcd that answers its requests in turn; the last answer stays.
class Node {
public:
    explicit Node(std::vector<Answer> answers)
        : answers_(std::move(answers)), server_([this](const SeenRequest&) {
              return answers_[std::min<std::size_t>(count_++, answers_.size() - 1)];
          }) {}

    HostPort address() const { return server_.address(); }
    /// What was asked, without "/v3/kv/".
    std::vector<std::string> asked() const {
        std::vector<std::string> names;
        for (const auto& target : server_.targets()) {
            names.push_back(target.substr(target.rfind('/') + 1));
        }
        return names;
    }

private:
    std::vector<Answer> answers_;
    std::atomic<std::size_t> count_{0};
    ScriptedServer server_;
};

struct Written {
    Result<StoreOutcome> result;
    milliseconds took{};
};

Seeds seeds_of(const std::vector<HostPort>& addresses, const std::string& user = {}) {
    Seeds seeds;
    seeds.kind = Seeds::Kind::etcd3;
    seeds.user = user;
    seeds.password = Secret(user);
    for (const auto& address : addresses) {
        seeds.endpoints.push_back({false, address});
    }
    return seeds;
}

Written write_to(const Seeds& seeds, StoreWrite write, milliseconds timeout = milliseconds(4000)) {
    EventLoop loop;
    std::optional<Result<StoreOutcome>> slot;
    const auto started = std::chrono::steady_clock::now();
    dcs::write_store(loop.http, dcs::access_of(seeds), dcs::make_writer(seeds, std::move(write)),
                     EventLoop::in(timeout),
                     [&](Result<StoreOutcome> result) { slot = std::move(result); });
    loop.wait(slot);
    return {std::move(*slot),
            std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started)};
}

const StoreWrite k_cas = StoreWrite::put_if("/s/k", "new", 5);
const StoreWrite k_put = StoreWrite::put("/s/k", "new");

TEST(StoreWriter, TheFirstGoodEndpointIsEnough) {
    Node first({written(7)});
    Node second({written(7)});
    const auto outcome = write_to(seeds_of({first.address(), second.address()}), k_cas).result;
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->kind, OutcomeKind::done);
    EXPECT_EQ(outcome->revision, 7U);
    EXPECT_THAT(first.asked(), ElementsAre("txn"));
    EXPECT_THAT(second.asked(), IsEmpty());
}

TEST(StoreWriter, AnEndpointThatCertainlyDidNothingIsFollowedByTheNext) {
    Node electing({no_leader()});
    Node good({written(7)});
    const auto outcome =
        write_to(seeds_of({closed_port(), electing.address(), good.address()}), k_put).result;
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->kind, OutcomeKind::done);
    EXPECT_THAT(electing.asked(), ElementsAre("put"));
    EXPECT_THAT(good.asked(), ElementsAre("put"));
}

TEST(StoreWriter, WhenNobodyIsReachedNothingWasDone) {
    const auto result = write_to(seeds_of({closed_port(), closed_port()}), k_put).result;
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::connect_refused);
    EXPECT_EQ(result.error().delivery, Delivery::not_sent);
    EXPECT_THAT(result.error().message, HasSubstr("before:"));
}

TEST(StoreWriter, ARefusalOfTheStoreItselfIsAnOutcome) {
    Node first({denied()});
    Node second({written(7)});
    const auto outcome = write_to(seeds_of({first.address(), second.address()}), k_cas).result;
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->kind, OutcomeKind::rejected);
    EXPECT_EQ(outcome->reason, Reason::access_denied);
    EXPECT_THAT(outcome->message, HasSubstr("may not write /s/k"));
    EXPECT_THAT(second.asked(), IsEmpty());
}

TEST(StoreWriter, ALostLoginIsNoLostWrite) {
    Node first({k_hang_up});
    Node second({token(), written(7)});
    const auto outcome =
        write_to(seeds_of({first.address(), second.address()}, "user"), k_put).result;
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->kind, OutcomeKind::done);
    EXPECT_THAT(second.asked(), ElementsAre("authenticate", "put"));
    Node alone({k_hang_up});
    const auto result = write_to(seeds_of({alone.address()}, "user"), k_put).result;
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().delivery, Delivery::not_sent);
    EXPECT_THAT(alone.asked(), ElementsAre("authenticate"));
}

/// How the answer to the write is lost, and what the store is when it is looked at.
struct Loss {
    const char* what;
    StoreWrite write;
    std::vector<Answer> later;  ///< Answers to the look, and to what comes after it.
    OutcomeKind kind;
    Reason reason;  ///< When the connection ended.
    std::vector<std::string> asked;
    std::optional<StoredKey> current;
};

std::vector<Loss> losses() {
    const StoreWrite create = StoreWrite::create("/s/k", "new");
    const StoreWrite remove = StoreWrite::remove_if("/s/k", 5);
    const auto done = OutcomeKind::done;
    const auto unknown = OutcomeKind::unknown;
    return {
        {"it_was_done", k_cas, {holds("new", 7)}, done, Reason::none, {"range"}, {}},
        {"a_put_was_done", k_put, {holds("new", 7)}, done, Reason::none, {"range"}, {}},
        {"a_key_was_created", create, {holds("new", 7)}, done, Reason::none, {"range"}, {}},
        {"a_key_was_removed", remove, {empty()}, done, Reason::none, {"range"}, {}},
        {"all_was_removed", remove_prefix(), {empty()}, done, Reason::none, {"range"}, {}},
        {"created_or_removed_since",
         create,
         {empty(), written(8)},
         unknown,
         Reason::connection_lost,
         {"range"},
         {}},
        {"untouched_then_done",
         k_cas,
         {holds("old", 5), written(8)},
         done,
         Reason::none,
         {"range", "txn"},
         {}},
        {"it_came_late",
         k_cas,
         {holds("old", 5), conflict("new", 7)},
         done,
         Reason::none,
         {"range", "txn"},
         {}},
        {"another_came_first",
         k_cas,
         {holds("old", 5), conflict("other", 7)},
         unknown,
         Reason::conflict,
         {"range", "txn"},
         StoredKey{"other", 7}},
        {"it_came_late_or_another_did",
         k_cas,
         {holds("old", 5), empty()},
         unknown,
         Reason::conflict,
         {"range", "txn"},
         {}},
        {"lost_twice",
         k_cas,
         {holds("old", 5), k_hang_up, holds("old", 5)},
         unknown,
         Reason::connection_lost,
         {"range", "txn", "range"},
         StoredKey{"old", 5}},
        {"lost_twice_and_done",
         k_cas,
         {holds("old", 5), k_hang_up, holds("new", 8)},
         done,
         Reason::none,
         {"range", "txn", "range"},
         {}},
        {"refused_the_second_time",
         k_cas,
         {holds("old", 5), denied()},
         unknown,
         Reason::connection_lost,
         {"range", "txn"},
         StoredKey{}},
        {"changed_by_another",
         k_cas,
         {holds("other", 7)},
         unknown,
         Reason::conflict,
         {"range"},
         StoredKey{"other", 7}},
        {"consumed_by_the_leader",
         k_put,
         {holds("{}", 7)},
         unknown,
         Reason::connection_lost,
         {"range"},
         StoredKey{"{}", 7}},
        {"no_look", k_cas, {denied()}, unknown, Reason::connection_lost, {"range"}, {}},
        {"keys_came_back",
         remove_prefix(),
         {holds("new", 7)},
         unknown,
         Reason::connection_lost,
         {"range"},
         {}},
    };
}

class StoreWriterLoss : public ::testing::TestWithParam<Loss> {};

TEST_P(StoreWriterLoss, IsResolvedByALook) {
    const auto& loss = GetParam();
    const struct {
        Answer answer;
        Reason reason;
    } ways[] = {{k_hang_up, Reason::connection_lost}, {no_quorum(), Reason::status_unknown}};
    for (const auto& way : ways) {
        std::vector<Answer> answers = loss.later;
        answers.insert(answers.begin(), way.answer);
        Node node(answers);
        const auto outcome = write_to(seeds_of({node.address()}), loss.write).result;
        ASSERT_TRUE(outcome) << outcome.error().message;
        EXPECT_EQ(outcome->kind, loss.kind) << outcome->message;
        const bool by_way =
            loss.reason == Reason::connection_lost && std::string_view(loss.what) != "lost_twice";
        EXPECT_EQ(outcome->reason, by_way ? way.reason : loss.reason) << outcome->message;
        auto asked = node.asked();
        asked.erase(asked.begin());
        EXPECT_EQ(asked, loss.asked);
        if (loss.current && loss.current->revision != 0) {
            EXPECT_TRUE(outcome->current_known);
            EXPECT_EQ(outcome->current, loss.current);
        }
        if (outcome->kind == OutcomeKind::unknown) {
            EXPECT_TRUE(outcome->error) << "what ended the request";
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Table, StoreWriterLoss, ::testing::ValuesIn(losses()),
                         [](const auto& test) { return std::string(test.param.what); });

TEST(StoreWriter, APutIsNeverSentTwice) {
    for (const Answer& look : {holds("old", 5), empty()}) {
        Node first({k_hang_up, look});
        Node second({look});
        const auto outcome = write_to(seeds_of({first.address(), second.address()}), k_put).result;
        ASSERT_TRUE(outcome);
        EXPECT_EQ(outcome->kind, OutcomeKind::unknown);
        EXPECT_THAT(first.asked(), ElementsAre("put"));
        EXPECT_THAT(second.asked(), ElementsAre("range"));
    }
}

TEST(StoreWriter, TheOtherEndpointIsLookedAtFirstAndWrittenTo) {
    Node first({k_silence});
    Node second({holds("old", 5), written(8)});
    const auto write =
        write_to(seeds_of({first.address(), second.address()}), k_cas, milliseconds(1600));
    ASSERT_TRUE(write.result) << write.result.error().message;
    EXPECT_EQ(write.result->kind, OutcomeKind::done) << write.result->message;
    EXPECT_EQ(write.result->revision, 8U);
    EXPECT_THAT(first.asked(), ElementsAre("txn"));
    EXPECT_THAT(second.asked(), ElementsAre("range", "txn"));
    EXPECT_LT(write.took, milliseconds(1500));
}

TEST(StoreWriter, SilenceEndsWithTheDeadline) {
    Node node({k_silence});
    const auto write = write_to(seeds_of({node.address()}), k_cas, milliseconds(400));
    ASSERT_TRUE(write.result) << write.result.error().message;
    EXPECT_EQ(write.result->kind, OutcomeKind::unknown);
    EXPECT_EQ(write.result->reason, Reason::no_answer);
    EXPECT_FALSE(write.result->current_known);
    EXPECT_THAT(node.asked(), ElementsAre("txn", "range"));
    EXPECT_GE(write.took, milliseconds(390));
    EXPECT_LT(write.took, milliseconds(1500));
}

TEST(StoreWriter, CancelledBeforeItWasSentNothingWasDone) {
    Node node({k_silence});
    EventLoop loop;
    const auto seeds = seeds_of({node.address(), node.address()}, "user");
    std::optional<Result<StoreOutcome>> slot;
    auto operation =
        dcs::write_store(loop.http, dcs::access_of(seeds), dcs::make_writer(seeds, k_put),
                         EventLoop::in(milliseconds(5000)),
                         [&](Result<StoreOutcome> result) { slot = std::move(result); });
    loop.context.run_for(milliseconds(50));
    operation.cancel();
    EXPECT_FALSE(slot) << "never from within cancel()";
    ASSERT_FALSE(loop.wait(slot));
    EXPECT_EQ(slot->error().kind, ErrorKind::cancelled);
    EXPECT_EQ(slot->error().delivery, Delivery::not_sent);
    EXPECT_THAT(node.asked(), ElementsAre("authenticate"));
}

TEST(StoreWriter, CancelledAfterwardsNobodyKnows) {
    for (const bool while_looking : {false, true}) {
        Node node({while_looking ? k_hang_up : k_silence, k_silence});
        EventLoop loop;
        const auto seeds = seeds_of({node.address()});
        std::optional<Result<StoreOutcome>> slot;
        auto operation =
            dcs::write_store(loop.http, dcs::access_of(seeds), dcs::make_writer(seeds, k_cas),
                             EventLoop::in(milliseconds(5000)),
                             [&](Result<StoreOutcome> result) { slot = std::move(result); });
        loop.context.run_for(milliseconds(80));
        ASSERT_FALSE(slot);
        operation.cancel();
        ASSERT_TRUE(loop.wait(slot)) << slot->error().message;
        EXPECT_EQ((*slot)->kind, OutcomeKind::unknown);
        EXPECT_EQ((*slot)->reason, Reason::cancelled);
        operation.cancel();  // Does nothing any more.
    }
}

}  // namespace
}  // namespace patroni::testing
