// Where a command looks: conflicts, files, credentials, and that no secret is ever printed.
#include "base/base64.hpp"
#include "patctl/failure.hpp"
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
using Words = std::vector<std::string>;

/// A folder for files of one test.
class Source : public ::testing::Test {
protected:
    Source() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "patctl-source-XXXXXX").string();
        root_ = mkdtemp(pattern.data());
    }
    ~Source() override { std::filesystem::remove_all(root_); }

    std::string write(const std::string& name, const std::string& text) {
        std::filesystem::create_directories(
            std::filesystem::path(root_ + "/" + name).parent_path());
        std::ofstream(root_ + "/" + name) << text;
        return root_ + "/" + name;
    }

    std::string root_;
    /// An etcd without any key of Patroni, v2 API.
    ScriptedServer store_{[](const SeenRequest&) {
        return http_answer(404, R"({"errorCode":100,"message":"Key not found"})");
    }};

    /// The Authorization header of the store's first request.
    std::string credentials() {
        const auto requests = store_.requests();
        if (requests.empty()) {
            return "(not asked)";
        }
        const auto start = requests[0].head.find("Authorization: Basic ");
        if (start == std::string::npos) {
            return "";
        }
        const auto begin = start + 21;
        const auto end = requests[0].head.find("\r\n", begin);
        return decode_base64(requests[0].head.substr(begin, end - begin)).value_or("(bad)");
    }
};

TEST_F(Source, TwoOfThemConflict) {
    const Words all[] = {{"--registrator", "etcd://h/d"},
                         {"--etcd3", "h"},
                         {"--etcd", "h"},
                         {"--api", "h"},
                         {"--members", "h"},
                         {"-c", "f"}};
    for (const auto& one : all) {
        for (const auto& other : all) {
            if (&one >= &other) {
                continue;
            }
            const auto printed = patctl({"status", other[0], other[1], one[0], one[1]});
            EXPECT_EQ(printed.code, 2);
            EXPECT_THAT(printed.err, HasSubstr("two sources"));
        }
    }
}

TEST_F(Source, NoneAtAllSaysWhatWasLookedFor) {
    const auto printed =
        patctl({"discover"}, {.variables = {{"HOME", root_}}, .etc = root_ + "/etc"});
    EXPECT_EQ(printed.code, 2);
    EXPECT_THAT(
        printed.err,
        AllOf(HasSubstr("no source"), HasSubstr("--api"), HasSubstr("PATRONICTL_CONFIG_FILE"),
              HasSubstr(root_ + "/.config/patroni"), HasSubstr(root_ + "/etc/patroni.yml")));
}

TEST_F(Source, SeveralFilesAreListed) {
    write("etc/patroni/a.yml", "");
    write("etc/patroni/b.yml", "");
    const auto printed =
        patctl({"status"}, {.variables = {{"HOME", root_}}, .etc = root_ + "/etc"});
    EXPECT_EQ(printed.code, 2);
    EXPECT_THAT(printed.err, AllOf(HasSubstr("a.yml"), HasSubstr("b.yml"), HasSubstr("-c")));
}

TEST_F(Source, AFileNamesTheStoreTheScopeAndTheUser) {
    const auto file =
        write("p.yml", "scope: batman\nnamespace: db\netcd:\n  host: " + store_.text() +
                           "\n  username: u\n  password: pw\n");
    const auto printed = patctl({"discover", "-c", file});
    EXPECT_EQ(printed.code, 5) << printed.err;
    ASSERT_EQ(store_.requests().size(), 1U);
    EXPECT_EQ(store_.targets()[0], "/v2/keys/db/batman?recursive=true&quorum=true");
    EXPECT_EQ(credentials(), "u:pw");
}

TEST_F(Source, OptionsComeOverTheFile) {
    const auto file = write("p.yml", "scope: batman\netcd: {host: '" + store_.text() + "'}\n");
    patctl({"discover", "-c", file, "--namespace", "/other/", "robin"});
    EXPECT_THAT(store_.targets(),
                ::testing::ElementsAre("/v2/keys/other/robin?recursive=true&quorum=true"));
}

TEST_F(Source, AStoreThatIsNotInThisBuildOffersTheApi) {
    const auto file = write("p.yml", "scope: x\nraft: {self_addr: 'a:2222'}\n");
    const auto printed = patctl({"status", "-c", file});
    EXPECT_EQ(printed.code, 2);
    EXPECT_THAT(printed.err,
                AllOf(HasSubstr(file + ":2"), HasSubstr("raft"), HasSubstr("--api http://a:8008")));
}

