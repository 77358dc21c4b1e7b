// The watch of etcd's v3 API as a conversation: nothing lost, nothing invented, wherever it breaks.
#include "base/base64.hpp"
#include "codec/json.hpp"
#include "dcs/etcd3/watch_dialogue.hpp"
#include "support/store_samples.hpp"
#include "unit/dcs/dialogue_checks.hpp"
#include "unit/dcs/watch_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Ask;
using dcs::Open;
using dcs::Refusal;
using dcs::Snapshot;
using dcs::WatchStep;
using dcs::etcd3::WatchPrefix;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string header(int revision, const std::string& cluster = "1") {
    return R"("header":{"cluster_id":")" + cluster + R"(","revision":")" +
           std::to_string(revision) + R"("})";
}
std::string line(const std::string& result) {
    return R"({"result":{)" + result + "}}\n";
}
std::string created(int revision, const std::string& cluster = "1") {
    return line(header(revision, cluster) + R"(,"created":true)");
}
std::string event(const std::string& key, const std::string& value, int revision) {
    return R"({"kv":{"key":")" + encode_base64("/s/" + key) + R"(","value":")" +
           encode_base64(value) + R"(","mod_revision":")" + std::to_string(revision) + R"("}})";
}
std::string removal(const std::string& key, int revision) {
    return R"({"type":"DELETE","kv":{"key":")" + encode_base64("/s/" + key) +
           R"(","mod_revision":")" + std::to_string(revision) + R"("}})";
}
std::string events(int revision, const std::string& list) {
    return line(header(revision) + R"(,"events":[)" + list + "]");
}

class Etcd3Watch : public ::testing::Test {
protected:
    static Snapshot now(std::uint64_t revision) {
        Snapshot snapshot{{{"/s/a", "1", 5}}, revision, "1"};
        return snapshot;
    }
    static std::string opened_from(const WatchStep& step) {
        const auto request = expect_step<Open>(step.next).request;
        const auto body = codec::parse_json(request.body);
        return *body->find("create_request")->find("start_revision")->if_string();
    }
    /// Reads at revision 7 and opens the stream.
    void begin(WatchPrefix& one) {
        EXPECT_EQ(wants(one.start("a")), "read");
        const auto step = one.read(now(7));
        EXPECT_THAT(told(step), ElementsAre("snapshot@7 /s/a=1"));
        EXPECT_TRUE(step.served);
        EXPECT_EQ(opened_from(step), "8");
        one.opened(response(200, ""));
        EXPECT_TRUE(one.received(created(7)).served);
    }
    WatchPrefix watch{"/s/", {}};
};

TEST_F(Etcd3Watch, AsksForItsPrefixAndForALeader) {
    watch.start("a");
    const auto request = expect_step<Open>(watch.read(now(7)).next).request;
    EXPECT_EQ(request.target, "/v3/watch");
    EXPECT_EQ(header_of(request, "Grpc-Metadata-hasleader"), "true");
    EXPECT_EQ(request.body,
              R"({"create_request":{"key":"L3Mv","range_end":"L3Mw","start_revision":"8",)"
              R"("progress_notify":true}})");
}

TEST_F(Etcd3Watch, TellsEachRevisionAsOneChange) {
    begin(watch);
    const auto step = watch.received(
        events(9, event("a", "2", 8) + "," + removal("b", 8) + "," + event("a", "3", 9)));
    EXPECT_THAT(told(step), ElementsAre("changes@8 /s/a=2 -/s/b", "changes@9 /s/a=3"));
    EXPECT_EQ(wants(step), "listen");
}

TEST_F(Etcd3Watch, TellsTheSameWhereverTheBytesAreCut) {
    const std::string bytes = events(8, event("a", "\xc3\xa4", 8)) + events(9, removal("a", 9));
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        WatchPrefix one{"/s/", {}};
        begin(one);
        auto texts = told(one.received(bytes.substr(0, cut)));
        for (auto& text : told(one.received(bytes.substr(cut)))) {
            texts.push_back(std::move(text));
        }
        ASSERT_THAT(texts, ElementsAre("changes@8 /s/a=\xc3\xa4", "changes@9 -/s/a")) << cut;
    }
}

