// What a patroni.yml or patronictl.yaml says about its store and its members.
#include "config/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using config::parse_settings;
using config::Settings;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Settings settings(const std::string& text) {
    auto parsed = parse_settings(text, "/etc/patroni.yml");
    EXPECT_TRUE(parsed) << (parsed ? "" : to_line(parsed.error())) << "\n" << text;
    return parsed ? *parsed : Settings{};
}

std::vector<std::string> endpoints(const std::string& text) {
    std::vector<std::string> found;
    for (const auto& endpoint : settings(text).seeds.endpoints) {
        found.push_back(endpoint.text());
    }
    return found;
}

struct FormRow {
    const char* what;
    const char* section;
    std::vector<std::string> endpoints;
};

class StoreForms : public ::testing::TestWithParam<FormRow> {};

TEST_P(StoreForms, AreReadForBothApis) {
    for (const auto& [name, kind] :
         {std::pair("etcd", Seeds::Kind::etcd2), std::pair("etcd3", Seeds::Kind::etcd3)}) {
        const auto text = std::string("scope: demo\n") + name + ":\n" + GetParam().section;
        EXPECT_EQ(endpoints(text), GetParam().endpoints) << text;
        EXPECT_EQ(settings(text).seeds.kind, kind);
        EXPECT_EQ(settings(text).seeds.scope, "demo");
        EXPECT_EQ(settings(text).store_place, "/etc/patroni.yml:2");
    }
}

const std::vector<std::string> k_two = {"http://10.0.0.1:2379", "http://10.0.0.2:2380"};

