// Every way of discovery against scripted servers on loopback.
#include "discovery/discover.hpp"

#include "base/base64.hpp"
#include "support/event_loop.hpp"
#include "support/scripted_server.hpp"
#include "support/store_samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Result<Discovery> discover(Seeds seeds, milliseconds timeout = milliseconds(2000)) {
    EventLoop loop;
    std::optional<Result<Discovery>> slot;
    discovery::discover(loop.http,
                        {std::move(seeds), std::make_shared<TlsSettings>(), EventLoop::in(timeout)},
                        [&](Result<Discovery> result) { slot = std::move(result); });
    loop.wait(slot);
    return std::move(*slot);
}

std::vector<std::string> rows(const Result<Discovery>& discovery) {
    std::vector<std::string> found;
    if (!discovery) {
        return {"error: " + to_line(discovery.error())};
    }
    for (const auto& member : discovery->members) {
        found.push_back(member.scope.value_or("?") + "/" + member.display_name() + " " +
                        (member.api ? member.api->address.text() : "-"));
    }
    return found;
}

std::vector<std::string> problem_kinds(const Discovery& discovery) {
    std::vector<std::string> found;
    for (const auto& problem : discovery.problems) {
        found.push_back(problem.kind);
    }
    return found;
}

/// etcd with the two recorded services of registrator.
std::optional<std::string> registrator_store(const SeenRequest& request) {
    const auto has = [&](const char* part) {
        return request.target.find(part) != std::string::npos;
    };
    const auto answer = store_sample(has("-8008")   ? "registrator-etcd2-8008"
                                     : has("-5432") ? "registrator-etcd2-5432"
                                                    : "registrator-etcd2-missing");
    return http_answer(answer.status, answer.body);
}

TEST(Discover, RegistratorReadsTheServiceAndItsSibling) {
    ScriptedServer store(registrator_store);
    const auto discovery =
        discover(Seeds::registrator("etcd://" + store.text() + "/dingo-postgresql95-8008").value());
    EXPECT_THAT(rows(discovery),
                ElementsAre("?/cf-49a91b69-264b-4df9-a836-523072b2f778 10.244.21.7:32769",
                            "?/cf-95520c98-efbe-4b4e-880d-14a8f2bb0ff8 10.244.21.8:32769"));
    EXPECT_EQ(discovery->source, "registrator");
    EXPECT_EQ(discovery->members.at(0).postgres, (HostPort{"10.244.21.7", 32768}));
    EXPECT_THAT(store.targets(),
                ElementsAre("/v2/keys/dingo-postgresql95-8008?recursive=true&quorum=true",
                            "/v2/keys/dingo-postgresql95-5432?recursive=true&quorum=true"));
}

TEST(Discover, RegistratorDoesWithoutItsSibling) {
    ScriptedServer store([](const SeenRequest& request) {
        return request.target.find("-5432") != std::string::npos
                   ? std::optional(http_answer(401, R"({"errorCode":110,"message":"no"})"))
                   : registrator_store(request);
    });
    const auto discovery =
        discover(Seeds::registrator("etcd://" + store.text() + "/dingo-postgresql95-8008").value());
    ASSERT_TRUE(discovery) << discovery.error().message;
    EXPECT_EQ(discovery->members.size(), 2U);
    EXPECT_EQ(discovery->members[0].postgres, std::nullopt);
}

TEST(Discover, RegistratorWritesToConsulToo) {
    ScriptedServer store([](const SeenRequest& request) -> std::optional<std::string> {
        if (request.target.find("-8008") == std::string::npos) {
            return http_answer(200, "[]");
        }
        return http_answer(200, store_sample(request.target.find("/catalog/") != std::string::npos
                                                 ? "registrator-consul-catalog"
                                                 : "registrator-consulkv")
                                    .body);
    });
    const std::string service = "dingo-postgresql95-8008";
    for (const auto& place :
         {"consul://" + store.text() + "/", "consulkv://" + store.text() + "/registry/"}) {
        auto seeds = Seeds::registrator(place + service).value();
        seeds.token = Secret("t0ken");
        const auto discovery = discover(std::move(seeds));
        EXPECT_THAT(rows(discovery),
                    ElementsAre("?/cf-95520c98-efbe-4b4e-880d-14a8f2bb0ff8 10.244.21.8:32769"))
            << place;
    }
    EXPECT_THAT(store.targets(),
                ElementsAre("/v1/catalog/service/dingo-postgresql95-8008?consistent=1",
                            "/v1/catalog/service/dingo-postgresql95-5432?consistent=1",
                            "/v1/kv/registry/dingo-postgresql95-8008/?recurse=1&consistent=1",
                            "/v1/kv/registry/dingo-postgresql95-5432/?recurse=1&consistent=1"));
    for (const auto& request : store.requests()) {
        EXPECT_THAT(request.head, HasSubstr("X-Consul-Token: t0ken"));
    }
}

