// The watch of etcd's v2 API as a conversation.
#include "dcs/etcd2/watch_dialogue.hpp"
#include "support/store_samples.hpp"
#include "unit/dcs/dialogue_checks.hpp"
#include "unit/dcs/watch_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Open;
using dcs::Refusal;
using dcs::Snapshot;
using dcs::WatchStep;
using dcs::etcd2::WatchTree;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

protocol::Response head(int index, const std::string& cluster = "c") {
    auto answer = response(200, "");
    answer.headers.emplace_back("X-Etcd-Index", std::to_string(index));
    answer.headers.emplace_back("X-Etcd-Cluster-Id", cluster);
    return answer;
}
std::string event(const std::string& action, const std::string& key, const std::string& value,
                  int index) {
    return R"({"action":")" + action + R"(","node":{"key":"/s)" + key + R"(","value":")" + value +
           R"(","modifiedIndex":)" + std::to_string(index) + "}}\n";
}
std::string folder(const std::string& action, const std::string& key, int index) {
    return R"({"action":")" + action + R"(","node":{"key":"/s)" + key +
           R"(","dir":true,"modifiedIndex":)" + std::to_string(index) + "}}\n";
}

class Etcd2Watch : public ::testing::Test {
protected:
    static std::string opened_from(const WatchStep& step) {
        const auto target = expect_step<Open>(step.next).request.target;
        EXPECT_THAT(target,
                    HasSubstr("/v2/keys/s?wait=true&recursive=true&stream=true&waitIndex="));
        return target.substr(target.rfind('=') + 1);
    }
    void begin() {
        EXPECT_EQ(wants(watch.start("a")), "read");
        const auto step = watch.read({{{"/s/a", "1", 5}}, 7, "c"});
        EXPECT_THAT(told(step), ElementsAre("snapshot@7 /s/a=1"));
        EXPECT_EQ(opened_from(step), "8");
        EXPECT_TRUE(watch.opened(head(7)).served);
    }
    WatchTree watch{"/s", {}};
};

TEST_F(Etcd2Watch, TellsWhatTheStreamTells) {
    begin();
    const auto step = watch.received(
        event("set", "/a", "2", 8) + event("compareAndSwap", "/a", "3", 9) +
        event("expire", "/a", "", 10) + folder("set", "/d", 11) + folder("delete", "/d", 12));
    EXPECT_THAT(told(step), ElementsAre("changes@8 /s/a=2", "changes@9 /s/a=3", "changes@10 -/s/a",
                                        "changes@12 -/s/d/"));
    EXPECT_EQ(wants(step), "listen");
}

TEST_F(Etcd2Watch, WhatWasThereBeforeTheStreamIsCaughtUpOneByOne) {
    begin();
    watch.received(event("set", "/a", "2", 8));
    EXPECT_EQ(wants(watch.ended()), "refuse");
    EXPECT_EQ(opened_from(watch.start("a")), "9");
    // etcd has 9 to 11 in its history: it gives 9, and would be silent from then on.
    watch.opened(head(11));
    auto step = watch.received(event("set", "/a", "3", 9));
    EXPECT_THAT(told(step), ElementsAre("changes@9 /s/a=3"));
    EXPECT_EQ(opened_from(step), "10");
    watch.opened(head(11));
    step = watch.received(event("set", "/a", "4", 11));
    EXPECT_EQ(opened_from(step), "12");
    watch.opened(head(11));
    step = watch.received(event("set", "/a", "5", 12));
    EXPECT_EQ(wants(step), "listen") << "it is new";
}

TEST_F(Etcd2Watch, ARemovedFolderIsToldTwiceByEtcdAndOnceByUs) {
    begin();
    EXPECT_THAT(told(watch.received(folder("delete", "", 8) + folder("delete", "", 8))),
                ElementsAre("changes@8 -/s/"));
}

TEST_F(Etcd2Watch, AnIndexThatIsGoneIsAGap) {
    begin();
    EXPECT_EQ(wants(watch.answered(store_sample("etcd2-watch-401-index-cleared"))), "read");
    EXPECT_THAT(told(watch.read({{}, 2000, "c"})), ElementsAre("snapshot@2000 gap"));
    watch.opened(head(2000));
    EXPECT_EQ(wants(watch.received("{\"errorCode\":400,\"message\":\"cleared\"}\n")), "read");
}

TEST_F(Etcd2Watch, AStoreThatWentBackIsReadAnew) {
    begin();
    watch.start("a");
    EXPECT_TRUE(watch.opened(head(3)).probe_now);
    watch.probe();
    EXPECT_EQ(wants(watch.probed({{}, 7, "c"})), "listen");
    watch.probe();
    EXPECT_EQ(wants(watch.probed({{}, 3, "c"})), "read");
}

TEST_F(Etcd2Watch, EndpointsOfAnotherClusterAreRefused) {
    begin();
    watch.start("b");
    EXPECT_THAT(why(watch.opened(head(7, "other"))), HasSubstr("another cluster"));
    watch.start("a");
    EXPECT_EQ(wants(watch.opened(head(7, "other"))), "read") << "it was built anew";
}

TEST_F(Etcd2Watch, RefusalsAreTold) {
    begin();
    EXPECT_EQ(std::get<Refusal>(watch.answered(store_sample("etcd2-auth-no-credentials")).next)
                  .error.kind,
              ErrorKind::unauthorized);
    EXPECT_THAT(why(watch.answered(response(404, "404 page not found\n"))), HasSubstr("v2 API"));
    const auto step = watch.received("{\"errorCode\":300,\"message\":\"raft\"}\n");
    EXPECT_TRUE(std::get<Refusal>(step.next).try_next);
    for (const auto* bad :
         {"nonsense\n", "{}\n", "{\"action\":\"set\",\"node\":{\"key\":\"/s/a\"}}\n"}) {
        EXPECT_EQ(wants(watch.received(bad)), "refuse") << bad;
        EXPECT_EQ(opened_from(watch.start("a")), "8") << bad;
        watch.opened(head(7));
    }
}

TEST_F(Etcd2Watch, TheProbeReadsTheHeadOfTheFolderWithAQuorum) {
    begin();
    auto probe = watch.probe();
    EXPECT_EQ(probe->start().target, "/v2/keys/s?quorum=true");
    auto missing = response(404, R"({"errorCode":100,"message":"Key not found","index":9})");
    missing.headers.emplace_back("X-Etcd-Index", "9");
    EXPECT_EQ(expect_step<Snapshot>(probe->resume(missing)).revision, 9U);
}

}  // namespace
}  // namespace patroni::testing
