// Lines of a stream, however it was cut.
#include "dcs/line_splitter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace patroni::testing {
namespace {

using dcs::LineSplitter;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> lines(LineSplitter& splitter) {
    std::vector<std::string> found;
    while (const auto line = splitter.next()) {
        found.emplace_back(*line);
    }
    return found;
}

TEST(LineSplitter, FindsTheSameLinesWhereverTheStreamIsCut) {
    const std::string stream = "{\"a\":\"\xc3\xa4\"}\n\r\n  \n{\"b\":1}\r\n{\"c\"";
    for (std::size_t first = 0; first <= stream.size(); ++first) {
        for (std::size_t second = first; second <= stream.size(); ++second) {
            LineSplitter splitter;
            std::vector<std::string> all;
            for (const auto& piece : {stream.substr(0, first), stream.substr(first, second - first),
                                      stream.substr(second)}) {
                splitter.put(piece);
                for (auto& line : lines(splitter)) {
                    all.push_back(std::move(line));
                }
            }
            ASSERT_THAT(all, ElementsAre("{\"a\":\"\xc3\xa4\"}", "{\"b\":1}"))
                << first << " " << second;
            ASSERT_EQ(splitter.rest(), "{\"c\"");
        }
    }
}

TEST(LineSplitter, HoldsNoMoreThanALineMayHave) {
    for (const bool at_once : {true, false}) {
        LineSplitter splitter(8);
        splitter.put("12345678\n");
        EXPECT_THAT(lines(splitter), ElementsAre("12345678"));
        if (at_once) {
            splitter.put("123456789\nshort\n");
        } else {
            for (const char c : std::string("123456789")) {
                splitter.put(std::string(1, c));
                EXPECT_THAT(lines(splitter), IsEmpty());
            }
        }
        EXPECT_THAT(lines(splitter), IsEmpty());
        EXPECT_TRUE(splitter.is_too_long());
        splitter.put("\nshort\n");
        EXPECT_THAT(lines(splitter), IsEmpty()) << "what was lost stays lost";
        splitter.clear();
        EXPECT_FALSE(splitter.is_too_long());
        splitter.put("next\n");
        EXPECT_THAT(lines(splitter), ElementsAre("next"));
    }
}

}  // namespace
}  // namespace patroni::testing
