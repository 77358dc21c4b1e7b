// What a person writes behind --registrator, --etcd3, --api and the like.
#include <patroni/seeds.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> endpoints(const Result<Seeds>& seeds) {
    std::vector<std::string> found;
    if (!seeds) {
        return {"error: " + seeds.error().message};
    }
    for (const auto& endpoint : seeds->endpoints) {
        found.push_back(endpoint.text());
    }
    return found;
}

TEST(Seeds, ListsKeepTheirOrderAndDropRepetitions) {
    EXPECT_THAT(endpoints(Seeds::etcd3("b:1, a , b:1,,c:3 ,")),
                ElementsAre("http://b:1", "http://a:2379", "http://c:3"));
    EXPECT_THAT(endpoints(Seeds::etcd2("a")), ElementsAre("http://a:2379"));
    EXPECT_THAT(endpoints(Seeds::api("a,https://b,http://c:1/patroni")),
                ElementsAre("http://a:8008", "https://b:8008", "http://c:1"));
    EXPECT_THAT(endpoints(Seeds::members("10.244.21.7:32769,10.244.21.8:32769")),
                ElementsAre("http://10.244.21.7:32769", "http://10.244.21.8:32769"));
    EXPECT_THAT(endpoints(Seeds::members("[::1]:8008,[fe80::1%eth0]")),
                ElementsAre("http://[::1]:8008", "http://[fe80::1%25eth0]:8008"));
}

TEST(Seeds, KnowTheirKindAndScope) {
    EXPECT_EQ(Seeds::etcd3("a", "demo").value().scope, "demo");
    EXPECT_EQ(to_string(Seeds::etcd3("a").value().kind), "etcd3");
    EXPECT_EQ(to_string(Seeds::etcd2("a").value().kind), "etcd2");
    EXPECT_EQ(to_string(Seeds::api("a").value().kind), "api");
    EXPECT_EQ(to_string(Seeds::members("a").value().kind), "members");
    EXPECT_EQ(to_string(Seeds::registrator("etcd://a/b").value().kind), "registrator");
    EXPECT_EQ(Seeds::etcd3("a").value().name_space, "service");
}

TEST(Seeds, OfConsulAndZooKeeper) {
    const auto consul = Seeds::consul("a,https://b:1", "demo").value();
    EXPECT_THAT(endpoints(consul), ElementsAre("http://a:8500", "https://b:1"));
    EXPECT_EQ(to_string(consul.kind), "consul");
    EXPECT_EQ(consul.scope, "demo");
    const auto ensemble = Seeds::zookeeper("a,b:1,[::1]/pg/x//", "demo").value();
    EXPECT_THAT(endpoints(ensemble),
                ElementsAre("http://a:2181", "http://b:1", "http://[::1]:2181"));
    EXPECT_EQ(ensemble.chroot, "/pg/x");
    EXPECT_EQ(to_string(ensemble.kind), "zookeeper");
    EXPECT_EQ(Seeds::zookeeper("https://a:2281/").value().chroot, "");
    const auto split = Seeds::zookeeper("a/pg,b/pg");
    ASSERT_FALSE(split);
    EXPECT_THAT(split.error().message, HasSubstr("behind the last host"));
    EXPECT_EQ(Seeds::zookeeper("/pg").error().kind, ErrorKind::config);
}

TEST(Seeds, SayWhetherTheyAreAStore) {
    for (const auto kind :
         {Seeds::Kind::etcd2, Seeds::Kind::etcd3, Seeds::Kind::consul, Seeds::Kind::zookeeper}) {
        EXPECT_TRUE(is_store(kind)) << to_string(kind);
    }
    for (const auto kind : {Seeds::Kind::registrator, Seeds::Kind::api, Seeds::Kind::members}) {
        EXPECT_FALSE(is_store(kind)) << to_string(kind);
    }
}

TEST(Seeds, OfNothingAreAnError) {
    for (const auto* list : {"", " ", ",", " , ,"}) {
        const auto seeds = Seeds::api(list);
        ASSERT_FALSE(seeds) << '"' << list << '"';
        EXPECT_EQ(seeds.error().kind, ErrorKind::config);
        EXPECT_THAT(seeds.error().message, HasSubstr("host:port"));
    }
}

TEST(Seeds, RegistratorUrls) {
    const auto seeds = Seeds::registrator("etcd://127.0.0.1:2379/dingo-postgresql95-8008").value();
    EXPECT_EQ(seeds.directory, "/dingo-postgresql95-8008");
    EXPECT_EQ(seeds.endpoints.at(0).text(), "http://127.0.0.1:2379");
    EXPECT_EQ(Seeds::registrator("etcd://h/a/b//").value().directory, "/a/b");
    EXPECT_THAT(endpoints(Seeds::registrator("etcd://a,b:1,[::1]:2/d")),
                ElementsAre("http://a:2379", "http://b:1", "http://[::1]:2"));
    EXPECT_THAT(endpoints(Seeds::registrator("etcd-tls://a/d")), ElementsAre("https://a:2379"));
    EXPECT_THAT(endpoints(Seeds::registrator("https://a/d")), ElementsAre("https://a:2379"));
    EXPECT_THAT(endpoints(Seeds::registrator("http://a:1/d")), ElementsAre("http://a:1"));
}