TEST_F(Etcd3Watch, GoesOnBehindTheLastChangeItToldAndTellsNothingTwice) {
    begin(watch);
    // While it catches up, etcd puts its newest revision into the head of the first message.
    EXPECT_THAT(told(watch.received(events(5000, event("a", "2", 8)))),
                ElementsAre("changes@8 /s/a=2"));
    watch.received(R"({"result":{"half)");
    EXPECT_EQ(wants(watch.ended()), "refuse");
    const auto again = watch.start("a");
    EXPECT_THAT(told(again), IsEmpty());
    EXPECT_EQ(opened_from(again), "9");
    watch.opened(response(200, ""));
    EXPECT_THAT(told(watch.received(created(5000) +
                                    events(5000, event("a", "2", 8) + "," + event("a", "3", 10)))),
                ElementsAre("changes@10 /s/a=3"));
}

TEST_F(Etcd3Watch, ProgressKeepsTheCursorYoung) {
    begin(watch);
    EXPECT_THAT(told(watch.received(line(header(900)))), IsEmpty());
    EXPECT_EQ(opened_from(watch.start("a")), "901");
}

TEST_F(Etcd3Watch, ReadsAnewAfterACompactionAndSaysThatThereIsAGap) {
    begin(watch);
    const auto step =
        watch.received(line(header(0) + R"(,"canceled":true,"compact_revision":"50")"));
    EXPECT_EQ(wants(step), "read");
    EXPECT_THAT(told(watch.read(now(60))), ElementsAre("snapshot@60 gap /s/a=1"));
}

TEST_F(Etcd3Watch, RecordedStreamsAreUnderstood) {
    const auto play = [](const std::string& name, std::uint64_t revision) {
        WatchPrefix one{"/service/demo/", {}};
        one.start("a");
        one.read({{}, revision, {}});
        one.opened(response(200, ""));
        return one.received(store_sample(name).body);
    };
    EXPECT_EQ(wants(play("etcd3-watch-compacted", 1)), "read");
    const auto stream = play("etcd3-watch-stream", 17);
    EXPECT_EQ(wants(stream), "listen") << why(stream);
    EXPECT_TRUE(stream.served);
    ASSERT_GT(stream.events.size(), 2U);
    EXPECT_EQ(told(stream)[0], "changes@18 /service/demo/status={\"optime\":67393700}");
    EXPECT_THAT(why(play("etcd3-watch-auth-denied", 17)), HasSubstr("may not watch"));
}

TEST_F(Etcd3Watch, ANodeWithoutALeaderIsLeft) {
    begin(watch);
    for (const auto* text :
         {R"({"error":{"grpc_code":14,"http_code":503,"message":"etcdserver: no leader"}})",
          R"({"error":{"code":14,"message":"etcdserver: no leader"}})"}) {
        const auto step = watch.received(std::string(text) + "\n");
        EXPECT_THAT(why(step), HasSubstr("no leader"));
        EXPECT_TRUE(std::get<Refusal>(step.next).try_next);
        EXPECT_EQ(opened_from(watch.start("a")), "8");
    }
    // Without the end of its line, at the end of the stream.
    watch.received(R"({"error":{"code":14,"message":"etcdserver: no leader"}})");
    EXPECT_THAT(why(watch.ended()), HasSubstr("no leader"));
}

TEST_F(Etcd3Watch, AnEndpointThatIsBehindIsAskedAndAStoreThatWentBackIsReadAnew) {
    begin(watch);
    watch.received(events(20, event("a", "2", 20)));
    watch.start("a");
    watch.opened(response(200, ""));
    EXPECT_TRUE(watch.received(created(12)).probe_now);
    watch.probe();
    EXPECT_EQ(wants(watch.probed({{}, 20, "1"})), "listen") << "it lags, and will catch up";
    watch.probe();
    EXPECT_EQ(wants(watch.probed({{}, 12, "1"})), "read") << "it was restored from a backup";
    EXPECT_THAT(told(watch.read(now(12))), ElementsAre("snapshot@12 gap /s/a=1"));
}

TEST_F(Etcd3Watch, AProbeIsNotJudgedByWhatCameAfterIt) {
    begin(watch);
    watch.probe();
    watch.received(events(9, event("a", "2", 9)));
    EXPECT_EQ(wants(watch.probed({{}, 8, "1"})), "listen");
}

TEST_F(Etcd3Watch, AnEndpointOfAnotherClusterIsRefusedHoweverLongTheOthersAreAway) {
    begin(watch);
    for (int turn = 0; turn < 10; ++turn) {
        watch.start("b");
        watch.opened(response(200, ""));
        EXPECT_THAT(why(watch.received(created(3, "2"))), HasSubstr("another cluster"));
    }
    EXPECT_EQ(opened_from(watch.start("a")), "8") << "nothing was moved";
}

