#include "simulator/http_message.hpp"
#include "simulator/python_json.hpp"
#include "simulator/time_text.hpp"

#include <gtest/gtest.h>

namespace patroni::simulation {
namespace {

TEST(PythonJson, prints_as_json_dumps) {
    const Value value = Value::object({{"a", Value(Value::Array{1, nullptr, true, "x\"\n\x01"})},
                                       {"\xC3\xA4", "\xF0\x9F\x98\x80\x7F"},
                                       {"n", Value::Number{"1.4"}},
                                       {"<", Value::object()}});
    EXPECT_EQ(python_json(value),
              R"({"a": [1, null, true, "x\"\n\u0001"], "\u00e4": "\ud83d\ude00\u007f", )"
              R"("n": 1.4, "<": {}})");
    EXPECT_EQ(compact_python_json(Value(Value::Array{1, 2})), "[1,2]");
    EXPECT_EQ(go_json(Value("<\xC3\xA4&")), "\"\\u003c\xC3\xA4\\u0026\"");
}

TEST(TimeText, the_families_of_the_recordings) {
    const WallTime time{std::chrono::microseconds(1795457329192345)};
    EXPECT_EQ(postgres_time(time), "2026-11-23 18:08:49.192 UTC");
    EXPECT_EQ(python_time(time), "2026-11-23 18:08:49.192345+00:00");
    EXPECT_EQ(iso_time(time), "2026-11-23T18:08:49.192345+00:00");
    EXPECT_EQ(http_date(time), "Mon, 23 Nov 2026 18:08:49 GMT");
    EXPECT_EQ(go_time(time), "2026-11-23T18:08:49.192345Z");
    EXPECT_EQ(python_time(std::chrono::floor<std::chrono::seconds>(time)),
              "2026-11-23 18:08:49+00:00");
}

TEST(TakeRequest, waits_for_all_of_it) {
    std::string received = "POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nab";
    EXPECT_FALSE(take_request(received));
    received += "cGET / HTTP/1.0\n\n";
    const auto first = take_request(received);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->method, "POST");
    EXPECT_EQ(first->body, "abc");
    const auto second = take_request(received);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->target, "/");
    EXPECT_EQ(second->version, "HTTP/1.0");
    EXPECT_EQ(received, "");
}

TEST(TakeRequest, does_not_wait_for_more_of_what_is_no_request) {
    for (const char* line : {"\x16\x03\x01 a b", "\x16", "", "POST /", "GET", "GET / x HTTP/1.0"}) {
        std::string received = std::string(line) + "\nrest";
        const auto request = take_request(received);
        ASSERT_TRUE(request) << line;
        EXPECT_FALSE(request->is_well_formed()) << line;
        EXPECT_EQ(request->line, line);
        EXPECT_EQ(received, "rest");
    }
    std::string received = "GET /\n";
    EXPECT_FALSE(take_request(received)) << "HTTP/0.9 has headers for Python";
}

}  // namespace
}  // namespace patroni::simulation