TEST(Discover, AMissingRegistratorKeyIsAnError) {
    ScriptedServer store(registrator_store);
    const auto discovery =
        discover(Seeds::registrator("etcd://" + store.text() + "/nosuch").value());
    ASSERT_FALSE(discovery);
    EXPECT_EQ(discovery.error().kind, ErrorKind::not_found);
    EXPECT_THAT(discovery.error().message, HasSubstr("/nosuch"));
    EXPECT_EQ(discovery.error().endpoint, "http://" + store.text());
}

TEST(Discover, RegistratorSendsItsCredentialsToTheStore) {
    ScriptedServer store(registrator_store);
    ASSERT_TRUE(discover(
        Seeds::registrator("etcd://u:p@" + store.text() + "/dingo-postgresql95-8008").value()));
    ASSERT_FALSE(store.requests().empty());
    for (const auto& request : store.requests()) {
        EXPECT_THAT(request.head, HasSubstr("Authorization: Basic " + encode_base64("u:p")));
    }
}

TEST(Discover, Etcd2ReadsPatronisKeys) {
    ScriptedServer store([](const SeenRequest&) {
        return http_answer(200, store_sample("etcd2-read-cluster").body);
    });
    const auto discovery = discover(Seeds::etcd2(store.text(), "demo").value());
    ASSERT_TRUE(discovery) << discovery.error().message;
    EXPECT_EQ(discovery->source, "etcd2");
    EXPECT_EQ(discovery->clusters.at("demo").leader, "pg-a");
    EXPECT_THAT(rows(discovery), ::testing::Contains(HasSubstr("demo/pg-a 10.0.0.1:8008")));
    EXPECT_THAT(store.targets(), ElementsAre("/v2/keys/service/demo?recursive=true&quorum=true"));
}

TEST(Discover, Etcd3ReadsPatronisKeys) {
    ScriptedServer store([](const SeenRequest&) {
        return http_answer(200, store_sample("etcd3-read-cluster").body);
    });
    const auto discovery = discover(Seeds::etcd3(store.text(), "demo").value());
    ASSERT_TRUE(discovery) << discovery.error().message;
    EXPECT_EQ(discovery->source, "etcd3");
    EXPECT_EQ(discovery->clusters.at("demo").leader, "pg-a");
    EXPECT_THAT(rows(discovery), ::testing::Contains(HasSubstr("demo/pg-a 10.0.0.1:8008")));
}

TEST(Discover, AMissingClusterIsToldAlikeByBothApis) {
    ScriptedServer etcd2([](const SeenRequest&) {
        const auto answer = store_sample("etcd2-read-missing-cluster");
        return http_answer(answer.status, answer.body);
    });
    ScriptedServer etcd3([](const SeenRequest&) {
        return http_answer(200, store_sample("etcd3-read-missing").body);
    });
    for (auto seeds :
         {Seeds::etcd2(etcd2.text(), "nosuch"), Seeds::etcd3(etcd3.text(), "nosuch")}) {
        const auto discovery = discover(std::move(seeds).value());
        ASSERT_FALSE(discovery);
        EXPECT_EQ(discovery.error().kind, ErrorKind::not_found);
        EXPECT_THAT(discovery.error().message, HasSubstr("/service/nosuch/"));
    }
}

const std::string k_cluster =
    R"({"members": [{"name": "b", "role": "replica", "state": "running", "lag": 0,)"
    R"( "api_url": "http://10.0.0.2:8008/patroni", "host": "10.0.0.2", "port": 5432},)"
    R"( {"name": "a", "role": "leader", "state": "running",)"
    R"( "api_url": "http://10.0.0.1:8008/patroni", "host": "10.0.0.1", "port": 5432}],)"
    R"( "scope": "demo"})";