TEST_F(Source, AFolderIsMergedAndTheEnvironmentComesOverIt) {
    write("d/a.yml", "scope: batman\nnamespace: db\netcd:\n  host: nowhere:1\n");
    write("d/b.yaml", "namespace:\n");
    const auto printed = patctl({"discover", "-c", root_ + "/d"},
                                {.variables = {{"PATRONI_ETCD_HOST", store_.text()}}});
    EXPECT_EQ(printed.code, 5) << printed.err;
    EXPECT_THAT(store_.targets(),
                ::testing::ElementsAre("/v2/keys/service/batman?recursive=true&quorum=true"));
}

TEST_F(Source, VariablesAloneAreASource) {
    patctl({"discover"}, {.variables = {{"HOME", root_},
                                        {"PATRONI_SCOPE", "batman"},
                                        {"PATRONI_ETCD_HOST", store_.text()}}});
    EXPECT_THAT(store_.targets(),
                ::testing::ElementsAre("/v2/keys/service/batman?recursive=true&quorum=true"));
}

TEST_F(Source, ADcsUrlReplacesTheStoreOfTheFile) {
    const auto file = write("p.yml", "scope: batman\netcd3: {host: 'nowhere:1'}\n");
    patctl({"discover", "-c", file, "-d", "etcd://" + store_.text() + "/db"});
    patctl({"discover", "--dcs-url", "etcd://u:pw@" + store_.text(), "robin"},
           {.variables = {{"HOME", root_}}});
    EXPECT_THAT(store_.targets(),
                ::testing::ElementsAre("/v2/keys/db/batman?recursive=true&quorum=true",
                                       "/v2/keys/service/robin?recursive=true&quorum=true"));
    const auto both = patctl({"discover", "--etcd3", "h", "-d", "etcd3://h"});
    EXPECT_EQ(both.code, 2);
    EXPECT_THAT(both.err, HasSubstr("two sources"));
}

TEST_F(Source, AStoreThatDnsDoesNotKnowIsToldAsOne) {
    const auto file = write("p.yml", "scope: x\netcd3: {srv: nosuch.invalid}\n");
    for (const auto* command : {"discover", "status", "doctor"}) {
        const auto printed = patctl({command, "-c", file, "--timeout", "1", "-f", "pretty"},
                                    {.err_is_terminal = true});
        EXPECT_EQ(printed.code, 5) << command;
        EXPECT_THAT(printed.out + printed.err, HasSubstr("SRV")) << command;
    }
}

TEST(ReportedFailure, OfTlsHasTheAdviceOfTheStore) {
    std::string told;
    ::patctl::Terminal terminal;
    terminal.err = [&](std::string_view text) { told += text; };
    Error error;
    error.kind = ErrorKind::tls;
    error.message = "unknown CA";
    EXPECT_EQ(::patctl::report_failure(error, terminal, "p.yml:2: add 'verify: false'"), 5);
    EXPECT_EQ(told, "patctl: tls: unknown CA\npatctl: p.yml:2: add 'verify: false'\n");
    told.clear();
    error.kind = ErrorKind::timeout;
    ::patctl::report_failure(error, terminal, "p.yml:2: add 'verify: false'");
    EXPECT_THAT(told, Not(HasSubstr("verify")));
}

TEST_F(Source, NamespaceIsForStores) {
    for (const auto& words : {Words{"status", "--api", "h", "--namespace", "n"},
                              Words{"status", "--members", "h", "--namespace", "n"},
                              Words{"status", "--registrator", "etcd://h/d", "--namespace", "n"}}) {
        const auto printed = patctl(words);
        EXPECT_EQ(printed.code, 2);
        EXPECT_THAT(printed.err, HasSubstr("--namespace"));
    }
}

TEST_F(Source, APasswordFileHoldsItInItsFirstLine) {
    for (const auto* text : {"p:w", "p:w\n", "p:w\r\n", "p:w\nsecond line\n"}) {
        ScriptedServer fresh([](const SeenRequest&) { return http_answer(404, "{}"); });
        const auto file = write("secret", text);
        patctl({"discover", "--etcd", fresh.text(), "--user", "u", "--password-file", file});
        ASSERT_EQ(fresh.requests().size(), 1U);
        EXPECT_THAT(fresh.requests()[0].head + "\r\n",
                    HasSubstr("Basic " + encode_base64("u:p:w") + "\r\n"));
    }
}

