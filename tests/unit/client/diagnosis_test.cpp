// How each endpoint of a store fails, and at which step that is seen.
#include "client/diagnosis_steps.hpp"
#include "support/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

/// "name:ok tcp:ok tls:skipped ...".
std::string text_of(const std::vector<DiagnosisStep>& steps) {
    std::string text;
    for (const auto& step : steps) {
        text += (text.empty() ? "" : " ") + step.name + ":" + std::string(to_string(step.state));
    }
    return text;
}

TEST(DiagnosisSteps, BeforeAFailureAllIsWellAndBehindItNothingIsKnown) {
    EXPECT_EQ(text_of(steps_until("", false)),
              "name:ok tcp:ok tls:skipped answer:ok auth:ok read:ok");
    EXPECT_EQ(text_of(steps_until("", true)), "name:ok tcp:ok tls:ok answer:ok auth:ok read:ok");
    EXPECT_EQ(text_of(steps_until("tls", true)),
              "name:ok tcp:ok tls:failed answer:skipped auth:skipped read:skipped");
    EXPECT_EQ(text_of(steps_until("name", false)),
              "name:failed tcp:skipped tls:skipped answer:skipped auth:skipped read:skipped");
}

TEST(DiagnosisSteps, AnErrorTellsTheStep) {
    const struct {
        ErrorKind kind;
        Delivery delivery;
        int http_status;
        const char* message;
        const char* step;
    } table[] = {
        {ErrorKind::resolve, Delivery::not_sent, 0, "", "name"},
        {ErrorKind::connect_refused, Delivery::not_sent, 0, "", "tcp"},
        {ErrorKind::unreachable, Delivery::not_sent, 0, "", "tcp"},
        {ErrorKind::timeout, Delivery::not_sent, 0, "no connection in 1 s", "tcp"},
        {ErrorKind::timeout, Delivery::not_sent, 0, "the host name h was not resolved in 1 s",
         "name"},
        {ErrorKind::timeout, Delivery::not_sent, 0, "no TLS handshake in 1 s", "tls"},
        {ErrorKind::timeout, Delivery::may_have_been_sent, 0, "", "answer"},
        {ErrorKind::tls, Delivery::not_sent, 0, "", "tls"},
        {ErrorKind::config, Delivery::not_sent, 0, "", "tls"},
        {ErrorKind::reset, Delivery::may_have_been_sent, 0, "", "answer"},
        {ErrorKind::protocol, Delivery::may_have_been_sent, 0, "", "answer"},
        {ErrorKind::unsupported, Delivery::answered, 404, "", "answer"},
        {ErrorKind::unauthorized, Delivery::answered, 400, "", "auth"},
        {ErrorKind::unauthorized, Delivery::answered, 403, "", "read"},
        {ErrorKind::http_status, Delivery::answered, 503, "", "read"},
    };
    for (const auto& row : table) {
        Error error;
        error.kind = row.kind;
        error.delivery = row.delivery;
        error.http_status = row.http_status;
        error.message = row.message;
        EXPECT_EQ(failed_step(error), row.step) << to_string(row.kind) << " " << row.message;
    }
}

TEST(DiagnosisSteps, WhoItIs) {
    EXPECT_EQ(product_of_etcd(R"({"etcdserver":"3.4.23","etcdcluster":"3.4.0"})").version,
              "3.4.23");
    EXPECT_EQ(product_of_etcd(R"({"etcdserver":7})").name, "");
    EXPECT_EQ(product_of_etcd("<html>").name, "");
    EXPECT_EQ(product_of_consul(200, R"({"Config":{"Version":"1.15.3"}})").version, "1.15.3");
    EXPECT_EQ(product_of_consul(403, "Permission denied: token ...").name, "Consul");
    EXPECT_EQ(product_of_consul(404, "").name, "");
}

const std::string k_range = R"({"header":{"cluster_id":"77","revision":"5"}})";

/// An etcd of the v3 API that answers the range with this, and everything else as one does.
ScriptedServer::Script etcd(int status, std::string range) {
    return [status, range](const SeenRequest& request) -> std::optional<std::string> {
        if (request.target == "/version") {
            return http_answer(200, R"({"etcdserver":"3.5.1","etcdcluster":"3.5.0"})");
        }
        return http_answer(status, range);
    };
}