TEST(Seeds, RegistratorWritesToConsul) {
    const auto keys = Seeds::registrator("consulkv://h1,h2:1/registry/pg-8008").value();
    EXPECT_EQ(keys.registry, Seeds::Registry::consul_kv);
    EXPECT_EQ(keys.directory, "/registry/pg-8008");
    EXPECT_THAT(endpoints(keys), ElementsAre("http://h1:8500", "http://h2:1"));
    const auto catalog = Seeds::registrator("consul-tls://h/pg-8008").value();
    EXPECT_EQ(catalog.registry, Seeds::Registry::consul_catalog);
    EXPECT_THAT(endpoints(catalog), ElementsAre("https://h:8500"));
    EXPECT_EQ(Seeds::registrator("etcd://h/d").value().registry, Seeds::Registry::etcd2);
}

TEST(Seeds, RegistratorUrlsThatCannotBeRead) {
    const struct {
        const char* url;
        ErrorKind kind;
        const char* message;
    } table[] = {
        {"127.0.0.1:2379/dir", ErrorKind::config, "etcd://HOST:PORT/DIRECTORY"},
        {"", ErrorKind::config, "etcd://"},
        {"ftp://h/d", ErrorKind::config, "etcd://"},
        {"consul://h:8500/a/d", ErrorKind::config, "no slash"},
        {"consul://h:8500", ErrorKind::config, "no directory"},
        {"consulkv://u:p@h:8500/d", ErrorKind::config, "ACL tokens"},
        {"zookeeper://h/d", ErrorKind::unsupported, "other stores"},
        {"skydns2://h/d", ErrorKind::unsupported, "other stores"},
        {"etcd://h:2379", ErrorKind::config, "no directory"},
        {"etcd://h:2379/", ErrorKind::config, "no directory"},
        {"etcd:///dir", ErrorKind::config, "no address"},
        {"etcd://h:99999/dir", ErrorKind::config, "port"},
    };
    for (const auto& row : table) {
        const auto seeds = Seeds::registrator(row.url);
        ASSERT_FALSE(seeds) << row.url;
        EXPECT_EQ(seeds.error().kind, row.kind) << row.url;
        EXPECT_THAT(seeds.error().message, HasSubstr(row.message)) << row.url;
    }
}

TEST(Seeds, UserinfoBecomesUserAndPassword) {
    const Result<Seeds> all[] = {Seeds::etcd3("http://us%40er:p%3Aw@h:1"),
                                 Seeds::etcd3("us%40er:p%3Aw@h:1"),
                                 Seeds::etcd3("http://us%40er:p%3Aw@h:1,http://g:2"),
                                 Seeds::registrator("etcd://us%40er:p%3Aw@h:1/d"),
                                 Seeds::registrator("etcd://us%40er:p%3Aw@h:1,g:2/d")};
    for (const auto& seeds : all) {
        ASSERT_TRUE(seeds) << seeds.error().message;
        EXPECT_EQ(seeds->user, "us@er");
        EXPECT_EQ(seeds->password.reveal(), "p:w");
        EXPECT_EQ(seeds->endpoints.at(0).text(), "http://h:1");
    }
    EXPECT_EQ(Seeds::etcd3("http://u:with@sign@h:1").value().password.reveal(), "with@sign");
    EXPECT_EQ(Seeds::etcd3("http://u@h:1").value().user, "u");
}

TEST(Seeds, UserinfoIsNeverInAMessage) {
    const char* bad[] = {
        "http://user:hush-hush@:2379",     "http://user:hush-hush@h:99999",
        "user:hush-hush@h:port",           "http://user:hush-hush@bad host:1",
        "ftp://user:hush-hush@h",          "http://user:hush-hush@",
        "http://user:hush-hush%zz@h:1",    "http://user:hush-hush@h:1,http://[::1",
        "http://user:hush-hush/rest@h:1",  "user:hush-hush/rest@h:1",
        "http://user:hush-hush@h:1,ho st", "http://us er:hush-hush@[h]:1",
    };
    for (const auto* text : bad) {
        for (const auto& seeds :
             {Seeds::etcd3(text), Seeds::etcd2(text), Seeds::api(text), Seeds::members(text)}) {
            ASSERT_FALSE(seeds) << text;
            EXPECT_THAT(to_line(seeds.error()), Not(HasSubstr("hush"))) << text;
        }
        const std::string url(text);
        const auto start = url.find("://") == std::string::npos ? 0 : url.find("://") + 3;
        const auto seeds = Seeds::registrator("etcd://" + url.substr(start) + "/dir");
        if (!seeds) {
            EXPECT_THAT(to_line(seeds.error()), Not(HasSubstr("hush"))) << text;
        }
    }
}

}  // namespace
}  // namespace patroni::testing
