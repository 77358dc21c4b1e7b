// Writes through Consul's KV API: what is sent, and what each answer means, on recordings.
#include "codec/json.hpp"
#include "dcs/consul/write_dialogue.hpp"
#include "support/recordings.hpp"
#include "support/store_samples.hpp"
#include "unit/dcs/dialogue_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Lost;
using dcs::Refusal;
using dcs::consul::Access;
using dcs::consul::WriteKey;
using protocol::Request;
using ::testing::HasSubstr;

const std::string k_config = "/service/demo/config";
const std::string k_now = R"([{"Key":"service/demo/config","ModifyIndex":15,"Value":"e30="}])";

StoreWrite remove_prefix(std::string prefix) {
    StoreWrite write;
    write.kind = StoreWrite::Kind::remove_prefix;
    write.key = std::move(prefix);
    return write;
}

protocol::Response missing() {
    auto answer = response(404, "");
    answer.headers.emplace_back("X-Consul-Index", "7");
    return answer;
}

void expect_same(const Request& ours, const std::string& sample) {
    const auto recorded = sample_request(sample);
    EXPECT_EQ(ours.method, recorded.method) << sample;
    EXPECT_EQ(ours.target, recorded.target) << sample;
    EXPECT_EQ(ours.body, recorded.body) << sample;
    EXPECT_TRUE(ours.headers.empty()) << sample;
}

TEST(ConsulWrite, SendsWhatTheSamplesSend) {
    const auto config = sample_request("consul-config-cas-ok").body;
    expect_same(WriteKey(StoreWrite::put_if(k_config, config, 14), {}).start(),
                "consul-config-cas-ok");
    expect_same(WriteKey(StoreWrite::put("/service/demo/failover",
                                         sample_request("consul-failover-put").body),
                         {})
                    .start(),
                "consul-failover-put");
    expect_same(WriteKey(StoreWrite::put_if("/service/demo/failover", "{}", 26), {}).start(),
                "consul-failover-flush-cas");
    expect_same(WriteKey(StoreWrite::create("/service/demo/initialize", ""), {}).start(),
                "consul-initialize-cas0-exists");
    expect_same(WriteKey(remove_prefix("/service/demo/"), {}).start(), "consul-remove-cluster");
}

/// The request of a step of Patroni 4.1 itself.
Value patroni_step(const std::string& name) {
    const auto document =
        codec::parse_json(read_test_file("dcs-samples/consul-patroni-requests.json")).value();
    for (const auto& step : *document.find("steps")->if_array()) {
        if (*step.find("step")->if_string() == name) {
            return step.find("requests")->if_array()->back();
        }
    }
    ADD_FAILURE() << "no step " << name;
    return {};
}

TEST(ConsulWrite, SendsWhatPatronictlSends) {
    const std::string path = "/service/My_Cluster.1/";
    const struct {
        std::string step;
        StoreWrite write;
    } table[] = {
        {"ctl-manual-failover",
         StoreWrite::put(path + "failover", R"({"leader":"pg-a","member":"pg-b"})")},
        {"ctl-flush", StoreWrite::put_if(path + "failover", "{}", 59)},
        {"ctl-config-cas", StoreWrite::put_if(path + "config", R"({"ttl":31})", 50)},
        {"ctl-remove", remove_prefix(path)},
    };
    for (const auto& row : table) {
        const auto ours = WriteKey(row.write, Access{Secret("TOKEN-EXAMPLE"), "dc1"}).start();
        const auto theirs = patroni_step(row.step);
        EXPECT_EQ(ours.method, *theirs.find("method")->if_string()) << row.step;
        EXPECT_EQ(ours.target, *theirs.find("url")->if_string()) << row.step;
        EXPECT_EQ(ours.body, *theirs.find("body")->if_string()) << row.step;
        EXPECT_EQ(header_of(ours, "X-Consul-Token"), "TOKEN-EXAMPLE") << row.step;
    }
}

TEST(ConsulWrite, RemovesOneKeyWithAndWithoutItsRevision) {
    const auto plain = WriteKey(StoreWrite::remove("/s/k"), {}).start();
    EXPECT_EQ(plain.method + plain.target, "DELETE/v1/kv/s/k");
    const auto one = WriteKey(StoreWrite::remove_if("/s/sync", 57), {}).start();
    EXPECT_EQ(one.target, "/v1/kv/s/sync?cas=57");
}

