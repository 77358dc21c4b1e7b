// Writes through etcd's v3 gateway: what is sent, and what each answer means, on recordings.
#include "base/base64.hpp"
#include "codec/json.hpp"
#include "dcs/etcd3/write_dialogue.hpp"
#include "support/store_samples.hpp"
#include "unit/dcs/dialogue_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Lost;
using dcs::Refusal;
using dcs::etcd3::WriteKey;
using protocol::Request;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string k_config = "/service/demo/config";
const std::string k_failover = "/service/demo/failover";
const dcs::Credentials k_user{"patroni", Secret("secret-word")};

/// The value that a recorded request puts.
std::string put_value(const Request& request) {
    const auto body = codec::parse_json(request.body).value();
    const Value* put = &body;
    if (const Value* success = body.find("success")) {
        put = success->if_array()->front().find("request_put");
    }
    return decode_base64(*put->find("value")->if_string()).value();
}

StoreWrite remove_cluster() {
    StoreWrite write;
    write.kind = StoreWrite::Kind::remove_prefix;
    write.key = "/service/demo/";
    return write;
}

/// The recorded bodies are those of Patroni, which does not read the key in the same request.
Value with_look(Value body, const std::string& key) {
    body.set("failure", Value(Value::Array{Value::object(
                            {{"request_range", Value::object({{"key", encode_base64(key)}})}})}));
    return body;
}

void expect_same(const Request& ours, const Request& recorded, const Value& body) {
    EXPECT_EQ(ours.method, recorded.method);
    EXPECT_EQ(ours.target, recorded.target);
    EXPECT_EQ(header_of(ours, "Content-Type"), "application/json");
    EXPECT_EQ(ours.body, codec::to_json(body));
    EXPECT_EQ(header_of(ours, "Grpc-Metadata-hasleader"), "true")
        << "a node without a leader refuses before it does anything";
}

TEST(Etcd3Write, SendsWhatPatroniSends) {
    for (const auto* name : {"etcd3-config-cas-ok", "etcd3-config-cas-conflict"}) {
        const auto recorded = sample_request(name);
        const auto body = codec::parse_json(recorded.body).value();
        WriteKey write(StoreWrite::put_if(k_config, put_value(recorded), 3), {});
        expect_same(write.start(), recorded, with_look(body, k_config));
        EXPECT_TRUE(write.is_write());
    }
    const auto reread = sample_request("etcd3-config-cas-conflict-with-reread");
    expect_same(WriteKey(StoreWrite::put_if(k_config, put_value(reread), 3), {}).start(), reread,
                codec::parse_json(reread.body).value());
    const auto flush = sample_request("etcd3-failover-flush-cas");
    expect_same(WriteKey(StoreWrite::put_if(k_failover, "{}", 16), {}).start(), flush,
                with_look(codec::parse_json(flush.body).value(), k_failover));
    const auto put = sample_request("etcd3-failover-put");
    expect_same(WriteKey(StoreWrite::put(k_failover, put_value(put)), {}).start(), put,
                codec::parse_json(put.body).value());
    const auto create = sample_request("etcd3-create-if-absent-conflict");
    expect_same(WriteKey(StoreWrite::create("/service/demo/initialize", ""), {}).start(), create,
                with_look(codec::parse_json(create.body).value(), "/service/demo/initialize"));
    const auto remove = sample_request("etcd3-remove-cluster");
    expect_same(WriteKey(remove_cluster(), {}).start(), remove,
                codec::parse_json(remove.body).value());
}

TEST(Etcd3Write, RemovesOneKeyWithAndWithoutItsRevision) {
    const auto plain = WriteKey(StoreWrite::remove("/s/k"), {}).start();
    EXPECT_EQ(plain.target, "/v3/kv/deleterange");
    EXPECT_EQ(plain.body, R"({"key":"L3Mvaw=="})") << "without range_end: one key";
    const auto checked = WriteKey(StoreWrite::remove_if("/s/k", 973), {}).start();
    EXPECT_EQ(checked.target, "/v3/kv/txn");
    EXPECT_EQ(checked.body,
              R"({"compare":[{"target":"MOD","mod_revision":"973","key":"L3Mvaw=="}],)"
              R"("success":[{"request_delete_range":{"key":"L3Mvaw=="}}],)"
              R"("failure":[{"request_range":{"key":"L3Mvaw=="}}]})");
}

