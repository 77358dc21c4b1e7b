// Reading a prefix through etcd's v3 gateway, on recorded answers of 3.4, 3.5 and 3.6.
#include "base/base64.hpp"
#include "codec/json.hpp"
#include "dcs/etcd3/read_dialogue.hpp"
#include "support/store_samples.hpp"
#include "unit/dcs/dialogue_checks.hpp"

#include <patroni/value.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using dcs::Refusal;
using dcs::Snapshot;
using dcs::etcd3::range_end;
using dcs::etcd3::ReadPrefix;
using protocol::Request;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A field of the request's JSON body.
std::string field(const Request& request, std::string_view name) {
    const auto body = codec::parse_json(request.body);
    const Value* value = body ? body->find(name) : nullptr;
    return value != nullptr && value->if_string() != nullptr ? *value->if_string() : "(none)";
}

std::string page(std::vector<std::pair<std::string, std::string>> rows, bool more,
                 const std::string& revision) {
    Value kvs = Value::array();
    for (const auto& [key, value] : rows) {
        kvs.push_back(Value::object(
            {{"key", encode_base64(key)}, {"mod_revision", "5"}, {"value", encode_base64(value)}}));
    }
    Value body = Value::object({{"header", Value::object({{"revision", revision}})}, {"kvs", kvs}});
    if (more) {
        body.set("more", true);
    }
    return codec::to_json(body);
}

TEST(Etcd3, TheEndOfAPrefixIsItsNextNeighbour) {
    EXPECT_EQ(range_end("/service/demo/"), "/service/demo0");
    EXPECT_EQ(range_end("a\xff"), "b");
    EXPECT_EQ(range_end("a\xff\xff"), "b");
    EXPECT_EQ(range_end("\xff"), std::string(1, '\0')) << "to the end of all keys";
}

TEST(Etcd3, AsksForThePrefixWithAQuorum) {
    ReadPrefix prefix("/service/demo/", {});
    const auto request = prefix.start();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/v3/kv/range");
    EXPECT_EQ(field(request, "key"), "L3NlcnZpY2UvZGVtby8=");
    EXPECT_EQ(field(request, "range_end"), "L3NlcnZpY2UvZGVtbzA=");
    EXPECT_EQ(codec::parse_json(request.body)->find("serializable"), nullptr);
    EXPECT_EQ(header_of(request, "Grpc-Metadata-hasleader"), "true");
    EXPECT_EQ(header_of(request, "Authorization"), "");
}

TEST(Etcd3, ReadsRecordedClusters) {
    const protocol::Response answers[] = {store_sample("etcd3-read-cluster"),
                                          store_sample("etcd35-answers", "range"),
                                          store_sample("etcd36-answers", "range")};
    for (const auto& answer : answers) {
        ReadPrefix prefix("/service/demo/", {});
        prefix.start();
        const auto snapshot = expect_step<Snapshot>(prefix.resume(answer));
        EXPECT_THAT(snapshot.entries, ::testing::Not(IsEmpty()));
        for (const auto& entry : snapshot.entries) {
            EXPECT_TRUE(entry.key.starts_with("/service/demo/")) << entry.key;
            EXPECT_GT(entry.modified, 0U) << entry.key;
        }
    }
}

TEST(Etcd3, AnEmptyValueIsAKeyWithAnEmptyValue) {
    ReadPrefix prefix("/service/demo/", {});
    prefix.start();
    const auto snapshot = expect_step<Snapshot>(prefix.resume(store_sample("etcd3-read-cluster")));
    EXPECT_EQ(value_of(snapshot, "/service/demo/emptyval"), "");
    EXPECT_THAT(value_of(snapshot, "/service/demo/config"), HasSubstr("\"synchronous_mode\""));
}

TEST(Etcd3, AMissingPrefixIsAnEmptySnapshot) {
    for (const auto& answer :
         {store_sample("etcd3-read-missing"), store_sample("etcd35-answers", "range-missing"),
          store_sample("etcd36-answers", "range-missing")}) {
        ReadPrefix prefix("/service/nosuch/", {});
        prefix.start();
        EXPECT_THAT(expect_step<Snapshot>(prefix.resume(answer)).entries, IsEmpty());
    }
}

