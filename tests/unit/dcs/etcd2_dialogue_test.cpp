// Reading a directory through etcd's v2 API, on recorded answers.
#include "dcs/etcd2/read_dialogue.hpp"
#include "support/store_samples.hpp"
#include "unit/dcs/dialogue_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Refusal;
using dcs::Snapshot;
using dcs::etcd2::ReadTree;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Etcd2, AsksOnceForTheWholeTreeWithAQuorum) {
    ReadTree tree("/service/demo", {});
    const auto request = tree.start();
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.target, "/v2/keys/service/demo?recursive=true&quorum=true");
    EXPECT_THAT(request.headers, IsEmpty());
    EXPECT_EQ(request.body, "");
}

TEST(Etcd2, EncodesWhatAPathMayNotHold) {
    EXPECT_THAT(ReadTree("/a b/c?d#e%", {}).start().target, HasSubstr("/a%20b/c%3Fd%23e%25?"));
    EXPECT_THAT(ReadTree("/x:y", {}).start().target, HasSubstr("/x:y?"));
}

TEST(Etcd2, SendsCredentialsAsBasic) {
    ReadTree tree("/service", {"user", Secret("p:w")});
    EXPECT_EQ(header_of(tree.start(), "Authorization"), "Basic dXNlcjpwOnc=");
}

TEST(Etcd2, ReadsARecordedCluster) {
    ReadTree tree("/service/demo", {});
    tree.start();
    const auto snapshot = expect_step<Snapshot>(tree.resume(store_sample("etcd2-read-cluster")));
    const auto keys = keys_of(snapshot);
    EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
    EXPECT_THAT(keys, ::testing::IsSupersetOf({"/service/demo/config", "/service/demo/leader",
                                               "/service/demo/members/pg-a",
                                               "/service/demo/members/pg-b"}));
    EXPECT_EQ(value_of(snapshot, "/service/demo/leader"), "pg-a");
    EXPECT_EQ(value_of(snapshot, "/service/demo/initialize"), "7711379695816302360");
    for (const auto& entry : snapshot.entries) {
        EXPECT_GT(entry.modified, 0U) << entry.key;
    }
}

TEST(Etcd2, DirectoriesLeaveNoEntry) {
    ReadTree tree("/", {});
    tree.start();
    const auto root =
        expect_step<Snapshot>(tree.resume(store_sample("registrator-etcd2-root-listing")));
    EXPECT_THAT(root.entries, IsEmpty());
}

TEST(Etcd2, AKeyInsteadOfADirectoryIsItsOnlyEntry) {
    ReadTree tree("/one", {});
    tree.start();
    const auto snapshot = expect_step<Snapshot>(tree.resume(response(
        200,
        R"({"action":"get","node":{"key":"/one","value":"v","modifiedIndex":7,"createdIndex":7}})")));
    ASSERT_THAT(keys_of(snapshot), ElementsAre("/one"));
    EXPECT_EQ(snapshot.entries[0].modified, 7U);
}

TEST(Etcd2, ADirectoryDeeperThanAnybodyNeedsIsCutNotFollowed) {
    std::string body = R"({"key":"/x","value":"v"})";
    for (int i = 0; i < 12; ++i) {
        body = R"({"key":"/d","dir":true,"nodes":[)" + body + "]}";
    }
    ReadTree tree("/d", {});
    tree.start();
    const auto step = tree.resume(response(200, R"({"action":"get","node":)" + body + "}"));
    EXPECT_THAT(keys_of(expect_step<Snapshot>(step)), ElementsAre("/x"));
}

struct RefusalRow {
    const char* what;
    protocol::Response answer;
    ErrorKind kind;
    bool try_next;
    const char* message;
};

class Etcd2Refusal : public ::testing::TestWithParam<RefusalRow> {};

TEST_P(Etcd2Refusal, IsExplained) {
    const auto& expected = GetParam();
    ReadTree tree("/service/demo", {"user", Secret("secret-word")});
    tree.start();
    const auto refusal = expect_step<Refusal>(tree.resume(expected.answer));
    EXPECT_EQ(refusal.error.kind, expected.kind) << to_string(refusal.error.kind);
    EXPECT_EQ(refusal.try_next, expected.try_next);
    EXPECT_EQ(refusal.error.http_status, expected.answer.status);
    EXPECT_EQ(refusal.error.delivery, Delivery::answered);
    EXPECT_THAT(refusal.error.message, HasSubstr(expected.message));
    EXPECT_THAT(to_line(refusal.error), Not(HasSubstr("secret-word")));
}

INSTANTIATE_TEST_SUITE_P(
    Table, Etcd2Refusal,
    ::testing::Values(RefusalRow{"missing", store_sample("etcd2-read-missing-cluster"),
                                 ErrorKind::not_found, false, "/service/demo"},
                      RefusalRow{"missing_registrator", store_sample("registrator-etcd2-missing"),
                                 ErrorKind::not_found, false, "does not exist"},
                      RefusalRow{"no_credentials", store_sample("etcd2-auth-no-credentials"),
                                 ErrorKind::unauthorized, false, "--user"},
                      RefusalRow{"bad_password", store_sample("etcd2-auth-bad-password"),
                                 ErrorKind::unauthorized, false, "wrong"},
                      RefusalRow{"no_quorum", store_sample("etcd3-no-quorum", "v2-quorum-read"),
                                 ErrorKind::http_status, true, "300"},
                      RefusalRow{
                          "election",
                          response(500, R"({"errorCode":301,"message":"During Leader Election"})"),
                          ErrorKind::http_status, true, "301"},
                      RefusalRow{"v2_off_in_35", store_sample("etcd35-answers", "v2-keys"),
                                 ErrorKind::unsupported, false, "--etcd3"},
                      RefusalRow{"v2_gone_in_36", store_sample("etcd36-answers", "v2-keys"),
                                 ErrorKind::unsupported, false, "--enable-v2"},
                      RefusalRow{"a_proxy_in_between", response(502, "<html>Bad Gateway</html>"),
                                 ErrorKind::http_status, true, "502"},
                      RefusalRow{"no_v2_document", response(200, R"({"health":"true"})"),
                                 ErrorKind::decode, false, "v2"},
                      RefusalRow{"no_json", response(200, "hello"), ErrorKind::decode, false, "v2"},
                      RefusalRow{"nothing", response(200, ""), ErrorKind::decode, false, "v2"}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(Etcd2, ServerTextIsKeptApartFromOurWords) {
    ReadTree tree("/service", {});
    tree.start();
    const auto refusal = expect_step<Refusal>(
        tree.resume(response(400, R"({"errorCode":209,"message":"evil \u001b[31m text"})")));
    EXPECT_THAT(refusal.error.server_text, HasSubstr("evil"));
    EXPECT_THAT(refusal.error.message, Not(HasSubstr("evil")));
    EXPECT_THAT(to_line(refusal.error), Not(HasSubstr("\x1b")));
}

TEST(Etcd2, StartsOverAtAnotherEndpoint) {
    ReadTree tree("/service/demo", {});
    const auto first = tree.start();
    tree.resume(store_sample("etcd3-no-quorum", "v2-quorum-read"));
    EXPECT_EQ(tree.start().target, first.target);
    EXPECT_FALSE(
        expect_step<Snapshot>(tree.resume(store_sample("etcd2-read-cluster"))).entries.empty());
}

}  // namespace
}  // namespace patroni::testing
