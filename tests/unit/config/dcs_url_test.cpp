// -d and DCS_URL, as Python's urlparse and Patroni read them.
#include "config/dcs_url.hpp"

#include "codec/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using config::Dialect;
using config::Place;
using config::read_dcs_url;

std::string read(const std::string& url, Dialect dialect = Dialect::patronictl) {
    const auto layer = read_dcs_url(url, Place{"--dcs-url", 0}, dialect);
    return layer ? codec::to_json(layer->value) : to_line(layer.error());
}

TEST(DcsUrl, PartsThatAreMissingHaveDefaults) {
    const std::pair<const char*, const char*> table[] = {
        {"etcd3://h:1", R"({"etcd3":{"host":"h:1"}})"},
        {"ETCD3://H:1", R"({"etcd3":{"host":"h:1"}})"},
        {"etcd3://h", R"({"etcd3":{"host":"h:2379"}})"},
        {"etcd3://", R"({"etcd3":{"host":"localhost:2379"}})"},
        {"h", R"({"etcd":{"host":"h:2379"}})"},
        {"h:2379", R"({"etcd":{"host":"h:2379"}})"},
        {"h:4001", R"({"etcd":{"host":"h:4001"}})"},
        {"//h:4001", R"({"etcd":{"host":"h:4001"}})"},
        {"h:2181", R"({"zookeeper":{"hosts":["h:2181"]}})"},
        {"h:8181", R"({"exhibitor":{"hosts":["h"],"port":8181}})"},
        {"h:8500", R"({"consul":{"host":"h:8500"}})"},
        {"zookeeper://h", R"({"zookeeper":{"hosts":["h:2181"]}})"},
        {"exhibitor://h:1", R"({"exhibitor":{"hosts":["h"],"port":1}})"},
        {"consul://h", R"({"consul":{"host":"h:8500"}})"},
        {"consul://h:2379", R"({"consul":{"host":"h:2379"}})"},
        {"etcd3://h/db", R"({"etcd3":{"host":"h:2379"},"namespace":"/db"})"},
        {"etcd3://h/a/b/", R"({"etcd3":{"host":"h:2379"},"namespace":"/a/b/"})"},
        {"etcd3://h/", R"({"etcd3":{"host":"h:2379"}})"},
        {"h/db", R"({"etcd":{"host":"h:2379"},"namespace":"/db"})"},
        {"etcd3://[::1]:1/x", R"({"etcd3":{"host":"[::1]:1"},"namespace":"/x"})"},
        {"etcd3://[::1]", R"({"etcd3":{"host":"[::1]:2379"}})"},
        {"etcd3://u:p@h:1", R"({"etcd3":{"host":"h:1"}})"},
        {"etcd3://h/db?x=y#z", R"({"etcd3":{"host":"h:2379"},"namespace":"/db"})"},
    };
    for (const auto& [url, json] : table) {
        EXPECT_EQ(read(url), json) << url;
    }
}

TEST(DcsUrl, UserAndPasswordAreForPatctl) {
    EXPECT_EQ(read("etcd3://u:p%40w@h:1", Dialect::patctl),
              R"({"etcd3":{"host":"h:1","username":"u","password":"p@w"}})");
    EXPECT_EQ(read("consul://u:p@h:1", Dialect::patctl), R"({"consul":{"host":"h:1"}})");
}

TEST(DcsUrl, WhatIsWrongIsToldWithoutSecrets) {
    EXPECT_EQ(read("kubernetes://h"), "Unknown dcs scheme: kubernetes");
    EXPECT_EQ(read("http://u:hush@h"), "Unknown dcs scheme: http");
    EXPECT_EQ(read("u:hush@h://x"), "Unknown dcs scheme: ***");
    EXPECT_EQ(read("raft://h", Dialect::patctl),
              "--dcs-url: Unknown dcs scheme: raft; one of consul, etcd, etcd3, exhibitor, "
              "zookeeper");
    for (const auto* url : {"etcd3://h:hush", "etcd3://h:0", "etcd3://h:65536", "h:1:2"}) {
        for (const auto dialect : {Dialect::patctl, Dialect::patronictl}) {
            EXPECT_THAT(read(url, dialect), ::testing::HasSubstr("1 to 65535")) << url;
            EXPECT_THAT(read(url, dialect), ::testing::Not(::testing::HasSubstr("hush")));
        }
    }
}

}  // namespace
}  // namespace patroni::testing
