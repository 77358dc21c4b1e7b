#pragma once

#include "simulator/certificates.hpp"
#include "simulator/http_server.hpp"

#include <patroni/simulator.hpp>
#include <patroni/url.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>

namespace patroni::testing {

/// A member that answers each call of `member_calls()` well, in the bytes of Patroni 4.1, and
/// changes nothing by it; with the faults and certificates of the simulator's server.
class FaultyMember {
public:
    FaultyMember();
    ~FaultyMember();
    FaultyMember(const FaultyMember&) = delete;
    FaultyMember& operator=(const FaultyMember&) = delete;

    HostPort address() const { return address_; }
    void fault(std::optional<Fault> fault);
    void tls(SimulatedTls certificate);
    std::string ca_certificate();
    /// Answered requests of that method and path, such as "POST /restart".
    std::size_t answered(const std::string& call);
    /// All that came in completely, answered or not.
    std::size_t requests();
    /// Waits until its connections have ended; false when one stays open.
    bool all_connections_ended();

private:
    void run(std::function<void()> work);

    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        context_.get_executor()};
    simulation::Certificates certificates_;
    std::map<std::string, std::size_t> answered_;
    std::optional<simulation::HttpServer> server_;
    HostPort address_;
    std::thread thread_;
};

}  // namespace patroni::testing
