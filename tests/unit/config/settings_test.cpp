// What a patroni.yml or patronictl.yaml says about its store and its members.
#include "config/settings.hpp"

#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using config::ClusterSettings;
using config::Dialect;
using config::MemberSettings;
using config::StoreSettings;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// What `make` makes of the text of a file.
template <class T>
Result<T> made(const std::string& text, Result<T> (*make)(const config::Configuration&),
               Dialect dialect = Dialect::patctl) {
    auto configuration = config::load_text(text, "/etc/patroni.yml", dialect);
    if (!configuration) {
        return std::move(configuration).error();
    }
    return make(*configuration);
}

Result<StoreSettings> try_store(const std::string& text, Dialect dialect = Dialect::patctl) {
    return made(text, config::store_settings, dialect);
}

StoreSettings store(const std::string& text, Dialect dialect = Dialect::patctl) {
    auto read = try_store(text, dialect);
    EXPECT_TRUE(read) << (read ? "" : to_line(read.error())) << "\n" << text;
    return read ? *read : StoreSettings{};
}

MemberSettings members(const std::string& text, Dialect dialect = Dialect::patctl) {
    auto read = made("etcd3: {host: h}\n" + text, config::member_settings, dialect);
    EXPECT_TRUE(read) << (read ? "" : to_line(read.error())) << "\n" << text;
    return read ? *read : MemberSettings{};
}

