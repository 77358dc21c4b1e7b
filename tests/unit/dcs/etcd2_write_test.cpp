// Writes through etcd's v2 API: what is sent, and what each answer means, on recordings.
#include "dcs/etcd2/write_dialogue.hpp"
#include "support/store_samples.hpp"
#include "unit/dcs/dialogue_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Lost;
using dcs::Refusal;
using dcs::etcd2::WriteKey;
using protocol::Request;
using ::testing::HasSubstr;

const std::string k_config = "/service/demo/config";
const std::string k_node =
    R"({"action":"get","node":{"key":"/k","value":"{\"ttl\":40}","modifiedIndex":15}})";

StoreWrite remove_prefix(std::string prefix) {
    StoreWrite write;
    write.kind = StoreWrite::Kind::remove_prefix;
    write.key = std::move(prefix);
    return write;
}

void expect_same(const Request& ours, const std::string& sample) {
    const auto recorded = sample_request(sample);
    EXPECT_EQ(ours.method, recorded.method) << sample;
    EXPECT_EQ(ours.target, recorded.target) << sample;
    EXPECT_EQ(ours.body, recorded.body) << sample;
    EXPECT_EQ(ours.headers, recorded.headers) << sample;
}

TEST(Etcd2Write, SendsWhatPatroniSends) {
    const std::string config =
        R"({"ttl":40,"loop_wait":10,"retry_timeout":10,"maximum_lag_on_failover":1048576,)"
        R"("synchronous_mode":"quorum","postgresql":{"use_pg_rewind":true,"use_slots":true,)"
        R"("parameters":{"max_connections":100}}})";
    expect_same(WriteKey(StoreWrite::put_if(k_config, config, 5), {}).start(),
                "etcd2-config-cas-ok");
    expect_same(
        WriteKey(StoreWrite::put("/service/demo/failover", R"({"leader":"pg-a","member":"pg-b"})"),
                 {})
            .start(),
        "etcd2-failover-write-prevIndex0");
    expect_same(WriteKey(StoreWrite::create("/service/demo/initialize", ""), {}).start(),
                "etcd2-create-exists");
    expect_same(WriteKey(StoreWrite::put_if("/service/demo/nosuchkey", "x", 12), {}).start(),
                "etcd2-prevexist-missing");
    expect_same(WriteKey(remove_prefix("/service/gone/"), {}).start(), "etcd2-remove-cluster");
    expect_same(WriteKey(remove_prefix("/service/nosuch/"), {}).start(), "etcd2-remove-missing");
}

TEST(Etcd2Write, RemovesOneKeyWithAndWithoutItsRevision) {
    EXPECT_EQ(WriteKey(StoreWrite::remove("/s/k"), {}).start().target, "/v2/keys/s/k");
    const auto request = WriteKey(StoreWrite::remove_if("/s/sync", 1154), {}).start();
    EXPECT_EQ(request.method, "DELETE");
    EXPECT_EQ(request.target, "/v2/keys/s/sync?prevIndex=1154");
    EXPECT_EQ(request.body, "");
}

TEST(Etcd2Write, EncodesValuesAsAForm) {
    const auto request = WriteKey(StoreWrite::put("/a b", "a b&c=d+e\n\xc3\xa9~"), {}).start();
    EXPECT_EQ(request.target, "/v2/keys/a%20b");
    EXPECT_EQ(request.body, "value=a+b%26c%3Dd%2Be%0A%C3%A9~&prevIndex=0");
}

TEST(Etcd2Write, SendsCredentialsWithEachRequest) {
    WriteKey write(StoreWrite::put_if(k_config, "{}", 5), {"user", Secret("p:w")});
    EXPECT_EQ(header_of(write.start(), "Authorization"), "Basic dXNlcjpwOnc=");
    const auto look = expect_step<Request>(write.resume(store_sample("etcd2-config-cas-conflict")));
    EXPECT_EQ(header_of(look, "Authorization"), "Basic dXNlcjpwOnc=");
}

TEST(Etcd2Write, ADoneWriteTellsItsRevision) {
    WriteKey cas(StoreWrite::put_if(k_config, "{}", 5), {});
    cas.start();
    EXPECT_TRUE(cas.is_write());
    auto outcome = expect_step<StoreOutcome>(cas.resume(store_sample("etcd2-config-cas-ok")));
    EXPECT_EQ(outcome.kind, OutcomeKind::done);
    EXPECT_EQ(outcome.revision, 15U);
    WriteKey remove(remove_prefix("/service/gone/"), {});
    remove.start();
    outcome = expect_step<StoreOutcome>(remove.resume(store_sample("etcd2-remove-cluster")));
    EXPECT_EQ(outcome.kind, OutcomeKind::done);
    EXPECT_EQ(outcome.revision, 1133U);
    EXPECT_EQ(outcome.removed, std::nullopt) << "the v2 API does not say how many";
}