TEST(Etcd3Write, ADoneWriteTellsItsRevision) {
    WriteKey cas(StoreWrite::put_if(k_config, "{}", 3), {});
    cas.start();
    auto outcome = expect_step<StoreOutcome>(cas.resume(store_sample("etcd3-config-cas-ok")));
    EXPECT_EQ(outcome.kind, OutcomeKind::done);
    EXPECT_EQ(outcome.revision, 15U);
    WriteKey put(StoreWrite::put(k_failover, "{}"), {});
    put.start();
    outcome = expect_step<StoreOutcome>(put.resume(store_sample("etcd3-failover-put")));
    EXPECT_EQ(outcome.kind, OutcomeKind::done);
    EXPECT_EQ(outcome.revision, 16U);
    EXPECT_EQ(outcome.removed, std::nullopt);
    WriteKey remove(remove_cluster(), {});
    remove.start();
    outcome = expect_step<StoreOutcome>(remove.resume(store_sample("etcd3-remove-cluster")));
    EXPECT_EQ(outcome.kind, OutcomeKind::done);
    EXPECT_EQ(outcome.removed, 5U);
    EXPECT_EQ(outcome.revision, 26U);
}

TEST(Etcd3Write, AConflictTellsWhatIsThereNow) {
    WriteKey write(StoreWrite::put_if(k_config, "{}", 3), {});
    write.start();
    const auto outcome = expect_step<StoreOutcome>(
        write.resume(store_sample("etcd3-config-cas-conflict-with-reread")));
    EXPECT_EQ(outcome.kind, OutcomeKind::rejected);
    EXPECT_TRUE(outcome.conflict());
    ASSERT_TRUE(outcome.current_known && outcome.current);
    EXPECT_EQ(outcome.current->revision, 15U);
    EXPECT_THAT(outcome.current->value, HasSubstr("\"ttl\":40"));
    EXPECT_THAT(outcome.message, HasSubstr("revision 15"));
}

TEST(Etcd3Write, AKeyThatHasGoneIsAConflictWithNothing) {
    WriteKey write(StoreWrite::put_if(k_config, "{}", 3), {});
    write.start();
    const auto outcome = expect_step<StoreOutcome>(write.resume(response(
        200,
        R"({"header":{"revision":"9"},"responses":[{"response_range":{"header":{"revision":"9"}}}]})")));
    EXPECT_TRUE(outcome.conflict() && outcome.current_known);
    EXPECT_EQ(outcome.current, std::nullopt);
    EXPECT_THAT(outcome.message, HasSubstr("does not exist"));
}

TEST(Etcd3Write, LogsInFirstAndTheLoginIsNoWrite) {
    WriteKey write(StoreWrite::put("/s/k", "v"), k_user);
    EXPECT_EQ(write.start().target, "/v3/auth/authenticate");
    EXPECT_FALSE(write.is_write());
    const auto put =
        expect_step<Request>(write.resume(store_sample("etcd36-auth", "authenticate")));
    EXPECT_EQ(put.target, "/v3/kv/put");
    EXPECT_NE(header_of(put, "Authorization"), "");
    EXPECT_TRUE(write.is_write());
}

TEST(Etcd3Write, LogsInAgainOnceWhenTheTokenIsNotTaken) {
    const protocol::Response stale[] = {
        store_sample("etcd3-auth-bad-token"), store_sample("etcd35-auth", "bad-token"),
        store_sample("etcd36-auth", "bad-token"),
        response(400, R"({"code":3,"message":"etcdserver: revision of auth store is old"})")};
    for (const auto& answer : stale) {
        WriteKey write(StoreWrite::put("/s/k", "v"), k_user);
        write.start();
        const auto first =
            expect_step<Request>(write.resume(store_sample("etcd35-auth", "authenticate")));
        EXPECT_EQ(expect_step<Request>(write.resume(answer)).target, "/v3/auth/authenticate");
        EXPECT_FALSE(write.is_write());
        const auto second =
            expect_step<Request>(write.resume(store_sample("etcd36-auth", "authenticate")));
        EXPECT_EQ(second.body, first.body);
        EXPECT_NE(header_of(second, "Authorization"), header_of(first, "Authorization"));
        const auto refusal = expect_step<Refusal>(write.resume(answer));
        EXPECT_FALSE(refusal.try_next);
        EXPECT_THAT(to_line(refusal.error), Not(HasSubstr("secret-word")));
    }
}

TEST(Etcd3Write, GoesOnWithoutALoginWhereThereAreNoUsers) {
    WriteKey write(StoreWrite::put("/s/k", "v"), k_user);
    write.start();
    const auto put = expect_step<Request>(write.resume(store_sample("etcd3-auth-not-enabled")));
    EXPECT_EQ(put.target, "/v3/kv/put");
    EXPECT_EQ(header_of(put, "Authorization"), "");
}