TEST(Discover, ASeedNamesTheOthers) {
    ScriptedServer seed([](const SeenRequest&) { return http_answer(200, k_cluster); });
    const auto discovery = discover(Seeds::api(seed.text()).value());
    EXPECT_THAT(rows(discovery), ElementsAre("demo/a 10.0.0.1:8008", "demo/b 10.0.0.2:8008"));
    EXPECT_EQ(discovery->source, "api");
    EXPECT_EQ(discovery->seed, (Origin{false, seed.address()}));
    ASSERT_TRUE(discovery->seed_overview);
    EXPECT_THAT(discovery->problems, IsEmpty());
}

TEST(Discover, ASeedOf090IsTheOnlyMemberThatIsKnown) {
    ScriptedServer seed([](const SeenRequest&) {
        return http_answer(503, R"({"state": "running", "role": "master",)"
                                R"( "patroni": {"version": "0.90", "scope": "batman"}})");
    });
    const auto discovery = discover(Seeds::api(seed.text()).value());
    EXPECT_THAT(rows(discovery), ElementsAre("batman/" + seed.text() + " " + seed.text()));
    EXPECT_THAT(problem_kinds(*discovery), ElementsAre("seed_without_cluster"));
    EXPECT_THAT(discovery->problems[0].message, HasSubstr("0.90"));
    EXPECT_FALSE(discovery->seed_overview);
}

TEST(Discover, ADeadSeedIsFollowedByTheNextAndTold) {
    ScriptedServer good([](const SeenRequest&) { return http_answer(200, k_cluster); });
    const auto discovery = discover(Seeds::api(closed_port().text() + "," + good.text()).value());
    EXPECT_EQ(rows(discovery).size(), 2U);
    EXPECT_THAT(problem_kinds(*discovery), ElementsAre("seed_failed"));
    EXPECT_EQ(discovery->problems[0].where, "http://" + closed_port().text());
}

TEST(Discover, ASilentSeedLeavesTimeForTheNext) {
    ScriptedServer quiet([](const SeenRequest&) { return std::nullopt; });
    ScriptedServer good([](const SeenRequest&) { return http_answer(200, k_cluster); });
    const auto discovery =
        discover(Seeds::api(quiet.text() + "," + good.text()).value(), milliseconds(600));
    EXPECT_EQ(rows(discovery).size(), 2U);
}

TEST(Discover, WhenEverySeedFailsEachIsNamed) {
    ScriptedServer stranger([](const SeenRequest&) { return http_answer(404, "no"); });
    const auto discovery =
        discover(Seeds::api(closed_port().text() + "," + stranger.text()).value());
    ASSERT_FALSE(discovery);
    EXPECT_EQ(discovery.error().kind, ErrorKind::http_status);
    EXPECT_EQ(discovery.error().endpoint, "http://" + stranger.text());
    EXPECT_THAT(discovery.error().message, HasSubstr(closed_port().text()));
}

TEST(Discover, AListIsItsOwnAnswerInOrder) {
    const auto discovery = discover(Seeds::members("h2:2,h1:1,[::1]:3").value());
    EXPECT_THAT(rows(discovery), ElementsAre("?/[::1]:3 [::1]:3", "?/h1:1 h1:1", "?/h2:2 h2:2"));
    EXPECT_EQ(discovery->source, "members");
}

TEST(Discover, CancelEndsEachWay) {
    ScriptedServer quiet([](const SeenRequest&) { return std::nullopt; });
    for (auto seeds :
         {Seeds::registrator("etcd://" + quiet.text() + "/d-8008"), Seeds::etcd2(quiet.text()),
          Seeds::etcd3(quiet.text()), Seeds::api(quiet.text() + ",h:1")}) {
        EventLoop loop;
        std::optional<Result<Discovery>> slot;
        auto operation = discovery::discover(
            loop.http,
            {seeds.value(), std::make_shared<TlsSettings>(), EventLoop::in(milliseconds(5000))},
            [&](Result<Discovery> result) { slot = std::move(result); });
        loop.context.run_for(milliseconds(30));
        operation.cancel();
        ASSERT_FALSE(loop.wait(slot));
        EXPECT_EQ(slot->error().kind, ErrorKind::cancelled) << to_string(seeds->kind);
    }
}

}  // namespace
}  // namespace patroni::testing
