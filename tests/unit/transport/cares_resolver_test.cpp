#include "transport/cares_resolver.hpp"

#include "unit/transport/client_test.hpp"
#include "unit/transport/dns_server.hpp"

#include <boost/asio/io_context.hpp>

#include <sstream>

namespace patroni::transport::test {
namespace {

std::string text_of(const Result<Endpoints>& result) {
    if (!result) {
        return std::string(to_string(result.error().kind)) + ": " + result.error().message;
    }
    std::ostringstream text;
    for (const auto& endpoint : *result) {
        text << endpoint << ' ';
    }
    return text.str();
}

class CaresResolverTest : public testing::Test {
protected:
    void TearDown() override {
        resolver_.reset();
        context_.reset();
        EXPECT_EQ(open_descriptors(), descriptors_before_);
    }

    std::string resolve(const std::string& host) {
        std::optional<Result<Endpoints>> answer;
        operation_ = resolver_->resolve(host, 8008, [&](Result<Endpoints> result) {
            EXPECT_FALSE(answer.has_value());
            answer = std::move(result);
        });
        EXPECT_FALSE(answer.has_value()) << "called from within resolve()";
        context_->restart();
        context_->run_for(std::chrono::seconds(20));
        EXPECT_TRUE(context_->stopped());
        return answer ? text_of(*answer) : "no answer";
    }

    std::size_t descriptors_before_ = open_descriptors();
    std::optional<boost::asio::io_context> context_{std::in_place, 1};
    std::optional<CaresResolver> resolver_{std::in_place, *context_};
    Operation operation_;
};

TEST_F(CaresResolverTest, HostsFile) {
    EXPECT_NE(resolve("localhost").find("127.0.0.1:8008 "), std::string::npos);
    EXPECT_NE(resolve("LOCALHOST").find("127.0.0.1:8008 "), std::string::npos);
}

TEST_F(CaresResolverTest, AsksTheNameServer) {
    const DnsServer server([](const std::string& name) {
        return name == "pg1.example" ? std::string("192.0.2.7") : std::string();
    });
    resolver_.emplace(*context_, server.address());
    EXPECT_EQ(resolve("pg1.example"), "192.0.2.7:8008 ");
    const std::string unknown = resolve("pg2.example");
    EXPECT_TRUE(unknown.starts_with("resolve: the host name pg2.example is not known")) << unknown;
}

TEST_F(CaresResolverTest, ServicesAreSortedByPriorityAndWeight) {
    const DnsServer server([](const std::string& name) -> std::string {
        if (name == "_etcd-client._tcp.example") {
            return "20 1 2379 c.example,10 1 2380 b.example,10 5 2379 a.example";
        }
        return name == "silent.example" ? "silent" : name == "host.example" ? "192.0.2.7" : "";
    });
    resolver_.emplace(*context_, server.address());
    const auto find = [&](const std::string& name) {
        std::optional<Result<ServiceRecords>> answer;
        operation_ = resolver_->find_services(
            name, [&](Result<ServiceRecords> found) { answer = std::move(found); });
        EXPECT_FALSE(answer.has_value()) << "called from within find_services()";
        context_->restart();
        context_->run_for(std::chrono::seconds(20));
        return answer.value_or(Error{});
    };
    const auto found = find("_etcd-client._tcp.example");
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, (ServiceRecords{{"a.example", 2379, 10, 5},
                                      {"b.example", 2380, 10, 1},
                                      {"c.example", 2379, 20, 1}}));
    for (const auto* name : {"nosuch.example", "host.example"}) {
        const auto none = find(name);
        ASSERT_TRUE(none) << name;
        EXPECT_TRUE(none->empty());
    }
    const auto silent = find("silent.example");
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().kind, ErrorKind::resolve);
}

TEST_F(CaresResolverTest, ManyAtTheSameTime) {
    const DnsServer server([](const std::string&) { return std::string("192.0.2.7"); });
    resolver_.emplace(*context_, server.address());
    int answers = 0;
    for (int i = 0; i < 50; ++i) {
        resolver_->resolve("h" + std::to_string(i) + ".example", 1, [&](Result<Endpoints> result) {
            EXPECT_TRUE(result);
            ++answers;
        });
    }
    context_->run_for(std::chrono::seconds(10));
    EXPECT_EQ(answers, 50);
}

TEST_F(CaresResolverTest, LostPacketsAreSentAgain) {
    std::atomic<int> questions = 0;
    const DnsServer server([&](const std::string&) {
        return ++questions <= 2 ? std::string("silent") : std::string("192.0.2.7");
    });
    resolver_.emplace(*context_, server.address());
    EXPECT_EQ(resolve("pg1.example"), "192.0.2.7:8008 ");
}

TEST_F(CaresResolverTest, CancelEndsTheQuestionAndTheLoop) {
    const DnsServer server([](const std::string&) { return std::string("silent"); });
    resolver_.emplace(*context_, server.address());
    bool called = false;
    operation_ = resolver_->resolve("pg1.example", 1, [&](Result<Endpoints>) { called = true; });
    context_->run_for(milliseconds(30));
    operation_.cancel();
    operation_.cancel();
    context_->restart();
    context_->run_for(milliseconds(400));
    EXPECT_TRUE(context_->stopped());
    EXPECT_FALSE(called);
}

TEST_F(CaresResolverTest, CancelOfOneLeavesTheOther) {
    const DnsServer server([](const std::string& name) {
        return std::string(name == "pg1.example" ? "silent" : "192.0.2.7");
    });
    resolver_.emplace(*context_, server.address());
    Operation first = resolver_->resolve("pg1.example", 1, [&](Result<Endpoints>) { FAIL(); });
    first.cancel();
    EXPECT_EQ(resolve("pg2.example"), "192.0.2.7:8008 ");
}

TEST_F(CaresResolverTest, EndOfTheResolverDropsTheCallback) {
    const DnsServer server([](const std::string&) { return std::string("silent"); });
    resolver_.emplace(*context_, server.address());
    operation_ = resolver_->resolve("pg1.example", 1, [&](Result<Endpoints>) { FAIL(); });
    resolver_->resolve("localhost", 1, [&](Result<Endpoints>) { FAIL(); });
    resolver_.reset();
    operation_.cancel();
    context_->run_for(milliseconds(400));
    EXPECT_TRUE(context_->stopped());
}

TEST(NumericEndpoint, AddressesNeedNoResolver) {
    EXPECT_EQ(numeric_endpoint("10.0.0.1", 1)->address().to_string(), "10.0.0.1");
    EXPECT_EQ(numeric_endpoint("::1", 1)->port(), 1);
    EXPECT_TRUE(numeric_endpoint("fe80::1%lo", 1)->address().to_v6().scope_id() != 0);
    EXPECT_FALSE(numeric_endpoint("localhost", 1));
    EXPECT_FALSE(numeric_endpoint("10.0.0", 1));
}

}  // namespace
}  // namespace patroni::transport::test
