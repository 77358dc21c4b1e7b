#pragma once

#include "simulator/channel.hpp"
#include "simulator/http_server.hpp"
#include "simulator/send_plan.hpp"

#include <boost/asio/steady_timer.hpp>

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace patroni::simulation {

class HttpConnection;

/// What a server and its connections share; it outlives the server while a handler is queued.
struct HttpService {
    HttpServer::Handler handler;
    bool held = false;
    std::optional<Fault> fault;
    std::shared_ptr<boost::asio::ssl::context> tls;
    SimulatedTraffic traffic;
    std::set<std::shared_ptr<HttpConnection>> connections;

    bool has_fault(Fault::Kind kind) const { return fault && fault->kind == kind; }
    const Fault* fault_for(const HttpRequest& request) const {
        return fault && request.target.starts_with(fault->path) ? &*fault : nullptr;
    }
};

/// One accepted connection: reads requests and carries out what is planned for each.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
public:
    HttpConnection(boost::asio::ip::tcp::socket socket, std::shared_ptr<HttpService> service);

    void start();
    /// Answers the next request, if it is complete and the server may answer.
    void take();
    /// Whether a complete request is kept back.
    bool waits() const { return pending_.has_value(); }
    void reset();
    void close();

private:
    void read();
    bool is_held() const;
    void send_next();
    void sent();
    void finish();
    void leave();

    Channel channel_;
    std::shared_ptr<HttpService> service_;
    boost::asio::steady_timer timer_;
    std::array<char, 4096> chunk_{};
    std::string received_;
    std::optional<HttpRequest> pending_;
    SendPlan plan_;
    std::size_t segment_ = 0;
    bool reading_ = false;
    bool answering_ = false;
    bool used_ = false;
};

}  // namespace patroni::simulation
