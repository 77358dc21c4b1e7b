#include "operations/leader_request.hpp"

#include "unit/operations/clusters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::operations {
namespace {

using patroni::testing::demo_cluster;
using ::testing::HasSubstr;

LeaderRequest switchover() {
    LeaderRequest request;
    request.scope = "demo";
    request.leader = "pg1";
    return request;
}

LeaderRequest failover() {
    LeaderRequest request = switchover();
    request.kind = LeaderRequest::Kind::failover;
    request.candidate = "pg2";
    return request;
}

TEST(LeaderRequest, IsSentAsPatronictlWordsIt) {
    LeaderRequest request = switchover();
    EXPECT_EQ(to_http(request).method, "POST");
    EXPECT_EQ(to_http(request).target, "/switchover");
    EXPECT_EQ(to_http(request).body, R"({"candidate": null, "leader": "pg1"})");
    EXPECT_TRUE(to_http(request).headers.empty());
    EXPECT_EQ(to_http(request, true).target, "/failover");
    request.candidate = "";
    EXPECT_EQ(to_http(request).body, R"({"candidate": "", "leader": "pg1"})");
    request.candidate = "p\xc3\xbc\"2";
    request.scheduled_at = "2030-01-01T10:00:00+02:00";
    EXPECT_EQ(to_http(request).body, R"({"candidate": "p\u00fc\"2", "leader": "pg1", )"
                                     R"("scheduled_at": "2030-01-01T10:00:00+02:00"})");
    EXPECT_EQ(to_http(failover()).target, "/failover");
    EXPECT_EQ(to_http(failover()).body, R"({"candidate": "pg2"})");
}

TEST(LeaderRequest, IsWrittenToTheStoreAsPatronictlDoes) {
    LeaderRequest request = switchover();
    EXPECT_EQ(failover_value(request), R"({"leader":"pg1"})");
    request.candidate = "";
    EXPECT_EQ(failover_value(request), R"({"leader":"pg1"})");
    request.candidate = "pg3";
    request.scheduled_at = "2030-01-01T10:00:00+00:00";
    EXPECT_EQ(failover_value(request),
              R"({"leader":"pg1","member":"pg3","scheduled_at":"2030-01-01T10:00:00+00:00"})");
    EXPECT_EQ(failover_value(failover()), R"({"member":"pg2"})");
}

TEST(LeaderRequest, OnlyAnOldServerIsAskedAgain) {
    protocol::Response response;
    response.status = 501;
    response.body = "Server does not support this operation";
    EXPECT_TRUE(is_too_old(switchover(), response));
    EXPECT_FALSE(is_too_old(failover(), response));
    response.body = "Unsupported method";
    EXPECT_FALSE(is_too_old(switchover(), response));
    response.status = 503;
    response.body = "Server does not support this operation";
    EXPECT_FALSE(is_too_old(switchover(), response));
}

TEST(StoreFallback, CreatesTheKeyWhereThereIsNone) {
    const auto decision = decide_write(switchover(), demo_cluster());
    const auto* write = std::get_if<KeyWrite>(&decision);
    ASSERT_NE(write, nullptr);
    EXPECT_EQ(write->write.key, "/service/demo/failover");
    EXPECT_EQ(write->write.value, R"({"leader":"pg1"})");
    EXPECT_EQ(write->write.expected, 0U);
}

TEST(StoreFallback, AnIdleKeyIsComparedByItsRevision) {
    for (const char* idle : {"{}", " ", R"({"leader":null})"}) {
        const Cluster now = demo_cluster({{"failover", idle}});
        const auto decision = decide_write(switchover(), now);
        const auto* write = std::get_if<KeyWrite>(&decision);
        ASSERT_NE(write, nullptr) << idle;
        EXPECT_EQ(write->write.expected, now.keys.at("failover").revision);
        EXPECT_NE(write->write.expected, 0U);
    }
}

TEST(StoreFallback, WritesNothingOverTheRequestOfAnother) {
    for (const char* busy : {R"({"leader":"pg1"})", R"({"member":"pg3"})", "pg1:pg2", "[1]",
                             R"({"scheduled_at":"2030-01-01T00:00:00+00:00"})"}) {
        const auto decision = decide_write(switchover(), demo_cluster({{"failover", busy}}));
        const auto* refusal = std::get_if<NoWrite>(&decision);
        ASSERT_NE(refusal, nullptr) << busy;
        EXPECT_EQ(refusal->reason, Reason::conflict);
    }
}

TEST(StoreFallback, WritesNothingWhenTheLeaderIsAnother) {
    for (const char* leader : {"pg2", ""}) {
        const auto decision = decide_write(switchover(), demo_cluster({{"leader", leader}}));
        const auto* refusal = std::get_if<NoWrite>(&decision);
        ASSERT_NE(refusal, nullptr) << leader;
        EXPECT_EQ(refusal->reason, Reason::leader_mismatch);
    }
    LeaderRequest headless = failover();
    headless.leader.reset();
    EXPECT_TRUE(std::holds_alternative<NoWrite>(decide_write(headless, demo_cluster())))
        << "somebody leads by now";
    EXPECT_TRUE(
        std::holds_alternative<KeyWrite>(decide_write(headless, demo_cluster({{"leader", ""}}))));
}

}  // namespace
}  // namespace patroni::operations
