// Reading from Consul's KV API: what is sent, and what each answer means, on recordings.
#include "codec/json.hpp"
#include "dcs/consul/kv_entries.hpp"
#include "dcs/consul/read_dialogue.hpp"
#include "support/recordings.hpp"
#include "support/store_samples.hpp"
#include "unit/dcs/dialogue_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Refusal;
using dcs::Snapshot;
using dcs::consul::Access;
using dcs::consul::parse_entries;
using dcs::consul::ReadPrefix;
using protocol::Request;
using protocol::Response;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string k_prefix = "/service/demo/";

Response with_header(Response answer, std::string name, std::string value) {
    answer.headers.emplace_back(std::move(name), std::move(value));
    return answer;
}

TEST(ConsulRead, AsksAsPatronictlDoes) {
    ReadPrefix reading(k_prefix, {});
    const auto request = reading.start();
    const auto recorded = sample_request("consul-read-cluster");
    EXPECT_EQ(request.method, recorded.method);
    EXPECT_EQ(request.target, recorded.target);
    EXPECT_TRUE(request.headers.empty());
    EXPECT_EQ(request.body, "");
}

TEST(ConsulRead, TheTokenTravelsInAHeaderOnly) {
    ReadPrefix reading(k_prefix, {Secret("s3cret"), "dc 1"});
    const auto request = reading.start();
    EXPECT_EQ(request.target, "/v1/kv/service/demo/?recurse=1&consistent=1&dc=dc%201");
    EXPECT_EQ(header_of(request, "X-Consul-Token"), "s3cret");
}

TEST(ConsulRead, PathsAreClean) {
    EXPECT_EQ(ReadPrefix("//db//x y/", {}).start().target,
              "/v1/kv/db/x%20y/?recurse=1&consistent=1");
    EXPECT_EQ(ReadPrefix("/", {}).start().target, "/v1/kv/?recurse=1&consistent=1");
    EXPECT_EQ(ReadPrefix("/a?b#c%/", {}).start().target,
              "/v1/kv/a%3Fb%23c%25/?recurse=1&consistent=1");
}

TEST(ConsulRead, ReadsTheClusterOfTheSample) {
    ReadPrefix reading(k_prefix, {});
    reading.start();
    const auto snapshot =
        expect_step<Snapshot>(reading.resume(store_sample("consul-read-cluster")));
    EXPECT_THAT(
        keys_of(snapshot),
        ElementsAre("/service/demo/config", "/service/demo/failover", "/service/demo/failsafe",
                    "/service/demo/history", "/service/demo/initialize", "/service/demo/leader",
                    "/service/demo/members/pg-a", "/service/demo/members/pg-b",
                    "/service/demo/members/pg-c", "/service/demo/status", "/service/demo/sync"));
    EXPECT_EQ(value_of(snapshot, "/service/demo/leader"), "pg-a");
    EXPECT_EQ(snapshot.entries[0].modified, 14U);
    EXPECT_EQ(snapshot.revision, 23U);
}

TEST(ConsulRead, ReadsWhatARealClusterPublished) {
    const std::string sample = "consul-1.15-real-cluster-4.1.4";
    ReadPrefix reading(k_prefix, {});
    reading.start();
    const auto snapshot = expect_step<Snapshot>(reading.resume(store_sample(sample, "read")));
    const auto document =
        codec::parse_json(read_test_file("dcs-samples/" + sample + ".json")).value();
    const auto& decoded = *document.find("decoded")->if_object();
    ASSERT_EQ(snapshot.entries.size(), decoded.size());
    for (const auto& [key, value] : decoded) {
        EXPECT_EQ(value_of(snapshot, "/" + key), *value.if_string());
    }
}

TEST(ConsulRead, AnEmptyValueIsNull) {
    const auto entries = parse_entries(store_sample("consul-empty-value-read").body);
    ASSERT_TRUE(entries);
    ASSERT_EQ(entries->size(), 1U);
    EXPECT_EQ(entries->front().key, "/service/demo/initialize");
    EXPECT_EQ(entries->front().value, "");
    EXPECT_EQ(entries->front().modified, 9U);
}

TEST(ConsulRead, AMissingClusterIsEmpty) {
    for (const auto& answer : {store_sample("consul-read-missing-cluster"),
                               store_sample("consul-1.15-answers", "fresh-missing-prefix")}) {
        ReadPrefix reading(k_prefix, {});
        reading.start();
        const auto snapshot = expect_step<Snapshot>(reading.resume(answer));
        EXPECT_TRUE(snapshot.entries.empty());
        EXPECT_EQ(snapshot.revision, dcs::consul::index_of(answer)) << "a watch may begin there";
    }
}

TEST(ConsulRead, A404OfAServerThatDeniesIsLookedInto) {
    for (const auto& hidden :
         {store_sample("consul-acl-no-token-recurse"),
          store_sample("consul-1.15-acl", "no-token recurse"),
          store_sample("consul-1.15-acl", "token-without-key-rights recurse")}) {
        ReadPrefix reading(k_prefix, {Secret("s3cret"), ""});
        reading.start();
        const auto probe = expect_step<Request>(reading.resume(hidden));
        EXPECT_EQ(probe.target, "/v1/kv/service/demo/?consistent=1");
        EXPECT_EQ(header_of(probe, "X-Consul-Token"), "s3cret");
        for (const auto& denied : {store_sample("consul-acl-no-token-key"),
                                   store_sample("consul-1.15-acl", "no-token key")}) {
            ReadPrefix again = reading;
            const auto refusal = expect_step<Refusal>(again.resume(denied));
            EXPECT_EQ(refusal.error.kind, ErrorKind::unauthorized);
            EXPECT_THAT(refusal.error.message, HasSubstr("may not read /service/demo/"));
            EXPECT_FALSE(refusal.try_next);
        }
        ReadPrefix again = reading;
        EXPECT_TRUE(expect_step<Snapshot>(again.resume(hidden)).entries.empty())
            << "the token may see it, and nothing is there";
        again = reading;
        const auto lost = expect_step<Refusal>(again.resume(response(500, "No cluster leader")));
        EXPECT_TRUE(lost.try_next);
        EXPECT_EQ(reading.start().target, "/v1/kv/service/demo/?recurse=1&consistent=1");
    }
}

