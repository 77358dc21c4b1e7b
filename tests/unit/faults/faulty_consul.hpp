#pragma once

#include "simulator/http_server.hpp"
#include "unit/dcs/consul_model.hpp"
#include "unit/faults/served_loop.hpp"

#include <patroni/seeds.hpp>
#include <patroni/simulator.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace patroni::testing {

/// An agent of Consul that holds keys, with the faults of the simulator's server. A blocking query
/// is answered when it has something new to say, and not before.
class FaultyConsul {
public:
    explicit FaultyConsul(const std::map<std::string, std::string>& keys);
    ~FaultyConsul();
    FaultyConsul(const FaultyConsul&) = delete;
    FaultyConsul& operator=(const FaultyConsul&) = delete;

    Seeds seeds() const;
    void fault(std::optional<Fault> fault);
    SimulatedTraffic traffic();
    /// Waits until its connections have ended; false when one stays open.
    bool all_connections_ended();

private:
    ServedLoop loop_;
    ConsulModel model_;
    std::vector<simulation::HttpResponder> waiting_;
    std::optional<simulation::HttpServer> server_;
    HostPort address_;
};

}  // namespace patroni::testing
