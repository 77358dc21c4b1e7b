#include "protocol/body_buffer.hpp"

#include "protocol/response_parser.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace patroni::protocol {
namespace {

constexpr std::size_t k_block = BodyBuffer::k_block_bytes;

std::string numbered(std::size_t size) {
    std::string text(size, '\0');
    std::iota(text.begin(), text.end(), '\0');
    return text;
}

TEST(BodyBuffer, GivesBackWhatCameInHoweverItWasCut) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, k_block - 1, k_block,
                                   k_block + 1, 3 * k_block, 3 * k_block + 7}) {
        const std::string text = numbered(size);
        for (const std::size_t cut : {std::size_t{7'919}, k_block, 4 * k_block}) {
            BodyBuffer body;
            body.reserve(size);
            for (std::size_t at = 0; at < size; at += cut) {
                body.append(std::string_view(text).substr(at, cut));
            }
            EXPECT_EQ(body.size(), size);
            EXPECT_TRUE(body.take() == text) << size << " bytes in pieces of " << cut;
            EXPECT_EQ(body.size(), 0u);
            body.append("again");
            EXPECT_EQ(body.take(), "again");
        }
    }
}

TEST(BodyBuffer, LastCharacterBehindABlockOfWhiteSpace) {
    BodyBuffer body;
    EXPECT_EQ(body.last_character(), '\0');
    body.append(" \n");
    EXPECT_EQ(body.last_character(), '\0');
    body.append("}");
    body.append(std::string(2 * k_block, ' '));
    EXPECT_EQ(body.last_character(), '}');
    body.append("x\r\n");
    EXPECT_EQ(body.last_character(), 'x');
}

TEST(BodyBuffer, LargeAnswersCanBeTakenWhereTheirEndIsInDoubt) {
    const std::string body = '[' + std::string(2 * k_block, '1') + "]" + std::string(k_block, '\n');
    for (const bool is_complete : {true, false}) {
        ResponseParser parser(false, {64 * 1024, 8 * k_block});
        parser.put("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n");
        parser.put(is_complete ? body : body.substr(0, 2 * k_block));
        const auto state = parser.finish(StreamEnd::tls_truncated);
        EXPECT_EQ(state, is_complete ? ResponseParser::State::done : ResponseParser::State::failed);
        if (is_complete) {
            EXPECT_TRUE(parser.take_response().body == body);
        } else {
            EXPECT_EQ(
                parser.take_error().message,
                "the connection ended within the body of the answer, after 2097152 bytes of it");
        }
    }
}

}  // namespace
}  // namespace patroni::protocol
