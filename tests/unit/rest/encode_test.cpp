// Requests as they go to the wire, for members of different age.
#include "rest/encode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr Version k_0_90{0, 90, 0};
constexpr Version k_1_3{1, 3, 6};
constexpr Version k_1_6{1, 6, 5};
constexpr Version k_2_1{2, 1, 7};
constexpr Version k_3_3{3, 3, 11};
constexpr Version k_4_1{4, 1, 5};

/// 2026-11-24 08:30:00 UTC
constexpr WallTime k_time{std::chrono::microseconds(1'795'509'000'000'000)};

template <class Request>
std::string text(const Request& request, std::optional<Version> version = k_4_1) {
    const auto encoded = rest::encode(request, version);
    if (!encoded) {
        return std::string(to_string(encoded.error().kind)) + ": " + encoded.error().message;
    }
    std::string line = encoded->request.method + ' ' + encoded->request.target;
    return encoded->request.body.empty() ? line : line + ' ' + encoded->request.body;
}

TEST(Encode, Questions) {
    EXPECT_EQ(text(GetStatus{}), "GET /patroni");
    EXPECT_EQ(text(GetCluster{}), "GET /cluster");
    EXPECT_EQ(text(GetHistory{}), "GET /history");
    EXPECT_EQ(text(GetConfig{}), "GET /config");
    EXPECT_EQ(text(GetMetrics{}), "GET /metrics");
    EXPECT_EQ(text(GetFailsafe{}), "GET /failsafe");
    EXPECT_EQ(text(CheckLiveness{}), "GET /liveness");
    EXPECT_EQ(text(CheckReadiness{}), "GET /readiness");
    EXPECT_EQ(text(CheckReadiness{.max_lag_bytes = 5, .mode = CheckReadiness::Mode::write}),
              "GET /readiness?lag=5&mode=write");
    EXPECT_EQ(text(GetStatus{}, std::nullopt), "GET /patroni");
}

TEST(Encode, HealthChecks) {
    EXPECT_EQ(text(CheckHealth{}, k_0_90), "GET /");
    EXPECT_EQ(text(CheckHealth{.check = HealthCheck::replica, .max_lag_bytes = 1'048'576}),
              "GET /replica?lag=1048576");
    EXPECT_EQ(
        text(CheckHealth{.check = HealthCheck::replica, .tags = {{"zone", "a b&c"}, {"x", "1"}}}),
        "GET /replica?tag_zone=a%20b%26c&tag_x=1");
    EXPECT_EQ(text(CheckHealth{.check = HealthCheck::sync, .method = CheckHealth::Method::head}),
              "HEAD /sync");
    EXPECT_EQ(
        text(CheckHealth{.check = HealthCheck::replica, .method = CheckHealth::Method::options},
             k_1_6),
        "OPTIONS /replica");
    EXPECT_THAT(text(CheckHealth{.tags = {{"zone", ""}}}), HasSubstr("config: "));
}

TEST(Encode, RefusesWhatTheMemberIsTooOldFor) {
    EXPECT_EQ(text(GetCluster{}, k_0_90),
              "unsupported: GET /cluster needs Patroni 1.6.1 or later; this is 0.90");
    EXPECT_EQ(text(CheckHealth{.check = HealthCheck::replica, .max_lag_bytes = 1}, k_1_6),
              "unsupported: the parameter lag needs Patroni 2.0 or later; this is 1.6.5");
    EXPECT_THAT(text(CheckHealth{.tags = {{"a", "b"}}}, Version{2, 0, 2}), HasSubstr("2.1"));
    EXPECT_THAT(text(CheckHealth{.check = HealthCheck::quorum}, k_3_3), HasSubstr("4.0"));
    EXPECT_THAT(text(CheckHealth{.check = HealthCheck::read_only_sync}, Version{2, 1, 4}),
                HasSubstr("2.1.5"));
    EXPECT_THAT(text(CheckHealth{.method = CheckHealth::Method::head}, Version{2, 1, 4}),
                HasSubstr("2.1.5"));
    EXPECT_THAT(text(CheckReadiness{.max_lag_bytes = 1}, Version{4, 0, 11}), HasSubstr("4.1"));
    EXPECT_EQ(text(RawRequest{.target = "/patroni?x"}, k_1_6), "GET /patroni?x") << "as it is";
    EXPECT_EQ(text(RawRequest{.target = "/patroni?x"}, k_2_1), "GET /patroni?x");
}

TEST(Encode, Configuration) {
    const Value pause = Value::object({{"pause", true}, {"ttl", nullptr}});
    EXPECT_EQ(text(PatchConfig{pause}), R"(PATCH /config {"pause":true,"ttl":null})");
    EXPECT_EQ(text(PutConfig{pause}, Version{1, 0, 0}), R"(PUT /config {"pause":true,"ttl":null})");
    EXPECT_THAT(text(PatchConfig{pause}, k_0_90), HasSubstr("unsupported"));
    EXPECT_THAT(text(PatchConfig{Value::object()}), HasSubstr("config: "));
    EXPECT_THAT(text(PatchConfig{Value(1)}), HasSubstr("config: "));
}

TEST(Encode, RestartSaysOnlyWhatIsMeant) {
    EXPECT_EQ(text(Restart{}, k_0_90), "POST /restart");
    EXPECT_EQ(text(Restart{.role = Restart::Role::primary}, k_4_1),
              R"(POST /restart {"role":"primary"})");
    // Until 3.3 a member called itself master, and the filter is compared with that.
    EXPECT_EQ(text(Restart{.role = Restart::Role::primary}, k_3_3),
              R"(POST /restart {"role":"master"})");
    EXPECT_EQ(text(Restart{.schedule = k_time,
                           .postgres_version = "15.4",
                           .only_if_pending = true,
                           .timeout = seconds(60)}),
              R"(POST /restart {"schedule":"2026-11-24T08:30:00.000+00:00",)"
              R"("postgres_version":"15.4","restart_pending":true,"timeout":60})");
    // 0.90 does not read the body: it would restart unconditionally.
    EXPECT_THAT(text(Restart{.only_if_pending = true}, k_0_90), HasSubstr("unsupported"));
    EXPECT_THAT(text(Restart{.timeout = seconds(5)}, Version{1, 1, 0}), HasSubstr("unsupported"));
    EXPECT_THAT(text(Restart{.role = Restart::Role::standby_leader}, k_3_3),
                HasSubstr("unsupported"));
    EXPECT_THAT(text(Restart{.timeout = seconds(0)}), HasSubstr("config"));
    for (const char* version : {"15", "15.x", "", "9.6.2.4", "15."}) {
        EXPECT_THAT(text(Restart{.postgres_version = version}), HasSubstr("config")) << version;
    }
}

TEST(Encode, Reinitialize) {
    EXPECT_EQ(text(Reinitialize{}, k_0_90), "POST /reinitialize");
    EXPECT_EQ(text(Reinitialize{.force = true, .from_leader = true}),
              R"(POST /reinitialize {"force":true,"from_leader":true})");
    EXPECT_THAT(text(Reinitialize{.force = true}, k_1_3), HasSubstr("unsupported"));
    EXPECT_THAT(text(Reinitialize{.from_leader = true}, k_3_3), HasSubstr("unsupported"));
}

TEST(Encode, SwitchoverAndFailover) {
    EXPECT_EQ(text(Switchover{.leader = "a", .candidate = "b"}),
              R"(POST /switchover {"leader":"a","candidate":"b"})");
    EXPECT_EQ(text(Switchover{.leader = "a"}, k_1_3), R"(POST /failover {"leader":"a"})");
    EXPECT_EQ(text(Switchover{.leader = "a", .schedule = k_time}),
              R"(POST /switchover {"leader":"a","scheduled_at":"2026-11-24T08:30:00.000+00:00"})");
    EXPECT_EQ(text(Failover{.candidate = "b"}, k_1_6), R"(POST /failover {"candidate":"b"})");
    EXPECT_EQ(text(CancelSwitchover{}), "DELETE /switchover");
    EXPECT_EQ(text(CancelRestart{}), "DELETE /restart");
    EXPECT_THAT(text(Switchover{.leader = ""}), HasSubstr("config"));
    EXPECT_THAT(text(Switchover{.leader = "a", .candidate = ""}), HasSubstr("config"));
    EXPECT_THAT(text(Failover{}), HasSubstr("config"));
    // With a time, Patroni dies of this one.
    EXPECT_THAT(text(Switchover{.leader = "a", .candidate = "a"}), HasSubstr("same"));
}

TEST(Encode, BetweenMembers) {
    EXPECT_EQ(text(AnnounceFailsafe{"a", "postgres://h", "http://h:8008", {{"s", 5}}}),
              R"(POST /failsafe {"name":"a","conn_url":"postgres://h",)"
              R"("api_url":"http://h:8008","slots":{"s":5}})");
    EXPECT_EQ(text(NotifyCoordinator{.group = 1, .leader = "w"}),
              R"(POST /citus {"type":"after_promote","group":1,"leader":"w","timeout":30,)"
              R"("cooldown":10})");
    EXPECT_THAT(text(NotifyCoordinator{.mpp = true}, Version{3, 2, 2}), HasSubstr("unsupported"));
    EXPECT_EQ(text(RequestSigterm{}), "POST /sigterm");
    EXPECT_THAT(text(AnnounceFailsafe{}), HasSubstr("config"));
}

TEST(Encode, KnowsWhatDependsOnTheVersion) {
    EXPECT_FALSE(rest::needs_version(GetStatus{}));
    EXPECT_FALSE(rest::needs_version(Restart{}));
    EXPECT_FALSE(rest::needs_version(CheckHealth{}));
    EXPECT_FALSE(rest::needs_version(Reload{}));
    EXPECT_TRUE(rest::needs_version(Restart{.only_if_pending = true}));
    EXPECT_TRUE(rest::needs_version(Reinitialize{.force = true}));
    EXPECT_TRUE(rest::needs_version(Switchover{.leader = "a"}));
    EXPECT_TRUE(rest::needs_version(CheckHealth{.check = HealthCheck::standby_leader}));
    EXPECT_TRUE(rest::needs_version(CheckHealth{.max_lag_bytes = 1}));
    EXPECT_FALSE(rest::needs_version(RawRequest{.target = "/replica?lag=1"}));
}

}  // namespace
}  // namespace patroni::testing
