#include "patronictl/python_json_error.hpp"

#include <gtest/gtest.h>

namespace {

using patronictl::python_json_error;

/// As CPython 3.11 words them.
TEST(PythonJsonError, TellsWhatAndWhere) {
    const std::pair<const char*, const char*> cases[] = {
        {"", "Expecting value: line 1 column 1 (char 0)"},
        {"  ", "Expecting value: line 1 column 3 (char 2)"},
        {"<html>", "Expecting value: line 1 column 1 (char 0)"},
        {"nul", "Expecting value: line 1 column 1 (char 0)"},
        {"-", "Expecting value: line 1 column 1 (char 0)"},
        {"{\"a\":}", "Expecting value: line 1 column 6 (char 5)"},
        {"[1,", "Expecting value: line 1 column 4 (char 3)"},
        {"[1,]", "Expecting value: line 1 column 4 (char 3)"},
        {"{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
        {"{\"a\":1,}",
         "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)"},
        {"\n\n{a", "Expecting property name enclosed in double quotes: line 3 column 2 (char 3)"},
        {"{\"a\" 1}", "Expecting ':' delimiter: line 1 column 6 (char 5)"},
        {"[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"},
        {"{\"a\":1", "Expecting ',' delimiter: line 1 column 7 (char 6)"},
        {"{}x", "Extra data: line 1 column 3 (char 2)"},
        {"01", "Extra data: line 1 column 2 (char 1)"},
        {"\"\xC3\xA9", "Unterminated string starting at: line 1 column 1 (char 0)"},
        {"[\"\xC3\xA9\", x]", "Expecting value: line 1 column 7 (char 6)"},
        {"\"a\tb\"", "Invalid control character at: line 1 column 3 (char 2)"},
        {"\"\\x\"", "Invalid \\escape: line 1 column 2 (char 1)"},
        {"\"\\u00zz\"", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"},
        {"\xEF\xBB\xBF{}",
         "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"},
    };
    for (const auto& [text, message] : cases) {
        EXPECT_EQ(python_json_error(text), message) << text;
    }
}

TEST(PythonJsonError, IsNoneWherePythonReads) {
    for (const auto* text : {"{}", " [1, -2.5e+3, \"\\u00e9\\n\", null, true, false] ", "NaN",
                             "{\"a\": {\"b\": [[], {}]}}", "0", "-Infinity"}) {
        EXPECT_EQ(python_json_error(text), std::nullopt) << text;
    }
}

}  // namespace