TEST(Etcd2Write, ToRemoveWhatIsNotThereIsDone) {
    WriteKey write(remove_prefix("/service/nosuch/"), {});
    write.start();
    const auto outcome =
        expect_step<StoreOutcome>(write.resume(store_sample("etcd2-remove-missing")));
    EXPECT_EQ(outcome.kind, OutcomeKind::done);
    EXPECT_EQ(outcome.removed, 0U);
}

TEST(Etcd2Write, AConflictIsFollowedByALook) {
    for (const auto* sample : {"etcd2-config-cas-conflict", "etcd2-create-exists"}) {
        WriteKey write(StoreWrite::put_if(k_config, "{}", 5), {});
        write.start();
        const auto look = expect_step<Request>(write.resume(store_sample(sample)));
        EXPECT_EQ(look.method, "GET");
        EXPECT_EQ(look.target, "/v2/keys/service/demo/config?quorum=true");
        EXPECT_FALSE(write.is_write());
        const auto outcome = expect_step<StoreOutcome>(write.resume(response(200, k_node)));
        EXPECT_EQ(outcome.kind, OutcomeKind::rejected);
        EXPECT_TRUE(outcome.conflict() && outcome.current_known);
        EXPECT_EQ(outcome.current, (StoredKey{R"({"ttl":40})", 15}));
    }
}

TEST(Etcd2Write, AConflictIsOneWhateverTheLookSays) {
    struct {
        protocol::Response look;
        bool known;
    } const table[] = {{store_sample("etcd2-prevexist-missing"), true},
                       {store_sample("etcd3-no-quorum", "v2-quorum-read"), false},
                       {store_sample("etcd2-auth-no-credentials"), false},
                       {response(200, "hello"), false},
                       {response(502, ""), false}};
    for (const auto& row : table) {
        WriteKey write(StoreWrite::put_if(k_config, "{}", 5), {});
        write.start();
        EXPECT_EQ(write.settled(), std::nullopt);
        write.resume(store_sample("etcd2-config-cas-conflict"));
        ASSERT_TRUE(write.settled()) << "also when the look gets no answer";
        EXPECT_TRUE(write.settled()->conflict() && !write.settled()->current_known);
        const auto outcome = expect_step<StoreOutcome>(write.resume(row.look));
        EXPECT_TRUE(outcome.conflict());
        EXPECT_EQ(outcome.kind, OutcomeKind::rejected);
        EXPECT_EQ(outcome.current_known, row.known);
        EXPECT_EQ(outcome.current, std::nullopt);
    }
}

TEST(Etcd2Write, AKeyThatHasGoneIsAConflictWithNothing) {
    for (const auto& write_in :
         {StoreWrite::put_if("/k", "x", 12), StoreWrite::remove_if("/k", 12)}) {
        WriteKey write(write_in, {});
        write.start();
        const auto outcome =
            expect_step<StoreOutcome>(write.resume(store_sample("etcd2-prevexist-missing")));
        EXPECT_TRUE(outcome.conflict() && outcome.current_known);
        EXPECT_EQ(outcome.current, std::nullopt);
    }
}

enum class Fate { refused, lost };

struct Row {
    std::string what;
    protocol::Response answer;
    Fate fate;
    ErrorKind kind;
};

class Etcd2WriteFailure : public ::testing::TestWithParam<Row> {};

TEST_P(Etcd2WriteFailure, IsToldFromAWriteThatMayHaveBeenDone) {
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
            EXPECT_FALSE(refusal.try_next);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Etcd2WriteFailure,
    ::testing::Values(Row{"no_credentials", store_sample("etcd2-auth-no-credentials"),
                          Fate::refused, ErrorKind::unauthorized},
                      Row{"bad_password", store_sample("etcd2-auth-bad-password"), Fate::refused,
                          ErrorKind::unauthorized},
                      Row{"a_directory", store_sample("etcd2-delete-dir-no-recursive"),
                          Fate::refused, ErrorKind::http_status},
                      Row{"no_v2_api", store_sample("etcd36-answers", "v2-keys"), Fate::refused,
                          ErrorKind::unsupported},
                      Row{"no_quorum", store_sample("etcd3-no-quorum", "v2-put"), Fate::lost,
                          ErrorKind::http_status},
                      Row{"election",
                          response(500, R"({"errorCode":301,"message":"During Leader Election"})"),
                          Fate::lost, ErrorKind::http_status},
                      Row{"proxy_502", response(502, "<html>Bad Gateway</html>"), Fate::lost,
                          ErrorKind::http_status},
                      Row{"no_document", response(200, "hello"), Fate::lost, ErrorKind::decode},
                      Row{"no_index", response(201, R"({"action":"set","node":{"key":"/k"}})"),
                          Fate::lost, ErrorKind::decode}),
    [](const auto& test) { return test.param.what; });

TEST(Etcd2Write, StartsOverAtAnotherEndpoint) {
    WriteKey write(StoreWrite::put_if(k_config, "{}", 5), {});
    const auto first = write.start();
    write.resume(store_sample("etcd2-config-cas-conflict"));
    EXPECT_EQ(write.start().body, first.body);
    EXPECT_TRUE(write.is_write());
}

}  // namespace
}  // namespace patroni::testing
