#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace patroni {
namespace {

TEST(Utf8, GoesThereAndBack) {
    const std::string text = "a\u00e9\u2028\U0001f600z";
    EXPECT_EQ(decode_utf8(text), U"a\u00e9\u2028\U0001f600z");
    EXPECT_EQ(encode_utf8(decode_utf8(text)), text);
}

TEST(Utf8, ReplacesWhatIsNone) {
    EXPECT_EQ(decode_utf8("a\xff\xc3"), U"a\ufffd\ufffd");
}

}  // namespace
}  // namespace patroni