std::vector<std::string> endpoints(const std::string& text) {
    std::vector<std::string> found;
    for (const auto& endpoint : store(text).seeds.endpoints) {
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
        const auto read = store(text);
        EXPECT_EQ(read.seeds.kind, kind);
        EXPECT_EQ(read.seeds.scope, "demo");
        EXPECT_EQ(read.name, name);
        EXPECT_EQ(read.place, "/etc/patroni.yml:2");
        EXPECT_THAT(read.warnings, IsEmpty());
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
        FormRow{"ipv6_without_brackets",
                "  hosts: '::1:2379,fe80::2:2380'\n",
                {"http://[::1]:2379", "http://[fe80::2]:2380"}},
        FormRow{"url_in_hosts", "  hosts: [https://a, b]\n", {"https://a:2379", "http://b:2379"}},
        FormRow{"the_port_beside_host_beats_its_own", "  host: h:1\n  port: 2\n", {"http://h:2"}},
        FormRow{"hosts_beat_host", "  host: h:1\n  hosts: a:1\n", {"http://a:1"}},
        FormRow{
            "proxy_beats_all",
            "  host: h:1\n  hosts: a:1\n  url: http://u:1\n  proxy: http://p:4001/x\n  srv: d\n",
            {"http://p:4001"}},
        FormRow{"url_without_port", "  url: http://h\n", {"http://h:2379"}},
        FormRow{"use_proxies", "  hosts: a:1\n  use_proxies: true\n", {"http://a:1"}},
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
    EXPECT_EQ(store("scope: demo\netcd3: {host: h}\n").seeds.name_space, "service");
    EXPECT_EQ(store("scope: demo\nnamespace: /db/\netcd3: {host: h}\n").seeds.name_space, "/db/");
    EXPECT_EQ(store("etcd3: {host: h}\n").seeds.scope, "") << "patronictl.yaml has none";
    EXPECT_EQ(store("scope: 12\netcd3: {host: h}\n").seeds.scope, "12");
}

TEST(Settings, EtcdUserAndTls) {
    const auto read = store(
        "etcd3:\n  host: h\n  protocol: https\n  username: pat\n  password: 'p:w'\n"
        "  cacert: /ca.pem\n  cert: /c.pem\n  key: /k.pem\n");
    EXPECT_EQ(read.seeds.user, "pat");
    EXPECT_EQ(read.seeds.password.reveal(), "p:w");
    EXPECT_EQ(read.seeds.tls.ca_file, "/ca.pem");
    EXPECT_EQ(read.seeds.tls.certificate_file, "/c.pem");
    EXPECT_EQ(read.seeds.tls.key_file, "/k.pem");
    EXPECT_TRUE(read.seeds.tls.verify);
    EXPECT_EQ(read.tls_advice, "");
    EXPECT_EQ(store("etcd3: {host: h, cacert: /tmp}\n").seeds.tls.ca_directory, "/tmp");
}

TEST(Settings, UserinfoOfTheUrl) {
    const auto read = store("etcd: {url: 'http://u:p%40w@h:1', username: other}\n");
    EXPECT_EQ(read.seeds.user, "u");
    EXPECT_EQ(read.seeds.password.reveal(), "p@w");
    EXPECT_EQ(store("etcd: {url: 'http://h:1', username: x}\n").seeds.user, "x");
}

TEST(Settings, HttpsWithoutAuthoritiesIsVerifiedByUsAndNotByPatroni) {
    const std::string https = "etcd3:\n  host: h\n  protocol: https\n";
    auto read = store(https);
    EXPECT_TRUE(read.seeds.tls.verify);
    EXPECT_THAT(read.tls_advice, AllOf(HasSubstr("/etc/patroni.yml:1"), HasSubstr("'cacert: FILE'"),
                                       HasSubstr("'verify: false'")));
    EXPECT_THAT(read.warnings, IsEmpty());
    read = store(https + "  verify: false\n");
    EXPECT_FALSE(read.seeds.tls.verify);
    EXPECT_EQ(read.tls_advice, "");
    EXPECT_THAT(read.warnings, IsEmpty()) << "it was asked for";

    read = store(https, Dialect::patronictl);
    EXPECT_FALSE(read.seeds.tls.verify);
    EXPECT_THAT(read.warnings, ElementsAre(HasSubstr("not verified")));
    EXPECT_TRUE(store(https + "  cacert: /ca\n", Dialect::patronictl).seeds.tls.verify);
    EXPECT_TRUE(store(https + "  verify: true\n", Dialect::patronictl).seeds.tls.verify);
    EXPECT_THAT(store("etcd3: {host: h}\n", Dialect::patronictl).warnings, IsEmpty());
}

TEST(Settings, SrvRecordsComeBeforeHostsThatAreTheFallback) {
    for (const auto* key : {"srv", "discovery_srv", "srv_domain"}) {
        const auto read = store("etcd3: {" + std::string(key) +
                                ": etcd.example, srv_suffix: blue, "
                                "hosts: a:1}\n");
        EXPECT_EQ(read.seeds.srv_domain, "etcd.example");
        EXPECT_EQ(read.seeds.srv_suffix, "blue");
        EXPECT_EQ(read.seeds.endpoints.size(), 1U);
    }
    EXPECT_THAT(store("etcd3: {srv: etcd.example}\n").seeds.endpoints, IsEmpty());
    EXPECT_EQ(store("etcd3: {srv: d, proxy: 'http://p:1'}\n").seeds.srv_domain, "");
}

TEST(Settings, Consul) {
    auto read = store(
        "consul:\n  host: c:8501\n  scheme: https\n  token: t0ken\n  dc: dc2\n"
        "  cacert: /ca\n  cert: /c\n  key: /k\n  consistency: stale\n  register_service: true\n");
    EXPECT_EQ(read.seeds.kind, Seeds::Kind::consul);
    ASSERT_EQ(read.seeds.endpoints.size(), 1U);
    EXPECT_EQ(read.seeds.endpoints[0].text(), "https://c:8501");
    EXPECT_EQ(read.seeds.token.reveal(), "t0ken");
    EXPECT_EQ(read.seeds.datacenter, "dc2");
    EXPECT_EQ(read.seeds.tls.ca_file, "/ca");
    EXPECT_EQ(read.seeds.tls.certificate_file, "/c");
    EXPECT_EQ(read.seeds.tls.key_file, "/k");
    EXPECT_THAT(read.warnings, IsEmpty());
    EXPECT_EQ(endpoints("consul: {token: t}\n"), std::vector<std::string>{"http://127.0.0.1:8500"});
    EXPECT_EQ(endpoints("consul: {host: c}\n"), std::vector<std::string>{"http://c:8500"});
    EXPECT_EQ(endpoints("consul: {host: 'c:1', port: 2}\n"),
              std::vector<std::string>{"http://c:2"});
    EXPECT_EQ(endpoints("consul: {url: 'https://c', host: d}\n"),
              std::vector<std::string>{"https://c:8500"});
}

TEST(Settings, ConsulVerifiesUnlessToldNotToWithoutAuthorities) {
    EXPECT_TRUE(store("consul: {url: 'https://c'}\n").seeds.tls.verify);
    EXPECT_FALSE(store("consul: {url: 'https://c', verify: 'off'}\n").seeds.tls.verify);
    EXPECT_TRUE(store("consul: {url: 'https://c', verify: no, cacert: /ca}\n").seeds.tls.verify);
    EXPECT_TRUE(store("consul: {host: c, verify: maybe}\n", Dialect::patronictl).seeds.tls.verify);
}

TEST(Settings, ZooKeeper) {
    auto read = store(
        "zookeeper:\n  hosts: [z1:2182, 'z2']\n  use_ssl: true\n  cacert: /ca\n  cert: /c\n"
        "  key: /k\n  key_password: pw\n  verify: false\n  auth_data: {digest: 'u:p'}\n"
        "  set_acls:\n    CN=admin: [ALL]\n    digest:u:x=: [READ, write]\n");
    const Seeds& seeds = read.seeds;
    EXPECT_EQ(seeds.kind, Seeds::Kind::zookeeper);
    ASSERT_EQ(seeds.endpoints.size(), 2U);
    EXPECT_EQ(seeds.endpoints[0].address.text(), "z1:2182");
    EXPECT_EQ(seeds.endpoints[1].address.text(), "z2:2181");
    EXPECT_TRUE(seeds.endpoints[1].tls);
    EXPECT_EQ(seeds.tls.ca_file, "/ca");
    EXPECT_EQ(seeds.tls.certificate_file, "/c");
    EXPECT_EQ(seeds.tls.key_file, "/k");
    EXPECT_EQ(seeds.tls.key_password.reveal(), "pw");
    EXPECT_FALSE(seeds.tls.verify);
    ASSERT_EQ(seeds.auth_data.size(), 1U);
    EXPECT_EQ(seeds.auth_data[0].first, "digest");
    EXPECT_EQ(seeds.auth_data[0].second.reveal(), "u:p");
    EXPECT_THAT(seeds.acl,
                ElementsAre(std::pair<std::string, std::string>{"x509:CN=admin", "rwcda"},
                            std::pair<std::string, std::string>{"digest:u:x=", "rw"}));
    read = store("zookeeper: {hosts: 'z1,z2:2181/patroni'}\n");
    EXPECT_EQ(read.seeds.chroot, "/patroni");
    EXPECT_EQ(read.seeds.endpoints.size(), 2U);
    EXPECT_TRUE(read.seeds.tls.verify);
    EXPECT_TRUE(store("zookeeper: {hosts: z, use_ssl: 'false'}\n", Dialect::patronictl)
                    .seeds.endpoints[0]
                    .tls)
        << "for Python a text is true";
}

TEST(Settings, ExhibitorInBothOfItsPlaces) {
    for (const auto* text : {"exhibitor: {hosts: [e1, e2], port: 8182, poll_interval: 60}\n",
                             "zookeeper: {exhibitor: {hosts: 'e1, e2', port: 8182, poll_interval: "
                             "60}}\n"}) {
        const auto read = store(text);
        EXPECT_EQ(read.seeds.kind, Seeds::Kind::zookeeper) << text;
        EXPECT_EQ(read.name, "exhibitor");
        EXPECT_EQ(read.place, "/etc/patroni.yml:1");
        EXPECT_THAT(read.seeds.endpoints, IsEmpty());
        ASSERT_EQ(read.seeds.exhibitors.size(), 2U);
        EXPECT_EQ(read.seeds.exhibitors[1].text(), "http://e2:8182");
        EXPECT_EQ(read.seeds.exhibitor_poll_interval.count(), 60);
    }
    EXPECT_EQ(store("exhibitor: {hosts: e}\n").seeds.exhibitors[0].text(), "http://e:8181");
    EXPECT_TRUE(store("exhibitor: {hosts: e, use_ssl: true}\n").seeds.exhibitor_names_tls);
}

TEST(Settings, AKeyThatNobodyReadsIsToldWithTheOneThatIsMeant) {
    EXPECT_THAT(
        store("etcd3:\n  host: h\n  user_name: u\n").warnings,
        ElementsAre("/etc/patroni.yml:3: etcd3.user_name is no key that is read here; did you "
                    "mean username?"));
    EXPECT_THAT(store("consul: {host: h, zzz: u}\n").warnings,
                ElementsAre(AllOf(HasSubstr("consul.zzz"), Not(HasSubstr("did you mean")))));
    EXPECT_EQ(store("zookeeper: {hosts: h, host: u}\n").warnings.size(), 1U);
}

TEST(Settings, TlsOfMembersComesFromCtlThenRestapi) {
    auto tls = members(
                   "ctl:\n  cacert: /ctl-ca\n  certfile: /c\n  keyfile: /k\n"
                   "  keyfile_password: pw\nrestapi: {cafile: /rest-ca, certfile: /server}\n")
                   .tls;
    EXPECT_EQ(tls.ca_file, "/ctl-ca");
    EXPECT_EQ(tls.certificate_file, "/c");
    EXPECT_EQ(tls.key_file, "/k");
    EXPECT_EQ(tls.key_password.reveal(), "pw");
    EXPECT_TRUE(tls.verify);
    tls = members("restapi: {cafile: /rest-ca, certfile: /server}\n").tls;
    EXPECT_EQ(tls.ca_file, "/rest-ca");
    EXPECT_EQ(tls.certificate_file, "") << "the server's certificate is not a client's";
    EXPECT_FALSE(members("ctl: {insecure: on}\n").tls.verify);
    EXPECT_TRUE(members("ctl: {insecure: false}\n").tls.verify);
    EXPECT_EQ(members("ctl: {cacert: /tmp}\n").tls.ca_directory, "/tmp");
}

TEST(Settings, InsecureWithACertificateAsInTheTableOfPatronictl) {
    const std::string certificate = "ctl: {certfile: /c, insecure: true}\n";
    auto tls = members(certificate, Dialect::patronictl).tls;
    EXPECT_TRUE(tls.verify);
    EXPECT_FALSE(tls.verify_name);
    EXPECT_FALSE(members(certificate).tls.verify) << "as patctl it means what it says";
    tls = members("ctl: {insecure: true}\n", Dialect::patronictl).tls;
    EXPECT_FALSE(tls.verify);
    tls = members("ctl: {certfile: /c}\n", Dialect::patronictl).tls;
    EXPECT_TRUE(tls.verify);
    EXPECT_TRUE(tls.verify_name);
    EXPECT_FALSE(members("ctl: {insecure: 'false'}\n", Dialect::patronictl).tls.verify)
        << "for Python a text is true";
}

TEST(Settings, UserOfMembersComesFromCtlThenRestapi) {
    auto auth = members(
                    "ctl: {authentication: {username: u, password: 'p:w'}}\n"
                    "restapi: {authentication: {username: r, password: s}}\n")
                    .auth;
    ASSERT_TRUE(auth);
    EXPECT_EQ(auth->user, "u");
    EXPECT_EQ(auth->password.reveal(), "p:w");
    EXPECT_EQ(auth->place, "/etc/patroni.yml:2");
    auth = members("restapi: {authentication: {username: r, password: 12}}\n").auth;
    ASSERT_TRUE(auth);
    EXPECT_EQ(auth->user, "r");
    EXPECT_EQ(auth->password.reveal(), "12");
    EXPECT_FALSE(members("restapi: {listen: '*:8008'}\n").auth);
}

TEST(Settings, Citus) {
    const auto citus = [](const std::string& text, Dialect dialect) {
        return made("etcd3: {host: h}\n" + text, config::cluster_settings, dialect);
    };
    for (const auto dialect : {Dialect::patctl, Dialect::patronictl}) {
        const auto read = citus("scope: c\ncitus: {group: 0, database: app}\n", dialect);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->citus_group, 0);
        EXPECT_EQ(read->citus_database, "app");
        EXPECT_EQ(read->scope, "c");
    }
    const std::string bad[] = {"citus: {group: '1', database: app}\n", "citus: {group: 1}\n",
                               "citus: {database: app}\n", "citus: x\n"};
    for (const auto& text : bad) {
        const auto dropped = citus(text, Dialect::patronictl);
        ASSERT_TRUE(dropped) << text;
        EXPECT_EQ(dropped->citus_group, std::nullopt);
        const auto told = citus(text, Dialect::patctl);
        ASSERT_FALSE(told) << text;
        EXPECT_EQ(told.error().endpoint, "/etc/patroni.yml:2");
        EXPECT_THAT(told.error().message, HasSubstr("citus"));
    }
}

