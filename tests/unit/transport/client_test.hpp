#pragma once

#include "transport/http_client.hpp"
#include "unit/transport/loopback_server.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace patroni::transport::test {

using Outcome = Result<protocol::Response>;
using std::chrono::milliseconds;

/// Open descriptors of this process.
std::size_t open_descriptors();

/// An HttpClient and its io_context. Each test fails when it leaves a descriptor open.
class ClientTest : public testing::Test {
protected:
    ClientTest();
    void TearDown() override;

    Call call_to(std::uint16_t port, milliseconds total = milliseconds(5000)) const;
    /// Runs until the call is answered and nothing is left to do.
    Outcome fetch(Call call);
    /// Runs only until the answer is there: afterwards the connection is kept.
    Outcome fetch_quickly(Call call);
    void start(Call call, std::optional<Outcome>& outcome);
    void run();
    void make_client(HttpClient::Options options);
    /// A server that ends after the client: for connections that the client keeps.
    LoopbackServer& serve(LoopbackServer::Serve serve);

    std::size_t descriptors_before_;
    std::optional<boost::asio::io_context> context_;
    std::optional<HttpClient> client_;
    std::vector<std::unique_ptr<LoopbackServer>> servers_;
    Operation operation_;  ///< Of the last start().
};

/// Kind and message of a failure, or "status body".
std::string text_of(const Outcome& outcome);

constexpr auto k_json_answer =
    "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"state\": \"running\"}";
constexpr auto k_kept_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

}  // namespace patroni::transport::test
