// The whole backend over loopback connections, on one loop with its server.

#include "dcs/zookeeper/backend.hpp"
#include "support/event_loop.hpp"
#include "unit/dcs/dialogue_checks.hpp"
#include "unit/dcs/zookeeper_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace patroni::dcs::zookeeper {
namespace {

using boost::asio::ip::tcp;
using std::chrono::milliseconds;

/// A ZookeeperServer on a port of the loop.
class Served {
public:
    Served(testing::EventLoop& loop, testing::ZookeeperTree& tree)
        : server(tree),
          acceptor_(loop.context, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
          socket_(loop.context) {
        accept();
    }

    testing::ZookeeperServer server;
    int connections = 0;

    Origin origin() const { return {false, {"127.0.0.1", acceptor_.local_endpoint().port()}}; }
    void tell_events() { boost::asio::write(socket_, boost::asio::buffer(server.events())); }
    void cut() { socket_.close(); }

private:
    void accept() {
        acceptor_.async_accept([this](boost::system::error_code code, tcp::socket socket) {
            if (code) {
                return;
            }
            ++connections;
            socket_ = std::move(socket);
            server.connect();
            read();
            accept();
        });
    }
    void read() {
        socket_.async_read_some(boost::asio::buffer(bytes_),
                                [this](boost::system::error_code code, std::size_t size) {
                                    if (code) {
                                        return;
                                    }
                                    const auto answer = server.take({bytes_.data(), size});
                                    boost::asio::write(socket_, boost::asio::buffer(answer), code);
                                    if (server.is_closed) {
                                        socket_.close(code);
                                    } else {
                                        read();
                                    }
                                });
    }

    tcp::acceptor acceptor_;
    tcp::socket socket_;
    std::array<char, 65536> bytes_{};
};

class ZookeeperBackendTest : public ::testing::Test {
protected:
    ZookeeperBackendTest() {
        tree_.put("/service/demo/leader", "a");
        tree_.put("/service/demo/config", "{}");
        Seeds seeds;
        seeds.kind = Seeds::Kind::zookeeper;
        seeds.endpoints = {served_.origin()};
        SessionSetup setup;
        setup.idle_limit = milliseconds(50);
        backend_ = ZookeeperBackend::create(loop_.http, seeds, setup).value();
    }

    Result<Snapshot> read() {
        std::optional<Result<Snapshot>> slot;
        backend_->start_read("/service/demo/", testing::EventLoop::in(milliseconds(3000)),
                             [&](Result<Snapshot> result) { slot = std::move(result); });
        EXPECT_FALSE(slot) << "not from within";
        return loop_.wait(slot);
    }

    /// Runs the loop until this holds.
    template <class Condition>
    void until(Condition condition) {
        const auto end = testing::EventLoop::in(std::chrono::seconds(10));
        while (!condition() && std::chrono::steady_clock::now() < end) {
            loop_.context.restart();
            loop_.context.run_one_for(milliseconds(100));
        }
        EXPECT_TRUE(condition());
    }