TEST(ConsulRead, AnotherServersAnswerIsNoEmptyCluster) {
    ReadPrefix reading(k_prefix, {});
    reading.start();
    const auto refusal =
        expect_step<Refusal>(reading.resume(response(404, "404 page not found\n")));
    EXPECT_EQ(refusal.error.kind, ErrorKind::unsupported);
}

TEST(ConsulRead, LeavesOutWhatIsNotBelowThePrefix) {
    ReadPrefix reading(k_prefix, {});
    reading.start();
    const auto snapshot = expect_step<Snapshot>(reading.resume(
        response(200, R"([{"Key":"service/demo2/leader","ModifyIndex":1,"Value":null},)"
                      R"({"Key":"service/demo/leader","ModifyIndex":2,"Value":"YQ=="}])")));
    EXPECT_THAT(keys_of(snapshot), ElementsAre("/service/demo/leader"));
}

struct Row {
    std::string what;
    Response answer;
    ErrorKind kind;
    bool try_next;
};

class ConsulReadFailure : public ::testing::TestWithParam<Row> {};

TEST_P(ConsulReadFailure, SaysWhatItIs) {
    const auto& row = GetParam();
    ReadPrefix reading(k_prefix, {Secret("s3cret"), "dc1"});
    reading.start();
    const auto refusal = expect_step<Refusal>(reading.resume(row.answer));
    EXPECT_EQ(refusal.error.kind, row.kind) << refusal.error.message;
    EXPECT_EQ(refusal.try_next, row.try_next);
    EXPECT_EQ(refusal.error.delivery, Delivery::answered);
    EXPECT_EQ(refusal.error.http_status, row.answer.status);
    EXPECT_EQ(to_line(refusal.error).find("s3cret"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ConsulReadFailure,
    ::testing::Values(
        Row{"bad_token_1_10", store_sample("consul-acl-bad-token"), ErrorKind::unauthorized, false},
        Row{"bad_token_1_15", store_sample("consul-1.15-acl", "unknown-token recurse"),
            ErrorKind::unauthorized, false},
        Row{"datacenter", store_sample("consul-dc-unknown"), ErrorKind::config, false},
        Row{"no_leader", response(500, "No cluster leader"), ErrorKind::http_status, true},
        Row{"rpc_no_leader", response(500, "rpc error making call: No cluster leader"),
            ErrorKind::http_status, true},
        Row{"too_many", response(429, "Too Many Requests"), ErrorKind::http_status, true},
        Row{"redirect", store_sample("consul-1.15-answers", "double-slash"), ErrorKind::unsupported,
            false},
        Row{"bad_query", store_sample("consul-1.15-answers", "stale-and-consistent"),
            ErrorKind::http_status, false},
        Row{"proxy", response(502, "<html>"), ErrorKind::http_status, true},
        Row{"no_json", response(200, "<html>"), ErrorKind::decode, false},
        Row{"no_list", response(200, R"({"Key":"a"})"), ErrorKind::decode, false},
        Row{"names", response(200, R"(["service/demo/"])"), ErrorKind::decode, false},
        Row{"no_index", response(200, R"([{"Key":"a","Value":null}])"), ErrorKind::decode, false},
        Row{"no_base64", response(200, R"([{"Key":"a","ModifyIndex":1,"Value":"%"}])"),
            ErrorKind::decode, false},
        Row{"value_of_another_type", response(200, R"([{"Key":"a","ModifyIndex":1,"Value":7}])"),
            ErrorKind::decode, false},
        Row{"twice", response(200, R"([{"Key":"a","ModifyIndex":1},{"Key":"a","ModifyIndex":2}])"),
            ErrorKind::decode, false},
        Row{"negative", response(200, R"([{"Key":"a","ModifyIndex":-1}])"), ErrorKind::decode,
            false},
        Row{"cut", response(200, R"([{"Key":"a","Modify)"), ErrorKind::decode, false},
        Row{"deep", response(200, std::string(100, '[') + std::string(100, ']')), ErrorKind::limit,
            false}),
    [](const auto& test) { return test.param.what; });

TEST(ConsulRead, HeaderNamesHaveNoCase) {
    const auto answer = with_header(response(404, ""), "x-consul-index", "7");
    EXPECT_EQ(dcs::consul::index_of(answer), 7U);
    EXPECT_EQ(dcs::consul::index_of(with_header(response(200, ""), "X-Consul-Index", "-7")),
              std::nullopt);
    EXPECT_EQ(dcs::consul::index_of(response(200, "")), std::nullopt);
    EXPECT_FALSE(dcs::consul::may_hide_keys(answer));
    EXPECT_TRUE(
        dcs::consul::may_hide_keys(with_header(answer, "x-consul-default-acl-policy", "deny")));
}

}  // namespace
}  // namespace patroni::testing