TEST(Etcd3, PagesGoOnBehindTheLastKeyAtTheFirstRevision) {
    ReadPrefix prefix("/s/", {});
    EXPECT_EQ(field(prefix.start(), "revision"), "(none)");
    const auto second = expect_step<Request>(
        prefix.resume(response(200, page({{"/s/a", "1"}, {"/s/b", "2"}}, true, "77"))));
    EXPECT_EQ(decode_base64(field(second, "key")), std::string("/s/b") + '\0');
    EXPECT_EQ(field(second, "range_end"), encode_base64("/s0"));
    EXPECT_EQ(field(second, "revision"), "77");
    const auto third =
        expect_step<Request>(prefix.resume(response(200, page({{"/s/c", "3"}}, true, "99"))));
    EXPECT_EQ(field(third, "revision"), "77") << "one moment for all pages";
    const auto snapshot =
        expect_step<Snapshot>(prefix.resume(response(200, page({{"/s/d", "4"}}, false, "99"))));
    EXPECT_THAT(keys_of(snapshot), ::testing::ElementsAre("/s/a", "/s/b", "/s/c", "/s/d"));
}

TEST(Etcd3, PagesOfARevisionThatIsCompactedBeginAnew) {
    const auto compacted = response(
        400, R"({"code":11,"message":"etcdserver: mvcc: required revision has been compacted"})");
    ReadPrefix prefix("/s/", {});
    prefix.start();
    for (int time = 0; time < 3; ++time) {
        expect_step<Request>(
            prefix.resume(response(200, page({{"/s/a", "1"}, {"/s/b", "2"}}, true, "77"))));
        const auto again = expect_step<Request>(prefix.resume(compacted));
        EXPECT_EQ(field(again, "revision"), "(none)");
        EXPECT_EQ(field(again, "key"), encode_base64("/s/"));
    }
    expect_step<Request>(prefix.resume(response(200, page({{"/s/a", "3"}}, true, "99"))));
    EXPECT_EQ(expect_step<Refusal>(prefix.resume(compacted)).error.kind, ErrorKind::http_status)
        << "not for ever";
}

TEST(Etcd3, MoreWithoutARowIsNoEndlessLoop) {
    ReadPrefix prefix("/s/", {});
    prefix.start();
    EXPECT_THAT(expect_step<Snapshot>(prefix.resume(response(200, page({}, true, "7")))).entries,
                IsEmpty());
}

/// Else a server could be read for ever, or name keys that nobody asked for.
TEST(Etcd3, RowsThatGoBackOrLieOutsideThePrefixAreRefused) {
    const std::string first = page({{"/service/demo/a", "1"}, {"/service/demo/b", "2"}}, true, "7");
    for (const char* key : {"/service/demo/b", "/service/demo/a", "/service/other/x", ""}) {
        SCOPED_TRACE(key);
        ReadPrefix prefix("/service/demo/", {});
        prefix.start();
        protocol::Response response;
        response.status = 200;
        response.body = first;
        ASSERT_TRUE(std::holds_alternative<Request>(prefix.resume(response)));
        response.body = page({{key, "3"}}, true, "7");
        const auto step = prefix.resume(response);
        const auto* refusal = std::get_if<Refusal>(&step);
        ASSERT_TRUE(refusal);
        EXPECT_EQ(refusal->error.kind, ErrorKind::decode);
    }
}

TEST(Etcd3, LogsInFirstAndSendsTheTokenRaw) {
    ReadPrefix prefix("/service/demo/", {"patroni", Secret("pw")});
    const auto login = prefix.start();
    EXPECT_EQ(login.target, "/v3/auth/authenticate");
    EXPECT_EQ(field(login, "name"), "patroni");
    EXPECT_EQ(field(login, "password"), "pw");
    const auto read = expect_step<Request>(prefix.resume(store_sample("etcd3-auth-authenticate")));
    EXPECT_EQ(read.target, "/v3/kv/range");
    EXPECT_EQ(header_of(read, "Authorization"), "GESBPPrbRDNffRGx.1476");
    EXPECT_FALSE(
        expect_step<Snapshot>(prefix.resume(store_sample("etcd3-auth-ok"))).entries.empty());
}

