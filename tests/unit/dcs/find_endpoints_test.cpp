// Where a store is when DNS or Exhibitor knows it, and what is left when they do not.
#include "dcs/find_endpoints.hpp"

#include "dcs/make_backend.hpp"
#include "support/event_loop.hpp"
#include "support/scripted_server.hpp"
#include "unit/dcs/dialogue_checks.hpp"
#include "unit/transport/fake_resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> texts(const std::vector<Origin>& origins) {
    std::vector<std::string> result;
    for (const auto& origin : origins) {
        result.push_back(origin.text());
    }
    return result;
}

/// An HttpClient whose DNS knows what the test tells it.
class FindEndpoints : public ::testing::Test {
protected:
    FindEndpoints() {
        transport::HttpClient::Options options;
        options.resolver = resolver_;
        http_.emplace(loop_.context, options);
        seeds_.kind = Seeds::Kind::etcd3;
        seeds_.srv_domain = "example";
    }

    Result<std::vector<Origin>> find(milliseconds timeout = milliseconds(2000)) {
        std::optional<Result<std::vector<Origin>>> slot;
        dcs::find_endpoints(*http_, seeds_, EventLoop::in(timeout),
                            [&](Result<std::vector<Origin>> found) { slot = std::move(found); });
        EXPECT_FALSE(slot) << "called from within";
        loop_.wait(slot);
        return std::move(*slot);
    }

    EventLoop loop_;
    std::shared_ptr<transport::test::FakeResolver> resolver_ =
        std::make_shared<transport::test::FakeResolver>(loop_.context);
    std::optional<transport::HttpClient> http_;
    Seeds seeds_;
};

TEST(SrvNames, AreAskedInPatronisOrder) {
    Seeds seeds;
    seeds.srv_domain = "example.com";
    seeds.srv_suffix = "blue";
    EXPECT_THAT(dcs::srv_names(seeds),
                ElementsAre("_etcd-client-ssl-blue._tcp.example.com",
                            "_etcd-client-blue._tcp.example.com", "_etcd-ssl-blue._tcp.example.com",
                            "_etcd-blue._tcp.example.com", "_etcd-server-ssl-blue._tcp.example.com",
                            "_etcd-server-blue._tcp.example.com"));
    seeds.srv_suffix.clear();
    EXPECT_EQ(dcs::srv_names(seeds)[3], "_etcd._tcp.example.com");
}

TEST(FirstEndpoint, IsWhoCanBeNamed) {
    Seeds seeds;
    EXPECT_EQ(dcs::first_endpoint(seeds), "");
    seeds.endpoints = {{false, {"h", 1}}};
    EXPECT_EQ(dcs::first_endpoint(seeds), "http://h:1");
    seeds.exhibitors = {{false, {"e", 8181}}};
    EXPECT_EQ(dcs::first_endpoint(seeds), "http://e:8181");
    seeds.srv_domain = "example";
    EXPECT_EQ(dcs::first_endpoint(seeds), "SRV records of example");
}

