#pragma once

#include "dcs/backend.hpp"
#include "dcs/consul/kv_api.hpp"
#include "dcs/endpoint_turns.hpp"

#include <memory>
#include <vector>

namespace patroni::dcs::consul {

class WatchRun;

/// The KV store of Consul, through one agent of several.
class ConsulBackend final : public Backend {
public:
    ConsulBackend(transport::HttpClient& http, StoreAccess agents, Access access);
    ~ConsulBackend() override;  ///< Drops its watches.

    Operation start_read(std::string prefix, transport::SteadyTime deadline,
                         Callback<void(Result<Snapshot>)> done) override;
    Operation start_write(StoreWrite write, transport::SteadyTime deadline,
                          Callback<void(Result<StoreOutcome>)> done) override;
    Operation start_watch(WatchRequest request, Callback<void(WatchEvent)> told) override;

    /// A changed ttl gives every member a new session: its keys are removed and are back after 0
    /// to 4 ms.
    RemovalHold removal_hold() const override;

private:
    transport::HttpClient& http_;
    StoreAccess agents_;
    Access access_;
    std::vector<std::weak_ptr<WatchRun>> watches_;
};

}  // namespace patroni::dcs::consul