TEST(ConsulWrite, APutLearnsItsRevisionByALook) {
    WriteKey write(StoreWrite::put_if(k_config, "{}", 14), {Secret("s3cret"), ""});
    write.start();
    EXPECT_TRUE(write.is_write());
    EXPECT_FALSE(write.settled());
    const auto look = expect_step<Request>(write.resume(store_sample("consul-config-cas-ok")));
    EXPECT_EQ(look.method + look.target, "GET/v1/kv/service/demo/config?consistent=1");
    EXPECT_EQ(header_of(look, "X-Consul-Token"), "s3cret");
    EXPECT_FALSE(write.is_write());
    ASSERT_TRUE(write.settled());
    EXPECT_EQ(write.settled()->kind, OutcomeKind::done) << "when the look gets no answer";
    const auto outcome = expect_step<StoreOutcome>(write.resume(response(200, k_now)));
    EXPECT_EQ(outcome.kind, OutcomeKind::done);
    EXPECT_EQ(outcome.revision, 15U);
}

TEST(ConsulWrite, ADoneWriteIsOneWhateverTheLookSays) {
    for (const auto& look :
         {missing(), response(500, "No cluster leader"), response(200, "hello"),
          response(403, "Permission denied"), response(200, "[]"),
          response(200, R"([{"Key":"service/demo/config","ModifyIndex":16,"Value":"eA=="}])")}) {
        WriteKey write(StoreWrite::put_if(k_config, "{}", 14), {});
        write.start();
        write.resume(response(200, "true\n"));
        const auto outcome = expect_step<StoreOutcome>(write.resume(look));
        EXPECT_EQ(outcome.kind, OutcomeKind::done);
        EXPECT_EQ(outcome.revision, 0U) << "that of another write is not ours";
    }
}

TEST(ConsulWrite, ADeletionIsDoneAtOnce) {
    for (const auto& write_in : {remove_prefix("/service/demo/"), StoreWrite::remove("/k"),
                                 StoreWrite::remove_if("/k", 5)}) {
        WriteKey write(write_in, {});
        write.start();
        const auto outcome =
            expect_step<StoreOutcome>(write.resume(store_sample("consul-remove-cluster")));
        EXPECT_EQ(outcome.kind, OutcomeKind::done);
        EXPECT_EQ(outcome.removed, std::nullopt) << "Consul does not say how many";
    }
}

TEST(ConsulWrite, AConflictIsFollowedByALook) {
    for (const auto* sample : {"consul-config-cas-conflict", "consul-initialize-cas0-exists"}) {
        WriteKey write(StoreWrite::put_if(k_config, "{}", 14), {});
        write.start();
        const auto look = expect_step<Request>(write.resume(store_sample(sample)));
        EXPECT_EQ(look.target, "/v1/kv/service/demo/config?consistent=1");
        ASSERT_TRUE(write.settled());
        EXPECT_TRUE(write.settled()->conflict());
        EXPECT_FALSE(write.settled()->message.empty());
        const auto outcome = expect_step<StoreOutcome>(write.resume(response(200, k_now)));
        EXPECT_EQ(outcome.kind, OutcomeKind::rejected);
        EXPECT_TRUE(outcome.conflict() && outcome.current_known);
        EXPECT_EQ(outcome.current, (StoredKey{"{}", 15}));
        EXPECT_THAT(outcome.message, HasSubstr("revision 15"));
    }
}

TEST(ConsulWrite, AConflictIsOneWhateverTheLookSays) {
    const struct {
        protocol::Response look;
        bool known;
    } table[] = {{missing(), true},
                 {response(404, "404 page not found"), false},
                 {store_sample("consul-acl-no-token-key"), false},
                 {response(500, "No cluster leader"), false},
                 {response(200, "hello"), false}};
    for (const auto& row : table) {
        WriteKey write(StoreWrite::remove_if(k_config, 14), {});
        write.start();
        write.resume(response(200, "false"));
        const auto outcome = expect_step<StoreOutcome>(write.resume(row.look));
        EXPECT_TRUE(outcome.conflict());
        EXPECT_EQ(outcome.current_known, row.known);
        EXPECT_EQ(outcome.current, std::nullopt);
    }
}