TEST_F(Source, APasswordFileMayBeStandardInput) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    ASSERT_EQ(::write(ends[1], "from-stdin\n", 11), 11);
    close(ends[1]);
    const int saved = dup(STDIN_FILENO);
    dup2(ends[0], STDIN_FILENO);
    patctl({"discover", "--etcd", store_.text(), "--user", "u", "--password-file", "-"});
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(ends[0]);
    EXPECT_EQ(credentials(), "u:from-stdin");
}

TEST_F(Source, APasswordCanBeTyped) {
    patctl({"discover", "--etcd", store_.text(), "--user", "u"}, {.typed_password = "typed"});
    EXPECT_EQ(credentials(), "u:typed");
}

TEST_F(Source, CredentialsThatDoNotFitTogetherAreRefused) {
    const auto empty = write("empty", "");
    const struct {
        Words more;
        const char* message;
    } table[] = {
        {{"--user", "u"}, "--password-file"},
        {{"--password-file", empty}, "--user"},
        {{"--user", "u", "--password-file", empty}, "no password"},
        {{"--user", "u", "--password-file", root_}, "no password"},
        {{"--user", "u", "--password-file", root_ + "/nosuch"}, "No such file"},
        {{"--key", empty}, "--cert"},
        {{"--cacert", root_ + "/nosuch"}, "--cacert"},
    };
    for (const auto& row : table) {
        Words words = {"discover", "--etcd", store_.text()};
        words.insert(words.end(), row.more.begin(), row.more.end());
        const auto printed = patctl(words);
        EXPECT_EQ(printed.code, 2) << printed.err;
        EXPECT_THAT(printed.err, HasSubstr(row.message));
    }
    EXPECT_EQ(store_.requests().size(), 0U) << "nobody is asked with wrong credentials";
}

TEST_F(Source, UserinfoWorksWarnsAndIsNeverPrinted) {
    const auto at = "@" + store_.text();
    const Words sources[] = {{"--etcd", "http://user:hush-hush" + at},
                             {"--etcd", "user:hush-hush" + at},
                             {"--etcd", "http://:hush-hush" + at},
                             {"--registrator", "etcd://user:hush-hush" + at + "/d-8008"},
                             {"--api", "http://user:hush-hush" + at},
                             {"--members", "http://user:hush-hush" + at}};
    for (const auto& source : sources) {
        for (const auto* command : {"discover", "status"}) {
            for (const auto* format : {"pretty", "tsv", "json", "yaml"}) {
                const auto printed = patctl({command, source[0], source[1], "-vv", "-f", format});
                EXPECT_THAT(printed.out + printed.err, Not(HasSubstr("hush"))) << source[1];
                EXPECT_THAT(printed.out + printed.err, Not(HasSubstr("aHVzaC1odXNo")));
                EXPECT_THAT(printed.err, HasSubstr("warning: a password in an argument"));
            }
            const auto hint = patctl({command, source[0], source[1], "-f", "pretty"});
            EXPECT_THAT(hint.out + hint.err, Not(HasSubstr("hush"))) << source[1];
        }
    }
    EXPECT_EQ(credentials(), "user:hush-hush");
}

TEST_F(Source, UserinfoIsNotPrintedEvenWhenItIsWrong) {
    for (const auto* text : {"http://u:hush-hush@h:99999", "u:hush-hush/x@h",
                             "etcd://u:hush-hush@h", "http://u:hush-hush@", "http://u:hush%zz@h"}) {
        for (const auto* option : {"--etcd", "--etcd3", "--api", "--members", "--registrator"}) {
            const auto printed = patctl({"status", option, text, "-vv"});
            EXPECT_EQ(printed.code, 2) << option << " " << text;
            EXPECT_THAT(printed.out + printed.err, Not(HasSubstr("hush"))) << option << " " << text;
        }
    }
}

TEST_F(Source, TheTraceIsForTwoV) {
    const Words once = {"discover", "--etcd", store_.text(), "-v"};
    EXPECT_THAT(patctl(once).err, Not(HasSubstr("trace: ")));
    auto twice = once;
    twice.push_back("-v");
    EXPECT_THAT(patctl(twice).err, AllOf(HasSubstr("trace: "), HasSubstr("/v2/keys/service")));
}

}  // namespace
}  // namespace patroni::testing
