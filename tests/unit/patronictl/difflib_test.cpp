#include "patronictl/difflib.hpp"

#include "codec/json.hpp"
#include "patronictl/marked_diff.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace patronictl {
namespace {

using Lines = std::vector<std::string>;

std::string text(const patroni::Value& object, std::string_view key) {
    const patroni::Value* value = object.find(key);
    return value && value->if_string() ? *value->if_string() : std::string();
}

Lines texts(const patroni::Value& object, std::string_view key) {
    Lines out;
    const patroni::Value* list = object.find(key);
    if (list && list->if_array()) {
        for (const patroni::Value& item : *list->if_array()) {
            out.push_back(item.if_string() ? *item.if_string() : std::string());
        }
    }
    return out;
}

TEST(Difflib, SaysWhatPythonSays) {
    const char* other = std::getenv("PATRONI_DIFFLIB_CASES");
    std::ifstream file(other ? other : PATRONI_TEST_DATA "/difflib/cases.jsonl");
    std::string line;
    int cases = 0;
    for (; std::getline(file, line); ++cases) {
        const auto parsed = patroni::codec::parse_json(line);
        ASSERT_TRUE(parsed);
        if (parsed->find("word")) {
            EXPECT_EQ(close_matches(text(*parsed, "word"), texts(*parsed, "words")),
                      texts(*parsed, "close"))
                << line;
        } else {
            const Lines diff = unified_diff(text(*parsed, "before"), text(*parsed, "after"));
            EXPECT_EQ(diff, texts(*parsed, "diff")) << line;
            EXPECT_EQ(marked_diff(diff), text(*parsed, "marked")) << line;
        }
    }
    EXPECT_GT(cases, 100);
}

TEST(Difflib, FindsNothingInEqualTexts) {
    EXPECT_TRUE(unified_diff("", "").empty());
    EXPECT_TRUE(unified_diff("a\nb", "a\nb\n\n").empty());
}

TEST(Difflib, CallsAnEmptyTextOneEmptyLine) {
    EXPECT_EQ(unified_diff("", "a: 1\n"), (Lines{"--- ", "+++ ", "@@ -1 +1 @@", "-", "+a: 1"}));
}

TEST(Difflib, ListsTheMostAlikeFirst) {
    EXPECT_EQ(close_matches("--forma", {"--force", "--format", "--zzz"}),
              (Lines{"--format", "--force"}));
    EXPECT_TRUE(close_matches("--zzz", {"--format", "--group"}).empty());
}

}  // namespace
}  // namespace patronictl
