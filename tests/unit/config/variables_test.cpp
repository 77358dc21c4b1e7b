// Every PATRONI_* variable that a client needs: the key it goes to, and its type.
#include "config/variables.hpp"

#include "codec/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace patroni::testing {
namespace {

using config::Dialect;
using config::Environment;
using config::read_variables;

Environment environment(std::map<std::string, std::string> variables) {
    Environment result;
    result.variable =
        [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    return result;
}

struct Row {
    const char* name;
    const char* text;
    const char* json;  ///< The whole configuration.
};

class Variables : public ::testing::TestWithParam<Row> {};

TEST_P(Variables, GoToTheirKeys) {
    const auto& row = GetParam();
    for (const auto dialect : {Dialect::patctl, Dialect::patronictl}) {
        const auto layer = read_variables(environment({{row.name, row.text}}), dialect);
        ASSERT_TRUE(layer) << to_line(layer.error());
        EXPECT_EQ(codec::to_json(layer->value), row.json);
        if (!layer->value.if_object()->empty()) {
            ASSERT_FALSE(layer->places.empty());
            for (const auto& [path, place] : layer->places) {
                EXPECT_EQ(place.text(), row.name) << path;
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Variables,
    ::testing::Values(
        Row{"PATRONI_NAME", "n", R"({"name":"n"})"},
        Row{"PATRONI_NAMESPACE", "/db/", R"({"namespace":"/db/"})"},
        Row{"PATRONI_SCOPE", "s", R"({"scope":"s"})"}, Row{"PATRONI_SCOPE", "", "{}"},
        Row{"PATRONI_CTL_INSECURE", "Yes", R"({"ctl":{"insecure":true}})"},
        Row{"PATRONI_CTL_INSECURE", "0", R"({"ctl":{"insecure":false}})"},
        Row{"PATRONI_CTL_CACERT", "/ca", R"({"ctl":{"cacert":"/ca"}})"},
        Row{"PATRONI_CTL_CACERT", "", "{}"},
        Row{"PATRONI_CTL_CERTFILE", "/c", R"({"ctl":{"certfile":"/c"}})"},
        Row{"PATRONI_CTL_KEYFILE", "/k", R"({"ctl":{"keyfile":"/k"}})"},
        Row{"PATRONI_CTL_KEYFILE_PASSWORD", "1", R"({"ctl":{"keyfile_password":"1"}})"},
        Row{"PATRONI_CTL_USERNAME", "u", R"({"ctl":{"authentication":{"username":"u"}}})"},
        Row{"PATRONI_CTL_PASSWORD", "p", R"({"ctl":{"authentication":{"password":"p"}}})"},
        Row{"PATRONI_RESTAPI_USERNAME", "u", R"({"restapi":{"authentication":{"username":"u"}}})"},
        Row{"PATRONI_RESTAPI_CAFILE", "/ca", R"({"restapi":{"cafile":"/ca"}})"},
        Row{"PATRONI_RESTAPI_CONNECT_ADDRESS", "h:1", R"({"restapi":{"connect_address":"h:1"}})"},
        Row{"PATRONI_CITUS_GROUP", "3", R"({"citus":{"group":3}})"},
        Row{"PATRONI_CITUS_DATABASE", "d", R"({"citus":{"database":"d"}})"},
        Row{"PATRONI_ETCD_HOST", "h:1", R"({"etcd":{"host":"h:1"}})"},
        Row{"PATRONI_ETCD_HOST", "", R"({"etcd":{"host":""}})"},
        Row{"PATRONI_ETCD3_HOSTS", "a:1,b:2", R"({"etcd3":{"hosts":["a:1","b:2"]}})"},
        Row{"PATRONI_ETCD3_HOSTS", "['a:1', b]", R"({"etcd3":{"hosts":["a:1","b"]}})"},
        Row{"PATRONI_ETCD3_HOSTS", "- a\n- b\n", R"({"etcd3":{"hosts":["a","b"]}})"},
        Row{"PATRONI_ETCD3_HOSTS", "", R"({"etcd3":{"hosts":""}})"},
        Row{"PATRONI_ETCD3_PORT", "2379", R"({"etcd3":{"port":2379}})"},
        Row{"PATRONI_ETCD3_PORT", " 0x10 ", R"({"etcd3":{"port":16}})"},
        Row{"PATRONI_ETCD3_PORT", "010", R"({"etcd3":{"port":8}})"},
        Row{"PATRONI_ETCD3_URL", "http://h", R"({"etcd3":{"url":"http://h"}})"},
        Row{"PATRONI_ETCD3_PROXY", "http://h", R"({"etcd3":{"proxy":"http://h"}})"},
        Row{"PATRONI_ETCD3_USE_PROXIES", "on", R"({"etcd3":{"use_proxies":true}})"},
        Row{"PATRONI_ETCD3_PROTOCOL", "https", R"({"etcd3":{"protocol":"https"}})"},
        Row{"PATRONI_ETCD3_SRV", "d", R"({"etcd3":{"srv":"d"}})"},
        Row{"PATRONI_ETCD3_SRV_SUFFIX", "s", R"({"etcd3":{"srv_suffix":"s"}})"},
        Row{"PATRONI_ETCD3_CACERT", "/ca", R"({"etcd3":{"cacert":"/ca"}})"},
        Row{"PATRONI_ETCD3_CERT", "/c", R"({"etcd3":{"cert":"/c"}})"},
        Row{"PATRONI_ETCD3_KEY", "/k", R"({"etcd3":{"key":"/k"}})"},
        Row{"PATRONI_ETCD3_USERNAME", "u", "{}"},  // Not without another one: add_to_sections.
        Row{"PATRONI_CONSUL_TOKEN", "t", R"({"consul":{"token":"t"}})"},
        Row{"PATRONI_CONSUL_VERIFY", "false", R"({"consul":{"verify":false}})"},
        Row{"PATRONI_CONSUL_DC", "d", R"({"consul":{"dc":"d"}})"},
        Row{"PATRONI_CONSUL_CONSISTENCY", "c", R"({"consul":{"consistency":"c"}})"},
        Row{"PATRONI_CONSUL_CHECKS", "a,b", R"({"consul":{"checks":["a","b"]}})"},
        Row{"PATRONI_CONSUL_SERVICE_TAGS", "a", R"({"consul":{"service_tags":["a"]}})"},
        Row{"PATRONI_CONSUL_SCHEME", "https", "{}"},
        Row{"PATRONI_ZOOKEEPER_HOSTS", "a,b", R"({"zookeeper":{"hosts":["a","b"]}})"},
        Row{"PATRONI_ZOOKEEPER_USE_SSL", "false", R"({"zookeeper":{"use_ssl":"false"}})"},
        Row{"PATRONI_ZOOKEEPER_VERIFY", "off", R"({"zookeeper":{"verify":false}})"},
        Row{"PATRONI_ZOOKEEPER_KEY_PASSWORD", "p", R"({"zookeeper":{"key_password":"p"}})"},
        Row{"PATRONI_ZOOKEEPER_SET_ACLS", "CN=a: [ALL]",
            R"({"zookeeper":{"set_acls":{"CN=a":["ALL"]}}})"},
        Row{"PATRONI_ZOOKEEPER_AUTH_DATA", "{digest: 'u:p'}",
            R"({"zookeeper":{"auth_data":{"digest":"u:p"}}})"},
        Row{"PATRONI_EXHIBITOR_HOSTS", "a", R"({"exhibitor":{"hosts":["a"]}})"},
        Row{"PATRONI_EXHIBITOR_PORT", "8181", R"({"exhibitor":{"port":8181}})"},
        Row{"PATRONI_KUBERNETES_LABELS", "a: b", R"({"kubernetes":{"labels":{"a":"b"}}})"},
        Row{"PATRONI_KUBERNETES_USE_ENDPOINTS", "1", R"({"kubernetes":{"use_endpoints":true}})"},
        Row{"PATRONI_RAFT_SELF_ADDR", "a:1", R"({"raft":{"self_addr":"a:1"}})"},
        Row{"PATRONI_RAFT_PARTNER_ADDRS", "b:1,c:1", R"({"raft":{"partner_addrs":["b:1","c:1"]}})"},
        Row{"PATRONI_UNKNOWN_HOST", "h", "{}"}, Row{"PATRONI_ETCD3_NOSUCH", "h", "{}"}));

TEST(WrongVariables, ArePassedOverByPatroniAndToldByPatctl) {
    const std::pair<const char*, const char*> table[] = {
        {"PATRONI_ETCD3_PORT", "http"},        {"PATRONI_ETCD3_PORT", "0x"},
        {"PATRONI_ETCD3_PORT", "--1"},         {"PATRONI_ETCD3_HOSTS", "[a"},
        {"PATRONI_ETCD3_USE_PROXIES", "hush"}, {"PATRONI_ZOOKEEPER_AUTH_DATA", "{a"},
        {"PATRONI_CTL_INSECURE", "hush"},      {"PATRONI_CITUS_GROUP", "one"},
    };
    for (const auto& [name, text] : table) {
        const auto variables = environment({{name, text}});
        const auto passed = read_variables(variables, Dialect::patronictl);
        ASSERT_TRUE(passed);
        EXPECT_EQ(codec::to_json(passed->value), "{}") << name;
        const auto told = read_variables(variables, Dialect::patctl);
        ASSERT_FALSE(told) << name;
        EXPECT_EQ(told.error().kind, ErrorKind::config);
        EXPECT_EQ(told.error().endpoint, name);
        EXPECT_THAT(told.error().message, ::testing::StartsWith("expected "));
        EXPECT_THAT(to_line(told.error()), ::testing::Not(::testing::HasSubstr("hush")));
    }
}

}  // namespace
}  // namespace patroni::testing
