// What may stand in a URL and in a form.
#include "base/percent.hpp"

#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

TEST(Percent, AFormIsAsPythonWritesIt) {
    // urllib.parse.urlencode({"v": TEXT}), Python 3.11
    EXPECT_EQ(encode_form(R"({"ttl": 30, "a/b":"x&y=z+1"})"),
              "%7B%22ttl%22%3A+30%2C+%22a%2Fb%22%3A%22x%26y%3Dz%2B1%22%7D");
    EXPECT_EQ(encode_form("~-_.\n\xc3\xbc"), "~-_.%0A%C3%BC");
}

TEST(Percent, APathKeepsItsSlashes) {
    EXPECT_EQ(percent_encode_path("/a b/c?d#e%"), "/a%20b/c%3Fd%23e%25");
    EXPECT_EQ(percent_encode_query("a/b c"), "a%2Fb%20c");
}

}  // namespace
}  // namespace patroni::testing
