// Why etcd's v3 gateway did not answer a read: recorded refusals of 3.4, 3.5 and 3.6.
#include "dcs/etcd3/read_dialogue.hpp"
#include "support/store_samples.hpp"
#include "unit/dcs/dialogue_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Refusal;
using dcs::etcd3::ReadPrefix;
using ::testing::HasSubstr;
using ::testing::Not;

struct Row {
    std::string what;
    protocol::Response answer;
    ErrorKind kind;
    bool try_next;
    const char* message;
};

class Etcd3Refusal : public ::testing::TestWithParam<Row> {};

TEST_P(Etcd3Refusal, OfARangeIsExplained) {
    const auto& expected = GetParam();
    ReadPrefix prefix("/service/demo/", {});
    prefix.start();
    const auto refusal = expect_step<Refusal>(prefix.resume(expected.answer));
    EXPECT_EQ(refusal.error.kind, expected.kind) << to_string(refusal.error.kind);
    EXPECT_EQ(refusal.try_next, expected.try_next);
    EXPECT_THAT(refusal.error.message, HasSubstr(expected.message));
    EXPECT_EQ(refusal.error.delivery, Delivery::answered);
    EXPECT_EQ(refusal.error.http_status, expected.answer.status);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Etcd3Refusal,
    ::testing::Values(
        Row{"no_token_34", store_sample("etcd3-auth-no-token"), ErrorKind::unauthorized, false,
            "--user"},
        Row{"no_token_35", store_sample("etcd35-auth", "no-token"), ErrorKind::unauthorized, false,
            "--password-file"},
        Row{"no_token_36", store_sample("etcd36-auth", "no-token"), ErrorKind::unauthorized, false,
            "--user"},
        Row{"bad_token_34", store_sample("etcd3-auth-bad-token"), ErrorKind::unauthorized, false,
            "does not accept"},
        Row{"bad_token_35", store_sample("etcd35-auth", "bad-token"), ErrorKind::unauthorized,
            false, "does not accept"},
        Row{"bad_token_36", store_sample("etcd36-auth", "bad-token"), ErrorKind::unauthorized,
            false, "does not accept"},
        Row{"denied_34", store_sample("etcd3-auth-denied-wider-prefix"), ErrorKind::unauthorized,
            false, "/service/demo/"},
        Row{"denied_35", store_sample("etcd35-auth", "wider-range"), ErrorKind::unauthorized, false,
            "may not read"},
        Row{"denied_36", store_sample("etcd36-auth", "wider-range"), ErrorKind::unauthorized, false,
            "may not read"},
        Row{"no_quorum_34", store_sample("etcd3-no-quorum", "linearizable-range"),
            ErrorKind::http_status, true, "no leader"},
        Row{"no_quorum_35", store_sample("etcd35-no-quorum", "linearizable-range-hasleader"),
            ErrorKind::http_status, true, "no leader"},
        Row{"no_quorum_36", store_sample("etcd36-no-quorum", "linearizable-range-hasleader"),
            ErrorKind::http_status, true, "no leader"},
        Row{"deadline_36", store_sample("etcd36-no-quorum", "put"), ErrorKind::http_status, true,
            "no leader"},
        Row{"compacted_36", store_sample("etcd36-answers", "range-compacted"),
            ErrorKind::http_status, false, "400"},
        Row{"a_web_server", response(200, "<html>hello</html>"), ErrorKind::decode, false,
            "gateway"},
        Row{"no_revision", response(200, R"({"kvs":[]})"), ErrorKind::decode, false, "revision"},
        Row{"a_row_without_key", response(200, R"({"header":{"revision":"1"},"kvs":[{}]})"),
            ErrorKind::decode, false, "key"},
        Row{"bad_base64",
            response(200, R"({"header":{"revision":"1"},"kvs":[{"key":"*","value":"*"}]})"),
            ErrorKind::decode, false, "key"},
        Row{"a_proxy_in_between", response(502, "<html>Bad Gateway</html>"), ErrorKind::http_status,
            true, "502"}),
    [](const auto& test) { return test.param.what; });

TEST(Etcd3Login, ABadPasswordIsExplainedAndNotRepeated) {
    for (const auto& answer :
         {store_sample("etcd3-auth-bad-password"), store_sample("etcd35-auth", "bad-password"),
          store_sample("etcd36-auth", "bad-password")}) {
        ReadPrefix prefix("/service/demo/", {"patroni", Secret("wrong-word")});
        prefix.start();
        const auto refusal = expect_step<Refusal>(prefix.resume(answer));
        EXPECT_EQ(refusal.error.kind, ErrorKind::unauthorized);
        EXPECT_FALSE(refusal.try_next) << "a second try may lock the account";
        EXPECT_THAT(to_line(refusal.error), Not(HasSubstr("wrong-word")));
    }
}

TEST(Etcd3Login, ALoginWithoutATokenIsNoAnswerOfEtcd) {
    ReadPrefix prefix("/service/demo/", {"patroni", Secret("pw")});
    prefix.start();
    const auto refusal = expect_step<Refusal>(prefix.resume(response(200, "{}")));
    EXPECT_EQ(refusal.error.kind, ErrorKind::decode);
}

}  // namespace
}  // namespace patroni::testing