TEST(ConsulWrite, AFalseWithoutAConditionIsNoConflict) {
    WriteKey write(StoreWrite::put(k_config, "{}"), {});
    write.start();
    const auto outcome = expect_step<StoreOutcome>(write.resume(response(200, "false")));
    EXPECT_EQ(outcome.kind, OutcomeKind::rejected);
    EXPECT_FALSE(outcome.conflict());
    EXPECT_FALSE(outcome.message.empty());
}

enum class Fate { refused, next, lost };

struct Row {
    std::string what;
    protocol::Response answer;
    Fate fate;
    ErrorKind kind;
};

class ConsulWriteFailure : public ::testing::TestWithParam<Row> {};

TEST_P(ConsulWriteFailure, IsToldFromAWriteThatMayHaveBeenDone) {
    const auto& row = GetParam();
    for (const auto& write_in :
         {StoreWrite::put(k_config, "{}"), StoreWrite::put_if(k_config, "{}", 5),
          StoreWrite::remove(k_config), remove_prefix("/service/demo/")}) {
        WriteKey write(write_in, {});
        write.start();
        const auto step = write.resume(row.answer);
        if (row.fate == Fate::lost) {
            EXPECT_EQ(expect_step<Lost>(step).error.kind, row.kind);
        } else {
            const auto refusal = expect_step<Refusal>(step);
            EXPECT_EQ(refusal.error.kind, row.kind) << refusal.error.message;
            EXPECT_EQ(refusal.try_next, row.fate == Fate::next);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Table, ConsulWriteFailure,
    ::testing::Values(
        Row{"denied_1_10", store_sample("consul-acl-read-token-write"), Fate::refused,
            ErrorKind::unauthorized},
        Row{"denied_1_15", store_sample("consul-1.15-acl", "read-token put"), Fate::refused,
            ErrorKind::unauthorized},
        Row{"anonymous", store_sample("consul-1.15-acl", "no-token put"), Fate::refused,
            ErrorKind::unauthorized},
        Row{"bad_token", store_sample("consul-1.15-acl", "unknown-token put"), Fate::refused,
            ErrorKind::unauthorized},
        Row{"too_large", store_sample("consul-1.15-answers", "value-too-large"), Fate::refused,
            ErrorKind::limit},
        Row{"datacenter", store_sample("consul-dc-unknown"), Fate::refused, ErrorKind::config},
        Row{"no_leader", response(500, "rpc error making call: No cluster leader"), Fate::next,
            ErrorKind::http_status},
        Row{"too_many", response(429, "Too Many Requests"), Fate::next, ErrorKind::http_status},
        Row{"redirect", store_sample("consul-1.15-answers", "double-slash"), Fate::refused,
            ErrorKind::unsupported},
        Row{"not_consul", response(404, "404 page not found"), Fate::refused,
            ErrorKind::unsupported},
        Row{"wrong_method", store_sample("consul-1.15-answers", "head"), Fate::refused,
            ErrorKind::http_status},
        Row{"leadership_lost",
            response(500, "raft apply failed: leadership lost while committing log"), Fate::lost,
            ErrorKind::http_status},
        Row{"proxy_502", response(502, "<html>Bad Gateway</html>"), Fate::lost,
            ErrorKind::http_status},
        Row{"request_timeout", response(408, ""), Fate::lost, ErrorKind::http_status},
        Row{"no_word", response(200, "hello"), Fate::lost, ErrorKind::decode},
        Row{"no_content", response(204, ""), Fate::lost, ErrorKind::http_status}),
    [](const auto& test) { return test.param.what; });

TEST(ConsulWrite, StartsOverAtAnotherEndpoint) {
    WriteKey write(StoreWrite::put_if(k_config, "{}", 5), {});
    const auto first = write.start();
    write.resume(store_sample("consul-config-cas-conflict"));
    EXPECT_EQ(write.start().target, first.target);
    EXPECT_TRUE(write.is_write());
    EXPECT_FALSE(write.settled());
}

}  // namespace
}  // namespace patroni::testing
