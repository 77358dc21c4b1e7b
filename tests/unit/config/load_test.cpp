// What a configuration is made of files, variables and a URL, and where each value came from.
#include "config/load.hpp"

#include "config/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <unistd.h>

namespace patroni::testing {
namespace {

namespace fs = std::filesystem;
using config::Choices;
using config::Configuration;
using config::Dialect;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* k_no_file =
    " not existing or no read rights. Check the -c/--config-file parameter";

class Load : public ::testing::Test {
protected:
    Load() {
        std::string pattern = (fs::temp_directory_path() / "patroni-load-XXXXXX").string();
        root_ = mkdtemp(pattern.data());
        environment_.variable = [this](const std::string& name) -> std::optional<std::string> {
            const auto found = variables_.find(name);
            return found == variables_.end() ? std::nullopt : std::optional(found->second);
        };
        variables_["HOME"] = root_;
    }
    ~Load() override { fs::remove_all(root_); }

    std::string write(const std::string& name, const std::string& text) {
        const fs::path path = fs::path(root_) / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text;
        return path.string();
    }

    Result<Configuration> load(Choices choices = {}, Dialect dialect = Dialect::patronictl) {
        return dialect == Dialect::patronictl ? config::load_as_patronictl(choices, environment_)
                                              : config::load_for_patctl(choices, environment_);
    }

    Configuration loaded(Choices choices = {}, Dialect dialect = Dialect::patronictl) {
        auto result = load(std::move(choices), dialect);
        EXPECT_TRUE(result) << (result ? "" : to_line(result.error()));
        return result ? *std::move(result) : Configuration{};
    }

    /// A scalar as Python would write it, with where it was said: "2379 @ f.yml:3".
    std::string at(const Configuration& configuration, const char* path) {
        const Value* value = configuration.find(path);
        if (value == nullptr) {
            return "(none)";
        }
        const auto* text = value->if_string();
        const auto* number = value->if_int();
        const auto* truth = value->if_bool();
        const config::Place* place = configuration.place(path);
        std::string where = place != nullptr ? place->text() : "?";
        if (where.starts_with(root_ + "/")) {
            where.erase(0, root_.size() + 1);
        }
        return (text != nullptr     ? "'" + *text + "'"
                : number != nullptr ? std::to_string(*number)
                : truth != nullptr  ? std::string(*truth ? "true" : "false")
                                    : std::string("...")) +
               " @ " + where;
    }

