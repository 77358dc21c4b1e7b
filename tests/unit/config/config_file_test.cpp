// Which file is read, and what is told when it cannot be.
#include "config/config_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace patroni::testing {
namespace {

namespace fs = std::filesystem;
using config::config_files;
using config::find_config_file;
using config::read_config_file;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

/// A folder of its own that stands for /etc and the home directory.
class ConfigFile : public ::testing::Test {
protected:
    ConfigFile() {
        std::string pattern = (fs::temp_directory_path() / "patroni-config-XXXXXX").string();
        root_ = mkdtemp(pattern.data());
        environment_.etc = root_ + "/etc";
        environment_.variable = [this](const std::string& name) -> std::optional<std::string> {
            const auto found = variables_.find(name);
            return found == variables_.end() ? std::nullopt : std::optional(found->second);
        };
        variables_["HOME"] = root_ + "/home";
    }
    ~ConfigFile() override { fs::remove_all(root_); }

    std::string write(const std::string& name, const std::string& text = "scope: x\n") {
        const fs::path path = fs::path(root_) / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text;
        return path.string();
    }

    Result<std::optional<std::string>> find() {
        looked_for_.clear();
        return find_config_file(environment_, looked_for_);
    }

    std::string root_;
    config::Environment environment_;
    std::map<std::string, std::string> variables_;
    std::vector<std::string> looked_for_;
};

TEST_F(ConfigFile, NothingAtAllTellsWhatWasLookedFor) {
    const auto found = find();
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, std::nullopt);
    EXPECT_THAT(looked_for_,
                ::testing::ElementsAre(HasSubstr("PATRONICTL_CONFIG_FILE"),
                                       root_ + "/home/.config/patroni/patronictl.yaml",
                                       root_ + "/etc/patroni/*.yml", root_ + "/etc/patroni.yml"));
}

TEST_F(ConfigFile, EachPlaceHidesTheLaterOnes) {
    const auto single = write("etc/patroni.yml");
    EXPECT_EQ(find().value(), single);
    const auto in_folder = write("etc/patroni/batman.yaml");
    EXPECT_EQ(find().value(), in_folder);
    const auto personal = write("home/.config/patroni/patronictl.yaml");
    EXPECT_EQ(find().value(), personal);
    variables_["XDG_CONFIG_HOME"] = root_ + "/xdg";
    EXPECT_EQ(find().value(), in_folder) << "XDG_CONFIG_HOME replaces ~/.config";
    const auto xdg = write("xdg/patroni/patronictl.yaml");
    EXPECT_EQ(find().value(), xdg);
    variables_["PATRONICTL_CONFIG_FILE"] = "/somewhere/else.yml";
    EXPECT_EQ(find().value(), "/somewhere/else.yml") << "a wrong name must be seen";
    variables_["PATRONICTL_CONFIG_FILE"] = "";
    EXPECT_EQ(find().value(), xdg) << "an empty variable is none";
}

TEST_F(ConfigFile, SeveralFilesAreListedAndNoneIsChosen) {
    const auto b = write("etc/patroni/b.yml");
    const auto a = write("etc/patroni/a.yaml");
    write("etc/patroni/notes.txt");
    const auto found = find();
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::config);
    EXPECT_THAT(found.error().message, AllOf(HasSubstr("-c " + a), HasSubstr("-c " + b)));
    EXPECT_LT(found.error().message.find(a), found.error().message.find(b));
    EXPECT_THAT(found.error().message, ::testing::Not(HasSubstr("notes.txt")));
}

TEST_F(ConfigFile, AFolderStandsForItsYamlFilesInTheOrderOfTheirBytes) {
    const auto b = write("d/b.yml");
    const auto upper = write("d/B.yaml");
    const auto hidden = write("d/.yml");
    const auto ten = write("d/10.yml");
    write("d/readme.md");
    write("d/b.yml.bak");
    write("d/folder.yml/inner.yml");
    EXPECT_EQ(config_files(root_ + "/d"), (std::vector{hidden, ten, upper, b}));
    EXPECT_EQ(config_files(b), std::vector{b});
    fs::create_directories(root_ + "/empty");
    EXPECT_TRUE(config_files(root_ + "/empty").empty());
}

TEST_F(ConfigFile, AMissingFileIsToldWithItsName) {
    std::string path = root_ + "/nosuch.yml";
    const auto text = read_config_file(path);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().kind, ErrorKind::config);
    EXPECT_EQ(text.error().endpoint, root_ + "/nosuch.yml");
    EXPECT_EQ(text.error().code, std::errc::no_such_file_or_directory);
    EXPECT_THAT(text.error().message, HasSubstr("No such file"));
}

TEST_F(ConfigFile, AFileWithoutEndIsNotReadToItsEnd) {
    std::string path = "/dev/zero";
    const auto text = read_config_file(path);
    ASSERT_FALSE(text);
    EXPECT_THAT(text.error().message, HasSubstr("16 MiB"));
}

/// What reading the file tells a user who is not root.
std::string told_to_nobody(std::string path) {
    int ends[2];
    if (pipe(ends) != 0) {
        return "no pipe";
    }
    const pid_t child = fork();
    if (child == 0) {
        constexpr uid_t k_nobody = 65534;
        if (setresgid(k_nobody, k_nobody, k_nobody) != 0 ||
            setresuid(k_nobody, k_nobody, k_nobody) != 0) {
            _exit(2);
        }
        const auto text = read_config_file(path);
        const std::string told =
            text ? "readable" : text.error().endpoint + "|" + text.error().message;
        const bool written = write(ends[1], told.data(), told.size()) > 0;
        _exit(written ? 0 : 3);
    }
    close(ends[1]);
    std::string told;
    char buffer[4096];
    ssize_t count = 0;
    while ((count = read(ends[0], buffer, sizeof buffer)) > 0) {
        told.append(buffer, static_cast<std::size_t>(count));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return told;
}

TEST_F(ConfigFile, AnUnreadableFileIsToldWithOwnerModeAndTheSudoThatHelps) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "only root can become somebody who may not read a file";
    }
    const auto path = write("private.yml");
    chmod(root_.c_str(), 0755);
    chmod(path.c_str(), 0600);
    auto told = told_to_nobody(path);
    EXPECT_THAT(told, AllOf(HasSubstr(path + "|"), HasSubstr("Permission denied"),
                            HasSubstr("owner root:root, mode 0600"),
                            HasSubstr("sudo patctl ... -c " + path)));
    constexpr uid_t k_daemon = 1;  // Every Linux has it.
    ASSERT_EQ(chown(path.c_str(), k_daemon, k_daemon), 0);
    told = told_to_nobody(path);
    EXPECT_THAT(told, AllOf(HasSubstr("owner daemon:daemon"), HasSubstr("sudo -u daemon patctl")));
    chmod(path.c_str(), 0644);
    EXPECT_EQ(told_to_nobody(path), "readable");
}

}  // namespace
}  // namespace patroni::testing
