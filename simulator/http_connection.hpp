#pragma once

#include "simulator/channel.hpp"
#include "simulator/http_server.hpp"
#include "simulator/send_plan.hpp"

#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace patroni::simulation {

class HttpConnection;

/// What a server and its connections share; it outlives the server while a handler is queued.
struct HttpService {
    HttpServer::DeferredHandler handler;
    bool held = false;
    std::optional<Fault> fault;
    std::shared_ptr<boost::asio::ssl::context> tls;
    SimulatedTraffic traffic;
    std::set<std::shared_ptr<HttpConnection>> connections;
    std::size_t workers = 0;  ///< 0: one for each connection.
    std::size_t busy = 0;     ///< Workers with a connection.
    std::deque<std::weak_ptr<HttpConnection>> waiting;

    /// As many as there are workers for.
    void start_waiting();

    bool has_fault(Fault::Kind kind) const { return fault && fault->kind == kind; }
    const Fault* fault_for(const HttpRequest& request) const;
    /// A fault that was meant for a number of requests has hit one.
    void spend_fault();
};

/// One accepted connection: reads requests and carries out what is planned for each.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
public:
    HttpConnection(boost::asio::ip::tcp::socket socket, std::shared_ptr<HttpService> service);

    void start();
    /// Goes on with what was kept back, if the server may.
    void resume();
    void reset();
    void close();

    // For HttpResponder: `answer` is the number of the request's answer.
    bool answers(std::uint64_t answer) const { return answering_ && answer == answer_ && !over_; }
    void answer(std::uint64_t answer, std::vector<std::string> segments, SendPlan::End end);
    void when_gone(std::function<void()> gone) { gone_ = std::move(gone); }

private:
    void read();
    void take();
    bool is_held(const HttpRequest& request) const;
    void send_next();
    void sent();
    void finish();
    void leave();

    Channel channel_;
    std::shared_ptr<HttpService> service_;
    boost::asio::steady_timer timer_;
    std::array<char, 4096> chunk_{};
    std::string received_;
    std::optional<HttpRequest> pending_;  ///< Complete, but not answered yet.
    HttpRequest current_;                 ///< What is being answered.
    std::uint64_t answer_ = 0;            ///< Number of the current answer.
    SendPlanner planner_;
    std::deque<std::string> segments_;
    std::chrono::milliseconds pause_{0};
    SendPlan::End end_ = SendPlan::End::more;
    std::function<void()> gone_;
    bool reading_ = false;
    bool answering_ = false;
    bool over_ = false;     ///< Nothing can be added to the current answer.
    bool sending_ = false;  ///< Or between two segments.
    bool used_ = false;
    bool has_worker_ = false;
};

}  // namespace patroni::simulation
