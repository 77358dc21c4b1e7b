#include "protocol/http_exchange.hpp"

#include "unit/protocol/conversation.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace patroni::protocol {
namespace {

using test::Conversation;
using test::play;
using test::summary;
using Action = HttpExchange::Action;

class Conversations : public testing::TestWithParam<Conversation> {};

TEST_P(Conversations, InOnePiece) {
    const Conversation& talk = GetParam();
    EXPECT_EQ(summary(play(talk, {talk.bytes}, talk.end)), talk.outcome);
}

TEST_P(Conversations, ByteByByte) {
    const Conversation& talk = GetParam();
    std::vector<std::string_view> pieces;
    for (std::size_t i = 0; i < talk.bytes.size(); ++i) {
        pieces.push_back(std::string_view(talk.bytes).substr(i, 1));
    }
    EXPECT_EQ(summary(play(talk, pieces, talk.end)), talk.outcome);
}

TEST_P(Conversations, CutInTwoAtEveryByte) {
    const Conversation& talk = GetParam();
    const std::string_view bytes = talk.bytes;
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        const std::vector<std::string_view> pieces{bytes.substr(0, cut), bytes.substr(cut)};
        EXPECT_EQ(summary(play(talk, pieces, talk.end)), talk.outcome) << "cut at " << cut;
    }
}

/// A connection that ends at any byte gives an end at once, and never more than was sent.
TEST_P(Conversations, EndsAtEveryByte) {
    const Conversation& talk = GetParam();
    const std::string_view bytes = talk.bytes;
    for (const auto end :
         {Conversation::End::eof, Conversation::End::reset, Conversation::End::tls_truncated}) {
        for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
            HttpExchange exchange = play(talk, {bytes.substr(0, cut)}, end);
            ASSERT_TRUE(exchange.action() == Action::done || exchange.action() == Action::failed)
                << "cut at " << cut;
            if (exchange.action() == Action::done) {
                EXPECT_EQ(exchange.delivery(), Delivery::answered);
                EXPECT_LE(exchange.take_response().body.size(), cut);
                continue;
            }
            const Error error = exchange.take_error();
            EXPECT_FALSE(error.message.empty());
            EXPECT_TRUE(error.endpoint.empty());
            EXPECT_EQ(error.delivery == Delivery::answered, error.http_status != 0);
            EXPECT_NE(error.delivery, Delivery::not_sent);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Http, Conversations, testing::ValuesIn(test::conversations()),
                         [](const auto& tested) { return tested.param.name; });

TEST(HttpExchange, SendsInAsManyStepsAsTheKernelWants) {
    HttpExchange exchange = test::exchange_for({});
    EXPECT_EQ(exchange.action(), Action::write);
    EXPECT_EQ(exchange.delivery(), Delivery::not_sent);
    std::string sent;
    while (exchange.action() == Action::write) {
        sent += exchange.unsent().substr(0, 7);
        exchange.resume(ExchangeEvent::sent(std::min<std::size_t>(7, exchange.unsent().size())));
        EXPECT_EQ(exchange.delivery(), Delivery::may_have_been_sent);
    }
    EXPECT_EQ(exchange.action(), Action::read);
    EXPECT_TRUE(sent.starts_with("GET / HTTP/1.1\r\nHost: pg1:8008\r\n"));
    EXPECT_TRUE(sent.ends_with("\r\n\r\n"));
}

TEST(HttpExchange, EarlyAnswerEndsItButTheConnectionIsNotKept) {
    HttpExchange exchange = test::exchange_for({});
    exchange.resume(ExchangeEvent::sent(3));
    exchange.resume(ExchangeEvent::received("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_EQ(exchange.action(), Action::done);
    EXPECT_FALSE(exchange.reusable());
}

TEST(HttpExchange, ResetBeforeTheFirstByteWasTakenIsNotSent) {
    HttpExchange exchange = test::exchange_for({});
    exchange.resume(ExchangeEvent::ended(StreamEnd::reset));
    ASSERT_EQ(exchange.action(), Action::failed);
    EXPECT_EQ(exchange.take_error().delivery, Delivery::not_sent);
}

TEST(HttpExchange, FailureFromOutsideTellsHowFarItGot) {
    HttpExchange exchange = test::exchange_for({});
    exchange.resume(ExchangeEvent::sent(exchange.unsent().size()));
    EXPECT_EQ(exchange.failure(ErrorKind::timeout, "late").delivery, Delivery::may_have_been_sent);
    exchange.resume(ExchangeEvent::received("HTTP/1.0 202 Accepted\r\n"));
    const Error error = exchange.failure(ErrorKind::timeout, "late");
    EXPECT_EQ(error.delivery, Delivery::answered);
    EXPECT_EQ(error.http_status, 202);
}

TEST(HttpExchange, NothingHappensAfterItsEnd) {
    HttpExchange exchange = test::exchange_for({});
    exchange.resume(ExchangeEvent::ended(StreamEnd::eof));
    ASSERT_EQ(exchange.action(), Action::failed);
    EXPECT_EQ(exchange.resume(ExchangeEvent::received("HTTP/1.0 200 OK\r\n\r\n")), Action::failed);
    EXPECT_EQ(exchange.resume(ExchangeEvent::sent(1)), Action::failed);
}

TEST(Response, HeaderNamesAreFoundInAnyCase) {
    Response response;
    response.headers = {{"Content-Type", "a"}, {"content-type", "b"}};
    EXPECT_EQ(response.header("CONTENT-TYPE"), "a");
    EXPECT_EQ(response.header("Content"), std::nullopt);
}

}  // namespace
}  // namespace patroni::protocol