Seeds seeds_at(const std::vector<std::string>& addresses) {
    std::string list;
    for (const auto& address : addresses) {
        list += (list.empty() ? "" : ",") + address;
    }
    return Seeds::etcd3(list, "demo").value();
}

TEST(Diagnosis, EveryEndpointIsAskedByItself) {
    ScriptedServer good(etcd(200, k_range));
    ScriptedServer locked(etcd(400, R"({"code":3,"message":"etcdserver: user name is empty"})"));
    ScriptedServer denied(etcd(403, R"({"code":7,"message":"etcdserver: permission denied"})"));
    ScriptedServer lost(etcd(503, R"({"code":14,"message":"etcdserver: no leader"})"));
    ScriptedServer other([](const SeenRequest&) { return http_answer(404, "404 page not found"); });
    ScriptedServer silent([](const SeenRequest&) { return std::nullopt; });
    const std::string refusing = [] {
        ScriptedServer gone([](const SeenRequest&) { return std::nullopt; });
        return gone.text();
    }();
    const auto started = std::chrono::steady_clock::now();
    const auto found = diagnose_endpoints(
        seeds_at({good.text(), locked.text(), denied.text(), lost.text(), other.text(),
                  silent.text(), refusing, "no-such-host.invalid:1"}),
        {.timeout = milliseconds(700)});
    EXPECT_LT(std::chrono::steady_clock::now() - started, milliseconds(1500));
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 8U);
    const char* failed[] = {"", "auth", "read", "read", "answer", "answer", "tcp", "name"};
    for (std::size_t i = 0; i < found->size(); ++i) {
        const auto& one = (*found)[i];
        EXPECT_EQ(text_of(one.steps), text_of(steps_until(failed[i], false)))
            << one.endpoint.text() << (one.error ? " " + to_line(*one.error) : "");
        EXPECT_EQ(one.error.has_value(), *failed[i] != '\0');
    }
    EXPECT_EQ((*found)[0].product, "etcd");
    EXPECT_EQ((*found)[0].version, "3.5.1");
    EXPECT_EQ((*found)[0].store_id, "77");
    EXPECT_EQ((*found)[4].product, "");
}

TEST(Diagnosis, OneEndpointDoesNotWaitForTheLimit) {
    ScriptedServer good(etcd(200, k_range));
    const auto started = std::chrono::steady_clock::now();
    ASSERT_TRUE(diagnose_endpoints(seeds_at({good.text()}), {.timeout = milliseconds(5000)}));
    EXPECT_LT(std::chrono::steady_clock::now() - started, milliseconds(2500));
}

TEST(Diagnosis, AWrongPasswordIsSeenAtTheLogin) {
    ScriptedServer server([](const SeenRequest& request) -> std::optional<std::string> {
        if (request.target.ends_with("/auth/authenticate")) {
            return http_answer(400, R"({"code":3,"message":"etcdserver: authentication failed, )"
                                    R"(invalid user ID or password"})");
        }
        return http_answer(200, R"({"etcdserver":"3.4.23"})");
    });
    auto seeds = seeds_at({server.text()});
    seeds.user = "u";
    seeds.password = Secret("hush");
    std::string trace;
    const auto found = diagnose_endpoints(
        seeds, {.timeout = milliseconds(2000),
                .trace = [&](std::string_view line) { trace += std::string(line) + "\n"; }});
    ASSERT_TRUE(found);
    EXPECT_EQ(text_of(found->at(0).steps), text_of(steps_until("auth", false)));
    EXPECT_THAT(trace, HasSubstr("/version"));
    EXPECT_EQ(trace.find("hush"), std::string::npos);
}

TEST(Diagnosis, WhatIsNoEtcdFailsAtTheAnswerHoweverItRefuses) {
    for (const int status : {401, 403, 404, 500, 501}) {
        ScriptedServer other([status](const SeenRequest&) {
            return python_answer(status, "<html>no</html>", "text/html");
        });
        auto seeds = seeds_at({other.text()});
        seeds.user = "u";
        const auto found = diagnose_endpoints(seeds, {.timeout = milliseconds(2000)});
        ASSERT_TRUE(found);
        EXPECT_EQ(text_of(found->at(0).steps), text_of(steps_until("answer", false))) << status;
    }
}

TEST(Diagnosis, SeedsThatAreNoStore) {
    const auto found = diagnose_endpoints(Seeds::members("h:1").value());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::config);
}

}  // namespace
}  // namespace patroni::testing