    std::string root_;
    config::Environment environment_;
    std::map<std::string, std::string> variables_;
};

TEST_F(Load, TheVariableAndThenTheDefaultNameTheFile) {
    write(".config/patroni/patronictl.yaml", "scope: personal\n");
    const auto other = write("other.yml", "scope: other\n");
    const auto third = write("third.yml", "scope: third\n");
    EXPECT_EQ(at(loaded(), "scope"), "'personal' @ .config/patroni/patronictl.yaml:1");
    variables_["PATRONICTL_CONFIG_FILE"] = "";
    EXPECT_EQ(at(loaded(), "scope"), "'personal' @ .config/patroni/patronictl.yaml:1");
    variables_["PATRONICTL_CONFIG_FILE"] = other;
    EXPECT_EQ(at(loaded(), "scope"), "'other' @ other.yml:1");
    EXPECT_EQ(at(loaded({.path = third}), "scope"), "'third' @ third.yml:1");
    variables_.erase("PATRONICTL_CONFIG_FILE");
    variables_["XDG_CONFIG_HOME"] = root_ + "/xdg";
    EXPECT_EQ(at(loaded(), "scope"), "(none)") << "the default file may be missing";
}

TEST_F(Load, AMissingFileIsToldInPatronisWords) {
    const auto by_option = load({.path = "/nosuch/p.yml"});
    ASSERT_FALSE(by_option);
    EXPECT_EQ(to_line(by_option.error()),
              "Provided config file /nosuch/p.yml" + std::string(k_no_file));
    variables_["PATRONICTL_CONFIG_FILE"] = "/nosuch/q.yml";
    EXPECT_EQ(to_line(load().error()),
              "Provided config file /nosuch/q.yml" + std::string(k_no_file));
    EXPECT_TRUE(load({.path = root_ + "/.config/patroni/patronictl.yaml"}))
        << "the default one may be missing also when it is named";
    const auto ours = load({.path = "/nosuch/p.yml"}, Dialect::patctl);
    ASSERT_FALSE(ours);
    EXPECT_THAT(to_line(ours.error()), HasSubstr("/nosuch/p.yml: cannot be read: No such file"));
}

TEST_F(Load, FilesOfAFolderArePatchedInOrder) {
    write("d/10.yml", "scope: one\nnamespace: db\netcd3:\n  hosts: [a:1]\n  username: u\n");
    write("d/20.yaml",
          "scope: two\nnamespace:\netcd3:\n  username:\n  cacert: /ca\n  password:\nname: 5\n");
    write("d/30.yml", "name: '5'\nctl:\n  insecure:\n");
    const auto read = loaded({.path = root_ + "/d"});
    EXPECT_EQ(at(read, "scope"), "'two' @ d/20.yaml:1");
    EXPECT_EQ(at(read, "namespace"), "(none)");
    EXPECT_EQ(at(read, "etcd3.hosts[0]"), "'a:1' @ d/10.yml:4");
    EXPECT_EQ(at(read, "etcd3.username"), "(none)");
    EXPECT_EQ(at(read, "etcd3.cacert"), "'/ca' @ d/20.yaml:5");
    EXPECT_EQ(at(read, "name"), "5 @ d/20.yaml:7") << "Python writes both alike: the first stays";
    EXPECT_EQ(at(read, "ctl.insecure"), "... @ d/30.yml:3") << "a null in what is new stays one";
}

TEST_F(Load, AFolderWithoutFiles) {
    fs::create_directories(root_ + "/empty");
    EXPECT_TRUE(load({.path = root_ + "/empty"}));
    EXPECT_THAT(to_line(load({.path = root_ + "/empty"}, Dialect::patctl).error()),
                HasSubstr("no *.yml or *.yaml"));
}

TEST_F(Load, AWrongFileOfAFolderIsNamed) {
    write("d/a.yml", "scope: x\n");
    const auto bad = write("d/b.yml", "- x\n");
    for (const auto dialect : {Dialect::patctl, Dialect::patronictl}) {
        const auto read = load({.path = root_ + "/d"}, dialect);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().endpoint, bad);
    }
}

TEST_F(Load, VariablesComeOverTheFileKeyByKey) {
    const auto file = write("p.yml",
                            "scope: demo\nctl:\n  cacert: /ca\netcd3:\n  hosts: [a:1, b:2]\n"
                            "  port: 2379\n  protocol: http\n");
    variables_["PATRONI_SCOPE"] = "other";
    variables_["PATRONI_ETCD3_HOSTS"] = "c:3,d:4";
    variables_["PATRONI_ETCD3_PORT"] = "2379";
    variables_["PATRONI_CTL_INSECURE"] = "ON";
    const auto read = loaded({.path = file});
    EXPECT_EQ(at(read, "scope"), "'other' @ PATRONI_SCOPE");
    EXPECT_EQ(at(read, "etcd3.hosts[1]"), "'d:4' @ PATRONI_ETCD3_HOSTS");
    EXPECT_EQ(at(read, "etcd3.hosts[2]"), "(none)");
    EXPECT_EQ(at(read, "etcd3.protocol"), "'http' @ p.yml:7");
    EXPECT_EQ(at(read, "etcd3.port"), "2379 @ p.yml:6");
    EXPECT_EQ(at(read, "ctl.insecure"), "true @ PATRONI_CTL_INSECURE");
    EXPECT_EQ(at(read, "ctl.cacert"), "'/ca' @ p.yml:3");
}

TEST_F(Load, AVariableOfAStoreMakesItsSection) {
    variables_["PATRONI_ETCD3_HOST"] = "h:1";
    auto read = loaded();
    EXPECT_EQ(at(read, "etcd3.host"), "'h:1' @ PATRONI_ETCD3_HOST");
    EXPECT_EQ(config::store_settings(read)->place, "PATRONI_ETCD3_HOST");
    variables_["PATRONI_CONSUL_DC"] = "";
    EXPECT_EQ(at(loaded(), "consul.dc"), "'' @ PATRONI_CONSUL_DC") << "also when it is empty";
    variables_ = {{"PATRONI_ETCD_USERNAME", "u"}};
    EXPECT_EQ(loaded().find("etcd"), nullptr) << "a user alone makes none";
    variables_["PATRONI_ETCD3_HOST"] = "h:1";
    variables_["PATRONI_ETCD3_PASSWORD"] = "pw";
    read = loaded();
    EXPECT_EQ(read.find("etcd"), nullptr);
    EXPECT_EQ(at(read, "etcd3.password"), "'pw' @ PATRONI_ETCD3_PASSWORD");
}

TEST_F(Load, UserAndPasswordAreReadForASectionOfTheFile) {
    const auto file = write("p.yml", "etcd3: {host: h, username: f}\nconsul: {host: c}\n");
    variables_["PATRONI_ETCD3_USERNAME"] = "u";
    variables_["PATRONI_CONSUL_SCHEME"] = "https";
    const auto read = loaded({.path = file});
    EXPECT_EQ(at(read, "etcd3.username"), "'u' @ PATRONI_ETCD3_USERNAME");
    EXPECT_EQ(at(read, "consul.scheme"), "'https' @ PATRONI_CONSUL_SCHEME");
}

TEST_F(Load, AWholeConfigurationInAVariableStandsAlone) {
    variables_["PATRONI_CONFIGURATION"] = "scope: demo\netcd3: {host: 'h:1'}\n";
    variables_["PATRONI_SCOPE"] = "other";
    for (const auto dialect : {Dialect::patctl, Dialect::patronictl}) {
        const auto read = loaded({}, dialect);
        EXPECT_EQ(at(read, "scope"), "'demo' @ PATRONI_CONFIGURATION");
        EXPECT_EQ(at(read, "etcd3.host"), "'h:1' @ PATRONI_CONFIGURATION");
    }
    const auto file = write("p.yml", "name: x\n");
    EXPECT_EQ(at(loaded({.path = file}), "scope"), "'other' @ PATRONI_SCOPE");
    variables_["PATRONI_CONFIGURATION"] = "{}";
    EXPECT_EQ(at(loaded(), "scope"), "'other' @ PATRONI_SCOPE");
    variables_["PATRONI_CONFIGURATION"] = "[a]";
    EXPECT_EQ(load().error().endpoint, "PATRONI_CONFIGURATION");
}

TEST_F(Load, WhatIsInEffect) {
    const auto file = write("p.yml",
                            "ttl: 60\nloop_wait: 1\nretry_timeout: 2\nnamespace: ''\nscope: 0\n"
                            "tags: []\nctl:\n  authentication: {username: u, password: 7}\n");
    const auto read = loaded({.path = file});
    EXPECT_EQ(*read.find("ttl"), Value(30));
    EXPECT_EQ(*read.find("loop_wait"), Value(10));
    EXPECT_EQ(*read.find("retry_timeout"), Value(10));
    for (const auto* key : {"namespace", "scope", "tags"}) {
        EXPECT_EQ(*read.find(key), Value::object()) << key;
    }
    EXPECT_EQ(at(read, "ctl.auth"), "'u:7' @ p.yml:8");
    EXPECT_EQ(config::cluster_settings(read)->name_space, "service");
}

TEST_F(Load, HalfALoginIsAnErrorForBoth) {
    const auto file = write("p.yml", "ctl:\n  authentication: {username: u}\n");
    for (const auto dialect : {Dialect::patctl, Dialect::patronictl}) {
        const auto read = load({.path = file}, dialect);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().endpoint, file + ":2");
    }
    variables_["PATRONI_CTL_PASSWORD"] = "completed";
    EXPECT_EQ(at(loaded({.path = file}), "ctl.auth"), "'u:completed' @ p.yml:2");
}