TEST(Etcd3, ATokenIsSentWithEveryPage) {
    ReadPrefix prefix("/s/", {"u", Secret("p")});
    prefix.start();
    prefix.resume(store_sample("etcd36-auth", "authenticate"));
    const auto second =
        expect_step<Request>(prefix.resume(response(200, page({{"/s/a", "1"}}, true, "7"))));
    EXPECT_EQ(header_of(second, "Authorization"), "nEWJVJRGeXjfWQIp.20");
}

TEST(Etcd3, WithoutAuthenticationInTheStoreReadsWithoutAToken) {
    for (const auto& answer : {store_sample("etcd3-auth-not-enabled"),
                               store_sample("etcd35-answers", "auth-not-enabled"),
                               store_sample("etcd36-answers", "auth-not-enabled")}) {
        ReadPrefix prefix("/service/demo/", {"u", Secret("p")});
        prefix.start();
        const auto read = expect_step<Request>(prefix.resume(answer));
        EXPECT_EQ(read.target, "/v3/kv/range");
        EXPECT_EQ(header_of(read, "Authorization"), "");
    }
}

TEST(Etcd3, FallsBackToOlderGateways) {
    const auto missing = store_sample("etcd35-answers", "v3alpha-range");
    ReadPrefix prefix("/service/demo/", {});
    EXPECT_EQ(prefix.start().target, "/v3/kv/range");
    EXPECT_EQ(expect_step<Request>(prefix.resume(missing)).target, "/v3beta/kv/range");
    EXPECT_EQ(expect_step<Request>(prefix.resume(missing)).target, "/v3alpha/kv/range");
    const auto refusal = expect_step<Refusal>(prefix.resume(missing));
    EXPECT_EQ(refusal.error.kind, ErrorKind::unsupported);
    EXPECT_THAT(refusal.error.message, HasSubstr("v3"));
}

TEST(Etcd3, FallsBackInTheMiddleOfALoginToo) {
    ReadPrefix prefix("/service/demo/", {"u", Secret("p")});
    prefix.start();
    const auto login =
        expect_step<Request>(prefix.resume(store_sample("etcd35-answers", "unknown-path")));
    EXPECT_EQ(login.target, "/v3beta/auth/authenticate");
    const auto read = expect_step<Request>(prefix.resume(store_sample("etcd3-auth-authenticate")));
    EXPECT_EQ(read.target, "/v3beta/kv/range");
}

TEST(Etcd3, StartsOverAtAnotherEndpointWithTheNewestGateway) {
    const auto missing = store_sample("etcd35-answers", "v3alpha-range");
    ReadPrefix prefix("/s/", {});
    prefix.start();
    prefix.resume(missing);
    EXPECT_EQ(prefix.start().target, "/v3/kv/range") << "the next endpoint may be another version";
}

TEST(Etcd3, StartsOverWithoutWhatAnEndpointHadSaid) {
    ReadPrefix prefix("/s/", {"u", Secret("p")});
    prefix.start();
    prefix.resume(store_sample("etcd36-auth", "authenticate"));
    prefix.resume(response(200, page({{"/s/a", "1"}}, true, "7")));
    EXPECT_EQ(prefix.start().target, "/v3/auth/authenticate") << "tokens are the endpoint's own";
    const auto read =
        expect_step<Request>(prefix.resume(store_sample("etcd35-auth", "authenticate")));
    EXPECT_EQ(field(read, "revision"), "(none)");
    EXPECT_EQ(field(read, "key"), encode_base64("/s/"));
    EXPECT_EQ(header_of(read, "Authorization"), "iGGLXqjTeIdUdLCD.20");
    const auto snapshot =
        expect_step<Snapshot>(prefix.resume(response(200, page({{"/s/b", "2"}}, false, "8"))));
    EXPECT_THAT(keys_of(snapshot), ::testing::ElementsAre("/s/b"));
}

}  // namespace
}  // namespace patroni::testing
