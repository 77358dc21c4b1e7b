// What doctor says of the most repeated first failures, and what each value comes from.
#include "base/base64.hpp"
#include "codec/json.hpp"
#include "support/scripted_server.hpp"
#include "unit/patctl/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace patroni::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string key_value(const std::string& key, const std::string& value) {
    return R"({"key":")" + encode_base64(key) + R"(","value":")" + encode_base64(value) +
           R"(","mod_revision":"3"})";
}

/// A member of 4.1 that leads.
std::optional<std::string> primary(const SeenRequest&) {
    return python_answer(
        200, R"({"state":"running","role":"primary","server_version":150000,"timeline":1,)"
             R"("xlog":{"location":100},"database_system_identifier":"7",)"
             R"("patroni":{"version":"4.1.5","scope":"batman","name":"pg1"}})");
}

class Doctor : public ::testing::Test {
protected:
    Doctor() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "patctl-doctor-XXXXXX").string();
        root_ = mkdtemp(pattern.data());
    }
    ~Doctor() override { std::filesystem::remove_all(root_); }

    std::string write(const std::string& name, const std::string& text) {
        std::ofstream(root_ + "/" + name) << text;
        return root_ + "/" + name;
    }

    /// What an etcd with the cluster batman, and with that alone, answers.
    std::optional<std::string> etcd(const SeenRequest& request) const {
        if (request.target == "/version") {
            return http_answer(200, R"({"etcdserver":"3.5.1","etcdcluster":"3.5.0"})");
        }
        if (request.target.starts_with("/v2/")) {
            return http_answer(404, "404 page not found");
        }
        const auto body = codec::parse_json(request.body);
        const Value* key = body ? body->find("key") : nullptr;
        const auto prefix = key != nullptr && key->if_string() != nullptr
                                ? decode_base64(*key->if_string()).value_or("")
                                : std::string();
        const std::string header = R"({"header":{"cluster_id":"77","revision":"5"})";
        if (!std::string("/service/batman/").starts_with(prefix)) {
            return http_answer(200, header + "}");
        }
        const std::string member =
            R"({"conn_url":"postgres://10.0.0.1:5432/postgres","api_url":")" + member_url_ +
            R"(/patroni","state":"running","role":"primary"})";
        return http_answer(200, header + R"(,"kvs":[)" +
                                    key_value("/service/batman/initialize", "7") + "," +
                                    key_value("/service/batman/leader", "pg1") + "," +
                                    key_value("/service/batman/members/pg1", member) + "]}");
    }

    std::string root_;
    ScriptedServer member_{primary};
    std::string member_url_ = "http://" + member_.text();
    ScriptedServer store_{[this](const SeenRequest& request) { return etcd(request); }};
};

TEST_F(Doctor, AllIsWellAndEveryValueHasItsPlace) {
    const auto file = write("p.yml", "scope: batman\netcd3:\n  hosts: ['" + store_.text() +
                                         "']\n  password: hush\nctl:\n  authentication:\n"
                                         "    username: admin\n    password: hush\n");
    const auto printed = patctl({"doctor", "-c", file, "-f", "pretty"},
                                {.variables = {{"PATRONI_CTL_CACERT", "/ca.pem"}}});
    EXPECT_EQ(printed.code, 0) << printed.out << printed.err;
    EXPECT_THAT(printed.out,
                AllOf(HasSubstr("ok   http://" + store_.text() + "  etcd 3.5.1, cluster id 77"),
                      HasSubstr("ok   batman"), HasSubstr("ok   pg1  " + member_url_ + "  primary"),
                      HasSubstr("Patroni 4.1.5"), HasSubstr("OK  everything answers")));
    EXPECT_THAT(printed.out,
                AllOf(HasSubstr(file + ":3"), HasSubstr("ctl.authentication.username"),
                      HasSubstr("admin"), HasSubstr("PATRONI_CTL_CACERT"), HasSubstr("(set)")));
    EXPECT_THAT(printed.out + printed.err, Not(HasSubstr("hush")));
}

TEST_F(Doctor, AWrongScopeGetsTheNamesThatThereAre) {
    const auto printed = patctl({"doctor", "--etcd3", store_.text(), "robin", "-f", "pretty"});
    EXPECT_EQ(printed.code, 5) << printed.out;
    EXPECT_THAT(printed.out, AllOf(HasSubstr("FAIL robin"), HasSubstr("there is: batman"),
                                   HasSubstr("-> is it one of these?")));
}

