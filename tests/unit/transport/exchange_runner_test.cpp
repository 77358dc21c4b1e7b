#include "transport/exchange_runner.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace patroni::transport::test {
namespace {

using protocol::HttpExchange;

/// A peer whose answer never ends and that never keeps anybody waiting.
class EndlessStream final : public Stream {
public:
    EndlessStream(boost::asio::io_context& context, std::size_t& sent)
        : Stream(boost::asio::ip::tcp::socket(context)), sent_(sent) {}

    IoResult read_some(char* data, std::size_t size) override {
        std::fill_n(data, size, ' ');
        if (sent_ == 0) {
            constexpr std::string_view k_head = "HTTP/1.0 200 OK\r\n\r\n";
            std::ranges::copy(k_head, data);
        }
        sent_ += size;
        return {Io::done, size, {}};
    }
    IoResult write_some(std::string_view bytes) override { return {Io::done, bytes.size(), {}}; }

private:
    std::size_t& sent_;
};

/// One exchange with such a peer.
struct Endless {
    Endless(boost::asio::io_context& context, std::size_t limit)
        : exchange(*HttpExchange::create({}, "pg1", false, {64 * 1024, limit})),
          deadline(context, Deadline::Time::max(), [] {}),
          runner(std::make_shared<ExchangeRunner>(
              ExchangeRunner::Environment{context, deadline, std::chrono::milliseconds(0), buffer,
                                          nullptr, nullptr},
              exchange, std::make_unique<EndlessStream>(context, received))) {
        runner->start([this](std::error_code) { is_over = true; });
    }
    ~Endless() { runner->close(); }

    std::vector<char> buffer = std::vector<char>(32 * 1024);
    std::size_t received = 0;
    bool is_over = false;
    HttpExchange exchange;
    Deadline deadline;
    std::shared_ptr<ExchangeRunner> runner;
};

constexpr std::size_t k_most_bytes_per_turn = 512 * 1024;

TEST(ExchangeRunner, AnEndlessBodyGivesTheLoopBackAfterAFewBytes) {
    boost::asio::io_context context(1);
    Endless endless(context, 16 * 1024 * 1024);
    std::size_t before = 0;
    do {
        EXPECT_LE(endless.received - before, k_most_bytes_per_turn);
        before = endless.received;
    } while (context.poll_one() != 0);
    EXPECT_TRUE(endless.is_over);
    EXPECT_EQ(endless.exchange.take_error().kind, ErrorKind::limit);
    EXPECT_GE(endless.received, 16u * 1024 * 1024);
}

TEST(ExchangeRunner, ATimerRingsAmongManyEndlessBodies) {
    constexpr std::size_t k_peers = 64;
    boost::asio::io_context context(1);
    std::vector<std::unique_ptr<Endless>> peers;
    for (std::size_t i = 0; i < k_peers; ++i) {
        peers.push_back(std::make_unique<Endless>(context, 16 * 1024 * 1024));
    }
    const auto received = [&] {
        std::size_t sum = 0;
        for (const auto& peer : peers) {
            sum += peer->received;
        }
        return sum;
    };
    const std::size_t before = received();
    bool has_rung = false;
    boost::asio::steady_timer timer(context, std::chrono::steady_clock::now());
    timer.async_wait([&](const boost::system::error_code&) { has_rung = true; });
    while (!has_rung && context.run_one() != 0) {
    }
    EXPECT_LE(received() - before, 2 * k_peers * k_most_bytes_per_turn) << "two turns for each";
}

}  // namespace
}  // namespace patroni::transport::test