    testing::EventLoop loop_;
    testing::ZookeeperTree tree_;
    Served served_{loop_, tree_};
    std::shared_ptr<Backend> backend_;
};

TEST_F(ZookeeperBackendTest, ReadsAndWritesOnOneSession) {
    const auto first = read();
    ASSERT_TRUE(first);
    EXPECT_EQ(testing::value_of(*first, "/service/demo/leader"), "a");
    std::optional<Result<StoreOutcome>> written;
    backend_->start_write(
        StoreWrite::put_if("/service/demo/config", "{\"ttl\":20}", first->entries[0].modified),
        testing::EventLoop::in(milliseconds(3000)),
        [&](Result<StoreOutcome> result) { written = std::move(result); });
    ASSERT_TRUE(loop_.wait(written));
    EXPECT_EQ((*written)->kind, OutcomeKind::done);
    EXPECT_EQ(tree_.nodes["/service/demo/config"].value, "{\"ttl\":20}");
    EXPECT_EQ(served_.connections, 1);
}

TEST_F(ZookeeperBackendTest, ClosesItsSessionWithoutWorkAndOpensAnother) {
    ASSERT_TRUE(read());
    until([&] { return served_.server.is_closed; });
    ASSERT_TRUE(read());
    EXPECT_EQ(served_.connections, 2);
}

TEST_F(ZookeeperBackendTest, ClosesItsSessionWhenItEnds) {
    ASSERT_TRUE(read());
    EXPECT_FALSE(served_.server.is_closed);
    backend_.reset();
    until([&] { return served_.server.is_closed; });
}

TEST_F(ZookeeperBackendTest, WatchesAcrossALostConnection) {
    std::vector<WatchEvent> told;
    auto watch = backend_->start_watch({.prefix = "/service/demo/"},
                                       [&](WatchEvent event) { told.push_back(std::move(event)); });
    until([&] { return told.size() >= 2; });
    EXPECT_TRUE(std::holds_alternative<WatchConnected>(told[0]));
    ASSERT_TRUE(std::holds_alternative<WatchSnapshot>(told[1]));
    EXPECT_FALSE(std::get<WatchSnapshot>(told[1]).gap);

    tree_.put("/service/demo/leader", "b");
    served_.tell_events();
    until([&] { return told.size() >= 3; });
    ASSERT_TRUE(std::holds_alternative<WatchChanges>(told[2]));
    EXPECT_EQ(std::get<WatchChanges>(told[2]).changes.at(0).entry.value, "b");

    served_.cut();
    until([&] { return told.size() >= 6; });
    EXPECT_TRUE(std::holds_alternative<WatchLost>(told[3]));
    EXPECT_TRUE(std::holds_alternative<WatchConnected>(told[4]));
    ASSERT_TRUE(std::holds_alternative<WatchSnapshot>(told[5]));
    EXPECT_TRUE(std::get<WatchSnapshot>(told[5]).gap);

    watch.cancel();
    EXPECT_EQ(told.size(), 6U);
    until([&] { return told.size() >= 7; });
    EXPECT_EQ(std::get<WatchEnded>(told[6]).error.kind, ErrorKind::cancelled);
}

TEST_F(ZookeeperBackendTest, ACancelledReadEndsOnce) {
    std::optional<Result<Snapshot>> slot;
    auto operation = backend_->start_read(
        "/service/demo/", testing::EventLoop::in(milliseconds(3000)), [&](Result<Snapshot> result) {
            EXPECT_FALSE(slot);
            slot = std::move(result);
        });
    operation.cancel();
    EXPECT_EQ(loop_.wait(slot).error().kind, ErrorKind::cancelled);
    operation.cancel();
    EXPECT_TRUE(read());
}

/// What is under way when its HttpClient ends is dropped, and nothing is left that holds it.
TEST(ZookeeperBackendEnd, WithItsClient) {
    boost::asio::io_context context{1};
    std::weak_ptr<int> held;
    {
        transport::HttpClient http(context);
        Seeds seeds;
        seeds.kind = Seeds::Kind::zookeeper;
        seeds.endpoints = {{false, {"127.0.0.1", 9}}};
        auto backend = ZookeeperBackend::create(http, seeds).value();
        auto token = std::make_shared<int>(1);
        held = token;
        backend->start_read("/service/demo/", testing::EventLoop::in(milliseconds(3000)),
                            [token, backend](Result<Snapshot>) { ADD_FAILURE() << "dropped"; });
        backend->start_watch({.prefix = "/service/demo/"}, [token, backend](WatchEvent) {});
    }
    context.run_for(milliseconds(100));
    EXPECT_TRUE(held.expired());
}

TEST(ZookeeperBackendConfig, WhatItCannotUse) {
    boost::asio::io_context context{1};
    transport::HttpClient http(context);
    Seeds seeds;
    seeds.kind = Seeds::Kind::zookeeper;
    seeds.endpoints = {{false, {"127.0.0.1", 9}}};
    seeds.auth_data = {{"sasl", Secret("x")}};
    EXPECT_EQ(ZookeeperBackend::create(http, seeds).error().kind, ErrorKind::unsupported);
    seeds.auth_data.clear();
    seeds.acl = {{"digest:patroni:hash", "rwz"}};
    EXPECT_EQ(ZookeeperBackend::create(http, seeds).error().kind, ErrorKind::config);
    seeds.acl = {{"digest:patroni:hash", "rwcda"}};
    EXPECT_TRUE(ZookeeperBackend::create(http, seeds));
}

}  // namespace
}  // namespace patroni::dcs::zookeeper