INSTANTIATE_TEST_SUITE_P(
    Table, StoreForms,
    ::testing::Values(
        FormRow{"list", "  hosts:\n  - 10.0.0.1:2379\n  - 10.0.0.2:2380\n", k_two},
        FormRow{"flow_list", "  hosts: [10.0.0.1:2379, '10.0.0.2:2380']\n", k_two},
        FormRow{"text", "  hosts: 10.0.0.1:2379,10.0.0.2:2380\n", k_two},
        FormRow{"text_with_blanks", "  hosts: '10.0.0.1 , 10.0.0.2:2380'\n", k_two},
        FormRow{"list_with_a_common_port", "  hosts: [10.0.0.1, 10.0.0.2:2380]\n  port: 2379\n",
                k_two},
        FormRow{"common_port_is_not_the_default",
                "  hosts: [a, b:1, '[::1]']\n  port: 4001\n",
                {"http://a:4001", "http://b:1", "http://[::1]:4001"}},
        FormRow{"host", "  host: 10.0.0.1:2379\n", {"http://10.0.0.1:2379"}},
        FormRow{"host_alone", "  host: 10.0.0.1\n", {"http://10.0.0.1:2379"}},
        FormRow{"host_and_port", "  host: 10.0.0.1\n  port: 2380\n", {"http://10.0.0.1:2380"}},
        FormRow{"host_and_quoted_port", "  host: h\n  port: '2380'\n", {"http://h:2380"}},
        FormRow{"https", "  host: h\n  protocol: https\n", {"https://h:2379"}},
        FormRow{"https_list",
                "  hosts: [a, b]\n  protocol: https\n",
                {"https://a:2379", "https://b:2379"}},
        FormRow{"url", "  url: https://h:2380\n", {"https://h:2380"}},
        FormRow{"ipv6", "  hosts: ['[::1]:2379']\n", {"http://[::1]:2379"}}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(Settings, NamespaceAndScope) {
    EXPECT_EQ(settings("scope: demo\netcd3: {host: h}\n").seeds.name_space, "service");
    EXPECT_EQ(settings("scope: demo\nnamespace: /db/\netcd3: {host: h}\n").seeds.name_space,
              "/db/");
    EXPECT_EQ(settings("etcd3: {host: h}\n").seeds.scope, "") << "patronictl.yaml has none";
    EXPECT_EQ(settings("scope: 12\netcd3: {host: h}\n").seeds.scope, "12");
}

TEST(Settings, UserAndTlsOfTheStore) {
    const auto read = settings(
        "etcd3:\n  host: h\n  protocol: https\n  username: pat\n  password: 'p:w'\n"
        "  cacert: /ca.pem\n  cert: /c.pem\n  key: /k.pem\n");
    EXPECT_EQ(read.seeds.user, "pat");
    EXPECT_EQ(read.seeds.password.reveal(), "p:w");
    EXPECT_EQ(read.seeds.tls.ca_file, "/ca.pem");
    EXPECT_EQ(read.seeds.tls.certificate_file, "/c.pem");
    EXPECT_EQ(read.seeds.tls.key_file, "/k.pem");
    EXPECT_TRUE(read.seeds.tls.verify);
    EXPECT_EQ(read.member_tls.ca_file, "") << "the store's files are not the members'";
}

TEST(Settings, UserinfoOfTheUrl) {
    const auto read = settings("etcd: {url: 'http://u:p%40w@h:1'}\n");
    EXPECT_EQ(read.seeds.user, "u");
    EXPECT_EQ(read.seeds.password.reveal(), "p@w");
}

TEST(Settings, TlsOfMembersComesFromCtlThenRestapi) {
    auto tls = settings(
                   "etcd3: {host: h}\nctl:\n  cacert: /ctl-ca\n  certfile: /c\n  keyfile: /k\n"
                   "  keyfile_password: pw\nrestapi: {cafile: /rest-ca, certfile: /server}\n")
                   .member_tls;
    EXPECT_EQ(tls.ca_file, "/ctl-ca");
    EXPECT_EQ(tls.certificate_file, "/c");
    EXPECT_EQ(tls.key_file, "/k");
    EXPECT_EQ(tls.key_password.reveal(), "pw");
    EXPECT_TRUE(tls.verify);
    tls = settings("etcd3: {host: h}\nrestapi: {cafile: /rest-ca, certfile: /server}\n").member_tls;
    EXPECT_EQ(tls.ca_file, "/rest-ca");
    EXPECT_EQ(tls.certificate_file, "") << "the server's certificate is not a client's";
    EXPECT_FALSE(settings("etcd3: {host: h}\nctl: {insecure: on}\n").member_tls.verify);
    EXPECT_TRUE(settings("etcd3: {host: h}\nctl: {insecure: false}\n").member_tls.verify);
}

TEST(Settings, TheFirstStoreInPatronisOrderIsTaken) {
    EXPECT_EQ(settings("etcd3: {host: b}\netcd: {host: a}\n").seeds.kind, Seeds::Kind::etcd2);
    const auto consul = parse_settings("etcd3: {host: b}\nconsul: {host: a}\n", "f.yml");
    ASSERT_FALSE(consul);
    EXPECT_EQ(consul.error().endpoint, "f.yml:2");
}

TEST(Settings, AStoreThatIsNotInThisBuildNamesItsLineAndTheWayOut) {
    for (const std::string store : {"consul", "exhibitor", "kubernetes", "raft", "zookeeper"}) {
        const auto parsed =
            parse_settings("scope: demo\n\nrestapi:\n  connect_address: 10.0.0.7:8009\n" + store +
                               ":\n  host: h\n",
                           "/etc/patroni/p.yml");
        ASSERT_FALSE(parsed) << store;
        EXPECT_EQ(parsed.error().kind, ErrorKind::unsupported);
        EXPECT_EQ(parsed.error().endpoint, "/etc/patroni/p.yml:5");
        EXPECT_THAT(parsed.error().message, HasSubstr(store));
        EXPECT_THAT(parsed.error().message, HasSubstr("--api http://10.0.0.7:8009"));
        EXPECT_EQ(parsed.error().delivery, Delivery::not_sent);
    }
}

struct BadRow {
    const char* what;
    const char* text;
    ErrorKind kind;
    const char* place;
    const char* message;
};

class BadSettings : public ::testing::TestWithParam<BadRow> {};

TEST_P(BadSettings, AreToldWithFileAndLine) {
    const auto& expected = GetParam();
    const auto parsed = parse_settings(expected.text, "f.yml");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().kind, expected.kind);
    EXPECT_THAT(parsed.error().endpoint, HasSubstr(expected.place));
    EXPECT_THAT(parsed.error().message, HasSubstr(expected.message));
    EXPECT_THAT(to_line(parsed.error()), Not(HasSubstr("hush")));
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadSettings,
    ::testing::Values(
        BadRow{"no_store", "scope: demo\n", ErrorKind::config, "f.yml", "names no store"},
        BadRow{"empty", "", ErrorKind::config, "f.yml", "not a Patroni configuration"},
        BadRow{"a_list", "- a\n- b\n", ErrorKind::config, "f.yml", "not a Patroni configuration"},
        BadRow{"no_yaml", "scope: [1\netcd3: x", ErrorKind::config, "f.yml", ""},
        BadRow{"section_is_a_text", "scope: x\netcd3: h:2379\n", ErrorKind::config, "f.yml:2",
               "etcd3: expected a section"},
        BadRow{"section_is_null", "scope: x\netcd3:\n", ErrorKind::config, "f.yml:2",
               "etcd3: expected a section"},
        BadRow{"no_endpoint", "etcd3:\n  username: u\n", ErrorKind::config, "f.yml:1",
               "no endpoint"},
        BadRow{"hosts_empty", "etcd3:\n  hosts: []\n", ErrorKind::config, "f.yml", "no endpoint"},
        BadRow{"bad_port", "etcd3:\n  cert: x\n  hosts: ['h:99999']\n", ErrorKind::config,
               "f.yml:3", "etcd3.hosts"},
        BadRow{"bad_host", "etcd:\n  host: 'a b'\n", ErrorKind::config, "f.yml:2", "etcd.host"},
        BadRow{"bad_url", "etcd:\n  url: 'http://u:hush@h:port'\n", ErrorKind::config, "f.yml:2",
               "etcd.url"},
        BadRow{"srv", "etcd3:\n  srv: example.com\n", ErrorKind::unsupported, "f.yml:2",
               "etcd3.srv"},
        BadRow{"proxy", "etcd:\n  proxy: http://h:1\n", ErrorKind::unsupported, "f.yml:2",
               "hosts"}),
    [](const auto& test) { return std::string(test.param.what); });

}  // namespace
}  // namespace patroni::testing