TEST(Etcd3Write, FallsBackToOlderGatewaysWhichDidNothing) {
    const auto missing = store_sample("etcd35-answers", "v3alpha-range");
    WriteKey write(StoreWrite::put("/s/k", "v"), {});
    write.start();
    EXPECT_EQ(expect_step<Request>(write.resume(missing)).target, "/v3beta/kv/put");
    EXPECT_EQ(expect_step<Request>(write.resume(missing)).target, "/v3alpha/kv/put");
    EXPECT_EQ(expect_step<Refusal>(write.resume(missing)).error.kind, ErrorKind::unsupported);
}

enum class Fate { refused, next, lost };

struct Row {
    std::string what;
    protocol::Response answer;
    Fate fate;
    ErrorKind kind;
};

class Etcd3WriteFailure : public ::testing::TestWithParam<Row> {};

TEST_P(Etcd3WriteFailure, IsToldFromAWriteThatMayHaveBeenDone) {
    for (const bool conditional : {false, true}) {
        const auto& row = GetParam();
        WriteKey write(
            conditional ? StoreWrite::put_if(k_config, "{}", 3) : StoreWrite::put(k_config, "{}"),
            {});
        write.start();
        const auto step = write.resume(row.answer);
        if (row.fate == Fate::lost) {
            EXPECT_EQ(expect_step<Lost>(step).error.kind, row.kind);
            continue;
        }
        const auto refusal = expect_step<Refusal>(step);
        EXPECT_EQ(refusal.try_next, row.fate == Fate::next);
        EXPECT_EQ(refusal.error.kind, row.kind) << refusal.error.message;
        EXPECT_THAT(refusal.error.message, Not(HasSubstr("read /")));
    }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Etcd3WriteFailure,
    ::testing::Values(
        Row{"no_token", store_sample("etcd36-auth", "no-token"), Fate::refused,
            ErrorKind::unauthorized},
        Row{"bad_token", store_sample("etcd35-auth", "bad-token"), Fate::refused,
            ErrorKind::unauthorized},
        Row{"denied_34", store_sample("etcd3-auth-denied-other-prefix"), Fate::refused,
            ErrorKind::unauthorized},
        Row{"denied_36", store_sample("etcd36-auth", "wider-range"), Fate::refused,
            ErrorKind::unauthorized},
        Row{"no_leader_35", store_sample("etcd35-no-quorum", "linearizable-range-hasleader"),
            Fate::next, ErrorKind::http_status},
        Row{"no_leader_36", store_sample("etcd36-no-quorum", "linearizable-range-hasleader"),
            Fate::next, ErrorKind::http_status},
        Row{"no_quorum_34", store_sample("etcd3-no-quorum", "put"), Fate::lost,
            ErrorKind::http_status},
        Row{"no_quorum_35", store_sample("etcd35-no-quorum", "put"), Fate::lost,
            ErrorKind::http_status},
        Row{"no_quorum_36", store_sample("etcd36-no-quorum", "put"), Fate::lost,
            ErrorKind::http_status},
        Row{"timed_out", store_sample("etcd36-no-quorum", "linearizable-range"), Fate::lost,
            ErrorKind::http_status},
        Row{"bad_field", store_sample("etcd3-bad-json-field"), Fate::refused,
            ErrorKind::http_status},
        Row{"too_large",
            response(429, R"({"code":8,"message":"grpc: received message larger than max"})"),
            Fate::refused, ErrorKind::http_status},
        Row{"proxy_502", response(502, "<html>Bad Gateway</html>"), Fate::lost,
            ErrorKind::http_status},
        Row{"proxy_504", response(504, ""), Fate::lost, ErrorKind::http_status},
        Row{"forbidden_by_a_proxy", response(403, "<html>no</html>"), Fate::refused,
            ErrorKind::http_status},
        Row{"redirect", response(302, ""), Fate::lost, ErrorKind::http_status},
        Row{"no_document", response(200, "hello"), Fate::lost, ErrorKind::decode},
        Row{"no_revision", response(200, R"({"succeeded":true})"), Fate::lost, ErrorKind::decode},
        Row{"cut", response(200, R"({"header":{"revis)"), Fate::lost, ErrorKind::decode}),
    [](const auto& test) { return test.param.what; });

}  // namespace
}  // namespace patroni::testing