TEST_F(Load, AUrlReplacesEverySectionThatAUrlCanName) {
    const auto file = write("p.yml",
                            "namespace: db\netcd: {host: a, username: u, cacert: /ca}\n"
                            "consul: {host: c}\nraft: {self_addr: 'r:1'}\n");
    variables_["PATRONI_ETCD3_CACERT"] = "/ca";
    auto read = loaded({.path = file, .dcs_url = "etcd3://H:1/x/"});
    EXPECT_EQ(at(read, "etcd3.host"), "'h:1' @ --dcs-url");
    EXPECT_EQ(at(read, "namespace"), "'/x/' @ --dcs-url");
    for (const auto* gone : {"etcd", "consul", "etcd3.cacert"}) {
        EXPECT_EQ(read.find(gone), nullptr) << gone;
    }
    EXPECT_NE(read.find("raft"), nullptr);
    variables_["DCS_URL"] = "consul://c2";
    read = loaded({.path = file});
    EXPECT_EQ(at(read, "consul.host"), "'c2:8500' @ DCS_URL");
    EXPECT_EQ(at(read, "namespace"), "'db' @ p.yml:1");
    read = loaded({.path = file, .dcs_url = "etcd://e"});
    EXPECT_EQ(at(read, "etcd.host"), "'e:2379' @ --dcs-url");
    EXPECT_EQ(read.find("consul"), nullptr);
    variables_["DCS_URL"] = "";
    EXPECT_EQ(at(loaded({.path = file}), "consul.host"), "'c' @ p.yml:3");
}

TEST_F(Load, InsecureIsSwitchedOnAndNeverOff) {
    const auto file = write("p.yml", "ctl: {insecure: true}\n");
    EXPECT_EQ(at(loaded({.path = file}), "ctl.insecure"), "true @ p.yml:1");
    EXPECT_EQ(at(loaded({.insecure = true}), "ctl.insecure"), "true @ --insecure");
}

TEST_F(Load, WithoutAStoreThePatronisTextIsThere) {
    EXPECT_EQ(to_line(config::store_settings(loaded()).error()),
              "Can not find suitable configuration of distributed configuration store\n"
              "Available implementations: consul, etcd, etcd3, exhibitor, kubernetes, raft, "
              "zookeeper");
}

TEST_F(Load, PlacesNameTheSurroundingsOfWhatHasNone) {
    const auto file = write("p.yml", "etcd3:\n  hosts: [a]\n");
    const auto read = loaded({.path = file});
    EXPECT_EQ(read.place("etcd3.hosts[7]")->text(), file + ":2");
    EXPECT_EQ(read.place("etcd3.zzz.y")->text(), file + ":1");
    EXPECT_EQ(read.place("zzz")->text(), file);
    EXPECT_EQ(to_line(read.wrong("etcd3.hosts", "no")), file + ":2: etcd3.hosts: no");
}

}  // namespace
}  // namespace patroni::testing
