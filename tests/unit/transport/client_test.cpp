#include "unit/transport/client_test.hpp"

#include <filesystem>
#include <iterator>

namespace patroni::transport::test {

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

ClientTest::ClientTest() : descriptors_before_(open_descriptors()) {
    context_.emplace(1);
    client_.emplace(*context_);
}

void ClientTest::TearDown() {
    client_.reset();
    servers_.clear();
    context_.reset();
    EXPECT_EQ(open_descriptors(), descriptors_before_);
}

void ClientTest::make_client(HttpClient::Options options) {
    client_.emplace(*context_, std::move(options));
}

LoopbackServer& ClientTest::serve(LoopbackServer::Serve serve) {
    return *servers_.emplace_back(std::make_unique<LoopbackServer>(std::move(serve)));
}

Call ClientTest::call_to(std::uint16_t port, milliseconds total) const {
    Call call;
    call.origin.address = {"127.0.0.1", port};
    call.deadlines.total = std::chrono::steady_clock::now() + total;
    return call;
}

Outcome ClientTest::fetch_quickly(Call call) {
    std::optional<Outcome> outcome;
    start(std::move(call), outcome);
    context_->restart();
    while (!outcome && context_->run_one() != 0) {
    }
    return outcome.value_or(Error{});
}

void ClientTest::start(Call call, std::optional<Outcome>& outcome) {
    operation_ = client_->start(std::move(call), [&outcome](Outcome result) {
        EXPECT_FALSE(outcome.has_value()) << "called twice";
        outcome = std::move(result);
    });
    EXPECT_FALSE(outcome.has_value()) << "called from within start()";
}

void ClientTest::run() {
    context_->restart();
    context_->run_for(std::chrono::seconds(10));
    EXPECT_TRUE(context_->stopped()) << "something is left to do";
}

Outcome ClientTest::fetch(Call call) {
    std::optional<Outcome> outcome;
    start(std::move(call), outcome);
    run();
    return outcome.has_value() ? *std::move(outcome) : Outcome(Error{});
}

std::string text_of(const Outcome& outcome) {
    return outcome ? std::to_string(outcome->status) + ' ' + outcome->body
                   : std::string(to_string(outcome.error().kind)) + ": " + outcome.error().message;
}

}  // namespace patroni::transport::test