TEST(Settings, TheFirstStoreInPatronisOrderIsTaken) {
    const std::string all =
        "zookeeper: {hosts: z}\nraft: {self_addr: r:1}\nkubernetes: {labels: {a: b}}\n"
        "exhibitor: {hosts: x}\netcd3: {host: b}\netcd: {host: a}\nconsul: {host: c}\n";
    std::string text = all;
    for (const std::string name : {"consul", "etcd", "etcd3", "exhibitor"}) {
        EXPECT_EQ(store(text).name, name);
        text.erase(text.find("\n" + name + ": ") + 1,
                   text.find('\n', text.find("\n" + name) + 1) - text.find("\n" + name));
    }
    EXPECT_THAT(to_line(try_store(text).error()), HasSubstr("kubernetes"));
}

TEST(Settings, AStoreThatCannotBeReadNamesItsLineAndTheWayOut) {
    for (const std::string name : {"kubernetes", "raft"}) {
        for (const auto dialect : {Dialect::patctl, Dialect::patronictl}) {
            const auto read =
                try_store("scope: demo\n\nrestapi:\n  connect_address: 10.0.0.7:8009\n" + name +
                              ":\n  host: h\n",
                          dialect);
            ASSERT_FALSE(read) << name;
            EXPECT_EQ(read.error().kind, ErrorKind::unsupported);
            EXPECT_EQ(read.error().endpoint, "/etc/patroni.yml:5");
            EXPECT_THAT(read.error().message, HasSubstr(name));
            EXPECT_THAT(read.error().message, HasSubstr("--api http://10.0.0.7:8009"));
            EXPECT_EQ(read.error().delivery, Delivery::not_sent);
        }
    }
    EXPECT_THAT(try_store("raft: {self_addr: 'a:2222', partner_addrs: ['b:2222', 'c:2222']}\n")
                    .error()
                    .message,
                HasSubstr("--api http://a:8008,b:8008,c:8008"));
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
    auto configuration = config::load_text(expected.text, "f.yml", Dialect::patctl);
    std::optional<Error> error;
    if (!configuration) {
        error = configuration.error();
    } else if (auto store = config::store_settings(*configuration); !store) {
        error = store.error();
    } else if (auto members = config::member_settings(*configuration); !members) {
        error = members.error();
    }
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind, expected.kind);
    EXPECT_THAT(error->endpoint, HasSubstr(expected.place));
    EXPECT_THAT(error->message, HasSubstr(expected.message));
    EXPECT_THAT(to_line(*error), Not(HasSubstr("hush")));
}