TEST(ClientUrls, AreReadFromThePeersList) {
    EXPECT_THAT(texts(dcs::client_urls(
                    R"([{"id":1,"clientURLs":["https://a:2379","https://b:2379"]},)"
                    R"({"clientURLs":["https://a:2379","unix://x","" ,7]},{"peerURLs":[]},3])")),
                ElementsAre("https://a:2379", "https://b:2379"));
    for (const auto* text : {"", "{}", "[]", "[[]]", "not JSON", R"([{"clientURLs":"x"}])"}) {
        EXPECT_THAT(dcs::client_urls(text), IsEmpty()) << text;
    }
}

TEST(Exhibited, ServersWithTheirPort) {
    EXPECT_THAT(
        texts(dcs::exhibited(R"({"servers":["zk2","zk1","zk1","a b",1],"port":2182})", false)),
        ElementsAre("http://zk1:2182", "http://zk2:2182"));
    EXPECT_TRUE(dcs::exhibited(R"({"servers":["z"],"port":2181})", true).at(0).tls);
    for (const auto* text : {"", "[]", R"({"servers":["z"]})", R"({"servers":["z"],"port":0})",
                             R"({"servers":["z"],"port":"2181"})", R"({"servers":[],"port":1})"}) {
        EXPECT_THAT(dcs::exhibited(text, false), IsEmpty()) << text;
    }
}

TEST_F(FindEndpoints, TheFirstServiceThatHasRecordsCounts) {
    resolver_->add_services("_etcd._tcp.example", {{"late", 1}});
    resolver_->add_services("_etcd-client._tcp.example", {{"a", 2379}, {"b", 2380}});
    EXPECT_THAT(texts(find().value()), ElementsAre("http://a:2379", "http://b:2380"));
    resolver_->add_services("_etcd-client-ssl._tcp.example", {{"s", 2379}});
    EXPECT_THAT(texts(find().value()), ElementsAre("https://s:2379"));
}

TEST_F(FindEndpoints, ThePeersAreAskedForTheClientUrls) {
    ScriptedServer broken([](const SeenRequest&) { return http_answer(503, "{}"); });
    ScriptedServer peer([](const SeenRequest&) {
        return http_answer(200, R"([{"clientURLs":["http://c:2379"]}])");
    });
    resolver_->add_services("_etcd-server._tcp.example", {{"127.0.0.1", broken.address().port},
                                                          {"127.0.0.1", peer.address().port}});
    EXPECT_THAT(texts(find().value()), ElementsAre("http://c:2379"));
    EXPECT_THAT(peer.targets(), ElementsAre("/members"));
}

TEST_F(FindEndpoints, WithoutRecordsItIsWhatTheConfigurationNames) {
    const auto nothing = find();
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().kind, ErrorKind::resolve);
    EXPECT_THAT(nothing.error().message,
                AllOf(HasSubstr("example"), HasSubstr("_etcd-client-ssl._tcp.example")));
    seeds_.endpoints = {Origin{false, {"h", 2379}}};
    EXPECT_THAT(texts(find().value()), ElementsAre("http://h:2379"));
}

TEST_F(FindEndpoints, ExhibitorsAreAskedInTurn) {
    ScriptedServer wrong([](const SeenRequest&) { return http_answer(200, "{}"); });
    ScriptedServer silent([](const SeenRequest&) { return std::nullopt; });
    ScriptedServer good([](const SeenRequest&) {
        return http_answer(200, R"({"servers":["z2","z1"],"port":2181})");
    });
    seeds_ = Seeds();
    seeds_.kind = Seeds::Kind::zookeeper;
    for (const auto* server : {&wrong, &silent, &good}) {
        seeds_.exhibitors.push_back({false, server->address()});
    }
    EXPECT_THAT(texts(find(milliseconds(600)).value()),
                ElementsAre("http://z1:2181", "http://z2:2181"));
    EXPECT_THAT(good.targets(), ElementsAre("/exhibitor/v1/cluster/list"));
    seeds_.exhibitors.pop_back();
    const auto none = find(milliseconds(200));
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, ErrorKind::timeout);
    EXPECT_THAT(none.error().endpoint, HasSubstr(silent.text()));
}

TEST_F(FindEndpoints, TheLimitInTimeHolds) {
    ScriptedServer silent([](const SeenRequest&) { return std::nullopt; });
    seeds_ = Seeds();
    seeds_.exhibitors = {{false, silent.address()}};
    const auto started = std::chrono::steady_clock::now();
    EXPECT_FALSE(find(milliseconds(150)));
    EXPECT_LT(std::chrono::steady_clock::now() - started, milliseconds(600));
}

TEST_F(FindEndpoints, AStoreIsReadWhereverItIsFound) {
    ScriptedServer etcd([](const SeenRequest&) {
        return http_answer(200, R"({"header":{"revision":"5"},"kvs":[{"key":"L3MvYQ==",)"
                                R"("value":"MQ==","mod_revision":"3"}]})");
    });
    resolver_->add_services("_etcd-client._tcp.example", {{"127.0.0.1", etcd.address().port}});
    auto backend = dcs::make_backend(*http_, seeds_);
    ASSERT_TRUE(backend);
    const auto read = [&] {
        std::optional<Result<dcs::Snapshot>> slot;
        (*backend)->start_read("/s/", EventLoop::in(milliseconds(2000)),
                               [&](Result<dcs::Snapshot> result) { slot = std::move(result); });
        loop_.wait(slot);
        return std::move(*slot);
    };
    auto snapshot = read();
    ASSERT_TRUE(snapshot) << to_line(snapshot.error());
    EXPECT_THAT(keys_of(*snapshot), ElementsAre("/s/a"));
    // It is not searched for again as long as it answers.
    resolver_->add_services("_etcd-client._tcp.example", {});
    EXPECT_TRUE(read());
}

TEST_F(FindEndpoints, ASearchCanBeCancelled) {
    ScriptedServer silent([](const SeenRequest&) { return std::nullopt; });
    seeds_ = Seeds();
    seeds_.kind = Seeds::Kind::etcd3;
    seeds_.exhibitors = {{false, silent.address()}};
    auto backend = dcs::make_backend(*http_, seeds_);
    ASSERT_TRUE(backend);
    std::optional<Result<dcs::Snapshot>> slot;
    auto operation =
        (*backend)->start_read("/s/", EventLoop::in(milliseconds(5000)),
                               [&](Result<dcs::Snapshot> result) { slot = std::move(result); });
    operation.cancel();
    EXPECT_FALSE(slot) << "called from within";
    loop_.wait(slot);
    ASSERT_FALSE(*slot);
    EXPECT_EQ(slot->error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace patroni::testing
