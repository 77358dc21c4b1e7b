// The command line as a table of options.
#include "patctl/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace patroni::testing {
namespace {

using ::patctl::Format;
using ::patctl::Options;
using ::patctl::parse_options;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

struct GoodRow {
    Words words;
    std::function<bool(const Options&)> holds;
};

TEST(Options, AreTakenInEveryForm) {
    const GoodRow table[] = {
        {{}, [](const Options& o) { return !o.scope && o.timeout == milliseconds(2500); }},
        {{"batman"}, [](const Options& o) { return o.scope == "batman"; }},
        {{"-f", "json"}, [](const Options& o) { return o.format == Format::json; }},
        {{"-fjson"}, [](const Options& o) { return o.format == Format::json; }},
        {{"--format", "tsv"}, [](const Options& o) { return o.format == Format::tsv; }},
        {{"--format=yaml"}, [](const Options& o) { return o.format == Format::yaml; }},
        {{"--format=pretty"}, [](const Options& o) { return o.format == Format::pretty; }},
        {{"-fjson", "-ftsv"}, [](const Options& o) { return o.format == Format::tsv; }},
        {{"-v"}, [](const Options& o) { return o.verbosity == 1; }},
        {{"-vv"}, [](const Options& o) { return o.verbosity == 2; }},
        {{"-v", "--verbose"}, [](const Options& o) { return o.verbosity == 2; }},
        {{"-vfjson"},
         [](const Options& o) { return o.verbosity == 1 && o.format == Format::json; }},
        {{"-vf", "json", "x"},
         [](const Options& o) { return o.format == Format::json && o.scope == "x"; }},
        {{"-c", "a.yml"}, [](const Options& o) { return o.config_file == "a.yml"; }},
        {{"-ca.yml"}, [](const Options& o) { return o.config_file == "a.yml"; }},
        {{"--config-file=a=b"}, [](const Options& o) { return o.config_file == "a=b"; }},
        {{"x", "--api", "h:1"}, [](const Options& o) { return o.scope == "x" && o.api == "h:1"; }},
        {{"--", "-x"}, [](const Options& o) { return o.scope == "-x"; }},
        {{"-"}, [](const Options& o) { return o.scope == "-"; }},
        {{"--check"}, [](const Options& o) { return o.check; }},
        {{"--insecure"}, [](const Options& o) { return o.insecure; }},
        {{"-h"}, [](const Options& o) { return o.help; }},
        {{"--timeout", "1"}, [](const Options& o) { return o.timeout == milliseconds(1000); }},
        {{"--timeout", "0.5s"}, [](const Options& o) { return o.timeout == milliseconds(500); }},
        {{"--timeout", "800ms"}, [](const Options& o) { return o.timeout == milliseconds(800); }},
        {{"--timeout", "600"}, [](const Options& o) { return o.timeout == milliseconds(600000); }},
        {{"--etcd", "a", "--namespace", "n", "--user", "u", "--password-file", "-"},
         [](const Options& o) {
             return o.etcd2 == "a" && o.name_space == "n" && o.user == "u" &&
                    o.password_file == "-";
         }},
        {{"--etcd3", "a", "--cacert", "ca", "--cert", "c", "--key", "k"},
         [](const Options& o) {
             return o.etcd3 == "a" && o.ca_file == "ca" && o.certificate_file == "c" &&
                    o.key_file == "k";
         }},
        {{"--registrator", "r"}, [](const Options& o) { return o.registrator == "r"; }},
        {{"--members", "m"}, [](const Options& o) { return o.members == "m"; }},
    };
    for (const auto& row : table) {
        const auto options = parse_options("status", row.words);
        ASSERT_TRUE(options) << options.error().message;
        EXPECT_TRUE(row.holds(*options)) << ::testing::PrintToString(row.words);
    }
}

TEST(Options, WhatIsWrongIsSaidWithWhatWasMeant) {
    const struct {
        Words words;
        const char* message;
    } table[] = {
        {{"--fromat", "json"}, "no such option: --fromat; did you mean --format?"},
        {{"--etdc3", "h"}, "did you mean --etcd3?"},
        {{"--memebrs=x"}, "did you mean --members?"},
        {{"--utterly-different"}, "no such option: --utterly-different"},
        {{"-x"}, "no such option: -x"},
        {{"-vx"}, "no such option: -x"},
        {{"-f"}, "--format needs a value: --format FORMAT"},
        {{"--api"}, "--api needs a value: --api URLS"},
        {{"--api="}, "--api: needs a value"},
        {{"-f", "xml"}, "unknown format \"xml\"; one of pretty, tsv, json, yaml"},
        {{"-f", "JSON"}, "unknown format"},
        {{"--check=1"}, "--check takes no value"},
        {{"a", "b"}, "only one SCOPE"},
        {{""}, "the SCOPE is empty"},
        {{"--timeout", "0"}, "--timeout: expected seconds"},
        {{"--timeout", "-1"}, "expected seconds"},
        {{"--timeout", "601"}, "expected seconds"},
        {{"--timeout", "2h"}, "expected seconds"},
        {{"--timeout", "nan"}, "expected seconds"},
        {{"--timeout", "inf"}, "expected seconds"},
        {{"--timeout", "1e999"}, "expected seconds"},
        {{"--timeout", ""}, "expected seconds"},
        {{"--timeout", " 1"}, "expected seconds"},
    };
    for (const auto& row : table) {
        const auto options = parse_options("status", row.words);
        ASSERT_FALSE(options) << ::testing::PrintToString(row.words);
        EXPECT_EQ(options.error().kind, ErrorKind::config);
        EXPECT_THAT(options.error().message, HasSubstr(row.message));
    }
}

TEST(Options, CheckBelongsToStatus) {
    EXPECT_TRUE(parse_options("status", Words{"--check"}));
    const auto options = parse_options("discover", Words{"--check"});
    ASSERT_FALSE(options);
    EXPECT_THAT(options.error().message, HasSubstr("status"));
}

TEST(Options, NothingIsSuggestedThatIsFarAway) {
    const std::string_view names[] = {"status", "discover"};
    EXPECT_EQ(::patctl::did_you_mean("statsu", names), "status");
    EXPECT_EQ(::patctl::did_you_mean("discovr", names), "discover");
    EXPECT_EQ(::patctl::did_you_mean("switchover", names), "");
    EXPECT_EQ(::patctl::did_you_mean("", names), "");
}

TEST(Options, EveryRowOfTheTableHasAHelpAndItsOwnName) {
    std::vector<std::string> seen;
    for (const auto& row : ::patctl::option_rows()) {
        EXPECT_FALSE(row.help.empty()) << row.name;
        EXPECT_FALSE(row.group.empty()) << row.name;
        EXPECT_THAT(seen, ::testing::Not(::testing::Contains(std::string(row.name))));
        seen.emplace_back(row.name);
    }
}

}  // namespace
}  // namespace patroni::testing