constexpr auto k_config = ErrorKind::config;

INSTANTIATE_TEST_SUITE_P(
    Table, BadSettings,
    ::testing::Values(
        BadRow{"no_store", "scope: demo\n", k_config, "f.yml", "names no store"},
        BadRow{"empty", "", k_config, "f.yml", "not a Patroni configuration"},
        BadRow{"a_list", "- a\n- b\n", k_config, "f.yml", "not a Patroni configuration"},
        BadRow{"no_yaml", "scope: [1\netcd3: x", k_config, "f.yml", ""},
        BadRow{"section_is_a_text", "scope: x\netcd3: h:2379\n", k_config, "f.yml:2",
               "etcd3: expected a section"},
        BadRow{"section_is_null", "scope: x\netcd3:\n", k_config, "f.yml:2",
               "etcd3: expected a section"},
        BadRow{"section_is_empty", "scope: x\netcd3: {}\n", k_config, "f.yml:2", "no endpoint"},
        BadRow{"scope_is_a_list", "scope: [x]\netcd3: {host: h}\n", k_config, "f.yml:1", "scope"},
        BadRow{"namespace_is_a_map", "namespace: {a: b}\netcd3: {host: h}\n", k_config, "f.yml:1",
               "namespace"},
        BadRow{"no_endpoint", "etcd3:\n  username: u\n", k_config, "f.yml:1", "no endpoint"},
        BadRow{"hosts_empty", "etcd3:\n  hosts: []\n", k_config, "f.yml", "no endpoint"},
        BadRow{"hosts_is_a_map", "etcd3:\n  hosts: {a: b}\n", k_config, "f.yml:2", "a list"},
        BadRow{"host_in_a_list", "etcd3:\n  hosts:\n  - a\n  - [b]\n", k_config, "f.yml:4",
               "etcd3.hosts[1]"},
        BadRow{"bad_port_in_hosts", "etcd3:\n  cert: x\n  hosts: ['h:99999']\n", k_config,
               "f.yml:3", "etcd3.hosts"},
        BadRow{"bad_port", "etcd3:\n  host: h\n  port: 0\n", k_config, "f.yml:3", "1 to 65535"},
        BadRow{"port_is_a_word", "etcd3:\n  host: h\n  port: http\n", k_config, "f.yml:3",
               "etcd3.port"},
        BadRow{"bad_protocol", "etcd3:\n  host: h\n  protocol: tls\n", k_config, "f.yml:3",
               "http or https"},
        BadRow{"bad_host", "etcd:\n  host: 'a b'\n", k_config, "f.yml:2", "etcd.host"},
        BadRow{"bad_url", "etcd:\n  url: 'http://u:hush@h:port'\n", k_config, "f.yml:2",
               "etcd.url"},
        BadRow{"bad_srv", "etcd3:\n  srv: 'a b'\n", k_config, "f.yml:2", "etcd3.srv"},
        BadRow{"password_is_a_map", "etcd3:\n  host: h\n  password: {hush: hush}\n", k_config,
               "f.yml:3", "etcd3.password"},
        BadRow{"bad_switch", "etcd3:\n  host: h\n  use_proxies: hush\n", k_config, "f.yml:3",
               "true or false"},
        BadRow{"key_without_certificate", "etcd3:\n  host: h\n  key: /k\n", k_config, "f.yml:3",
               "'cert' is missing"},
        BadRow{"consul_scheme", "consul:\n  host: h\n  scheme: tcp\n", k_config, "f.yml:3",
               "http or https"},
        BadRow{"consul_verify", "consul:\n  host: h\n  verify: hush\n", k_config, "f.yml:3",
               "true or false"},
        BadRow{"consul_consistency", "consul:\n  host: h\n  consistency: strong\n", k_config,
               "f.yml:3", "stale"},
        BadRow{"zookeeper_without_hosts", "zookeeper:\n  use_ssl: true\n", k_config, "f.yml:1",
               "no host"},
        BadRow{"zookeeper_chroot", "zookeeper:\n  hosts: a/x,b\n", k_config, "f.yml:2", "chroot"},
        BadRow{"zookeeper_acl", "zookeeper:\n  hosts: a\n  set_acls:\n    x: [RAED]\n", k_config,
               "f.yml:4", "READ, WRITE"},
        BadRow{"zookeeper_auth", "zookeeper:\n  hosts: a\n  auth_data: digest\n", k_config,
               "f.yml:3", "expected a map"},
        BadRow{"zookeeper_password_as_a_key",
               "zookeeper:\n  hosts: a\n  auth_data: {'digest:u:hush': }\n", k_config, "f.yml:3",
               "zookeeper.auth_data"},
        BadRow{"sasl", "zookeeper:\n  hosts: a\n  auth_data:\n    sasl: 'u:hush'\n",
               ErrorKind::unsupported, "f.yml:4", "SASL"},
        BadRow{"exhibitor_poll", "exhibitor:\n  hosts: a\n  poll_interval: never\n", k_config,
               "f.yml:3", "seconds"},
        BadRow{"half_a_login", "etcd3: {host: h}\nctl:\n  authentication:\n    username: u\n",
               k_config, "f.yml:3", "there is no 'password'"},
        BadRow{"null_password",
               "etcd3: {host: h}\nrestapi:\n  authentication:\n    username: u\n    password:\n",
               k_config, "f.yml:5", "restapi.authentication.password"},
        BadRow{"insecure_is_a_word", "etcd3: {host: h}\nctl:\n  insecure: perhaps\n", k_config,
               "f.yml:3", "ctl.insecure"},
        BadRow{"ctl_is_a_text", "etcd3: {host: h}\nctl: x\n", k_config, "f.yml:2",
               "ctl: expected a section"},
        BadRow{"parameters", "etcd3: {host: h}\npostgresql:\n  parameters: [a]\n", k_config,
               "f.yml:3", "postgresql.parameters"}),
    [](const auto& test) { return std::string(test.param.what); });

}  // namespace
}  // namespace patroni::testing