TEST_F(Doctor, AWrongNamespaceIsToldAsOne) {
    const auto printed =
        patctl({"doctor", "--etcd3", store_.text(), "--namespace", "db", "batman", "-f", "pretty"});
    EXPECT_EQ(printed.code, 5) << printed.out;
    EXPECT_THAT(printed.out, AllOf(HasSubstr("namespace db"),
                                   HasSubstr("'namespace' must be that of the members")));
}

TEST_F(Doctor, TheOtherApiOfEtcdIsLookedAt) {
    ScriptedServer both([this](const SeenRequest& request) -> std::optional<std::string> {
        return request.target.starts_with("/v2/")
                   ? http_answer(404, R"({"errorCode":100,"message":"Key not found"})")
                   : etcd(request);
    });
    const auto printed = patctl({"doctor", "--etcd", both.text(), "batman", "-f", "pretty"});
    EXPECT_EQ(printed.code, 5) << printed.out;
    EXPECT_THAT(printed.out, HasSubstr("use the section etcd3"));
}

TEST_F(Doctor, WithoutTheV2ApiItSaysWhichToUse) {
    const auto file = write("p.yml", "scope: batman\netcd: {host: '" + store_.text() + "'}\n");
    const auto printed = patctl({"doctor", "-c", file, "-f", "pretty"});
    EXPECT_EQ(printed.code, 5) << printed.out;
    EXPECT_THAT(printed.out,
                AllOf(HasSubstr("FAIL"), HasSubstr("answer: "),
                      HasSubstr("name the section etcd3 instead of etcd (" + file + ":2)")));
}

TEST_F(Doctor, AMemberThatIsNotReachedIsPartly) {
    member_url_ = "http://127.0.0.1:1";
    const auto file = write("p.yml", "scope: batman\netcd3: {host: '" + store_.text() + "'}\n");
    const auto printed = patctl({"doctor", "-c", file, "-f", "json"});
    EXPECT_EQ(printed.code, 5) << "no member answers";
    const auto document = codec::parse_json(printed.out);
    ASSERT_TRUE(document) << printed.out;
    EXPECT_EQ(*document->find("format"), Value("patroni.doctor/1"));
    EXPECT_EQ(*document->find("healthy"), Value(false));
    const auto& members = *document->find("members")->if_array();
    ASSERT_EQ(members.size(), 1U);
    EXPECT_EQ(*members[0].find("error"), Value("connect_refused"));
    EXPECT_THAT(*members[0].find("advice")->if_string(), HasSubstr("restapi.connect_address"));
    EXPECT_EQ(*document->find("scope")->find("found"), Value(true));
}

TEST_F(Doctor, EndpointsOfTwoClustersAreRefused) {
    ScriptedServer foreign([this](const SeenRequest& request) {
        auto answer = etcd(request);
        const auto id = answer->find(R"("cluster_id":"77")");
        return id == std::string::npos ? answer : std::optional(answer->replace(id + 14, 2, "78"));
    });
    const auto printed =
        patctl({"doctor", "--etcd3", store_.text() + "," + foreign.text(), "batman", "-f", "tsv"});
    EXPECT_EQ(printed.code, 3) << printed.out;
    EXPECT_THAT(printed.out,
                AllOf(HasSubstr("2 different etcd clusters"), HasSubstr("cluster id 78")));
}

TEST_F(Doctor, ADeadStoreIsTheEndOfTheExamination) {
    for (const auto* format : {"pretty", "tsv", "json", "yaml"}) {
        const auto printed =
            patctl({"doctor", "--etcd3", "127.0.0.1:1", "batman", "--timeout", "1", "-f", format});
        EXPECT_EQ(printed.code, 5) << printed.out;
        EXPECT_THAT(printed.out, HasSubstr("2379")) << "the port that it could have been";
        EXPECT_THAT(printed.out, Not(HasSubstr("api_url\": \"http")));
    }
}

TEST_F(Doctor, MembersAloneAreASource) {
    const auto printed = patctl({"doctor", "--members", member_.text(), "-f", "pretty"});
    EXPECT_EQ(printed.code, 0) << printed.out;
    EXPECT_THAT(printed.out, AllOf(HasSubstr("pg1"), Not(HasSubstr("Store ("))));
}

TEST_F(Doctor, AWrongConfigurationIsToldBeforeAnybodyIsAsked) {
    const auto file = write("p.yml", "scope: x\netcd3:\n  hosts: [h]\n  port: http\n");
    const auto printed = patctl({"doctor", "-c", file});
    EXPECT_EQ(printed.code, 2);
    EXPECT_THAT(printed.err, HasSubstr(file + ":4: etcd3.port: expected a port"));
}

}  // namespace
}  // namespace patroni::testing