TEST_F(Etcd3Watch, AClusterThatWasBuiltAnewIsReadAnew) {
    begin(watch);
    watch.start("a");
    watch.opened(response(200, ""));
    EXPECT_EQ(wants(watch.received(created(3, "2"))), "read") << "it was of this cluster before";
    EXPECT_THAT(told(watch.read({{}, 3, "2"})), ElementsAre("snapshot@3 gap"));
    watch.start("b");
    watch.opened(response(200, ""));
    EXPECT_TRUE(watch.received(created(3, "2")).served);
}

TEST_F(Etcd3Watch, WhatReadingsAndWritesHaveHeardCounts) {
    const auto identity = std::make_shared<dcs::StoreIdentity>();
    EXPECT_FALSE(identity->is_foreign("elsewhere", "9"));
    WatchPrefix one{"/s/", {}, identity};
    EXPECT_EQ(wants(one.start("a")), "read");
    EXPECT_THAT(why(one.read(now(7))), HasSubstr("another cluster"));
    EXPECT_EQ(wants(one.start("elsewhere")), "read");
    EXPECT_THAT(told(one.read({{}, 7, "9"})), ElementsAre("snapshot@7"));
}

TEST_F(Etcd3Watch, BrokenLinesEndTheTurnAndMoveNothing) {
    const std::vector<std::string> broken = {
        "nonsense\n",
        "{}\n",
        "{\"result\":{}}\n",
        "{\"result\":{\"header\":{},\"events\":7}}\n",
        events(9, R"({"kv":{}})"),
        events(9, R"({"kv":{"key":"%","mod_revision":"9"}})"),
        events(9, event("a", "x", 9) + "," + event("a", "y", 8)),
        events(9, R"({"kv":{"key":"L290aGVy","mod_revision":"9"}})")};
    for (const std::string& bad : broken) {
        WatchPrefix one{"/s/", {}};
        begin(one);
        const auto step = one.received(bad);
        EXPECT_EQ(wants(step), "refuse") << bad;
        EXPECT_THAT(told(step), IsEmpty()) << bad;
        EXPECT_EQ(opened_from(one.start("a")), "8") << bad;
    }
}

class Etcd3WatchWithLogin : public Etcd3Watch {
protected:
    Etcd3WatchWithLogin() : user("/s/", {"u", Secret("p")}) {}
    void log_in(const WatchStep& step, const std::string& token) {
        EXPECT_THAT(expect_step<Ask>(step.next).request.target, HasSubstr("/auth/authenticate"));
        const auto open = user.answered(response(200, R"({"token":")" + token + R"("})"));
        EXPECT_EQ(header_of(expect_step<Open>(open.next).request, "Authorization"), token);
    }
    WatchPrefix user;
};

TEST_F(Etcd3WatchWithLogin, LogsInOnceMoreWhenItsTokenHasEnded) {
    user.start("a");
    log_in(user.read(now(7)), "T.1");
    const std::string refused = line(
        header(7) +
        R"(,"created":true,"canceled":true,"watch_id":"-1","cancel_reason":"rpc error: code = Unauthenticated desc = etcdserver: invalid auth token")");
    user.opened(response(200, ""));
    log_in(user.received(refused), "T.2");
    user.opened(response(200, ""));
    const auto again = user.received(refused);
    EXPECT_EQ(wants(again), "refuse") << "a second time is no luck";
    EXPECT_EQ(std::get<Refusal>(again.next).error.kind, ErrorKind::unauthorized);
    log_in(user.start("a"), "T.3");
}

TEST_F(Etcd3WatchWithLogin, WhoMayNotIsTold) {
    begin(watch);
    const auto denied = watch.received(line(
        header(7) +
        R"(,"created":true,"canceled":true,"cancel_reason":"rpc error: code = PermissionDenied desc = etcdserver: permission denied")"));
    EXPECT_THAT(why(denied), HasSubstr("may not watch /s/"));
    const auto nobody = watch.received(line(
        header(7) +
        R"(,"created":true,"canceled":true,"cancel_reason":"rpc error: code = InvalidArgument desc = etcdserver: user name is empty")"));
    EXPECT_THAT(why(nobody), HasSubstr("wants a user"));
}

TEST_F(Etcd3Watch, AnOlderReleaseIsAskedUnderItsOwnPath) {
    watch.start("a");
    watch.read(now(7));
    const auto step = watch.answered(response(404, "404 page not found\n"));
    EXPECT_EQ(expect_step<Open>(step.next).request.target, "/v3beta/watch");
}

}  // namespace
}  // namespace patroni::testing
