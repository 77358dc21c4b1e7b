#pragma once

#include "dcs/backend.hpp"
#include "dcs/zookeeper/session.hpp"

#include <patroni/seeds.hpp>

#include <memory>

namespace patroni::dcs::zookeeper {

/// Patroni's keys in ZooKeeper, 3.4 and newer; multi_read and persistent watches from 3.6 on.
/// Snapshot and Entry: `modified` is the zxid of the last change, and what writes depend on.
class ZookeeperBackend final : public Backend {
public:
    /// Errors: `config` (acl), `unsupported` (SASL). `setup`: what seeds do not say.
    static Result<std::shared_ptr<Backend>> create(transport::HttpClient& http, const Seeds& seeds,
                                                   SessionSetup setup = {});
    ZookeeperBackend(transport::HttpClient& http, std::shared_ptr<Session> session,
                     std::vector<Permission> permissions);

    Operation start_read(std::string prefix, transport::SteadyTime deadline,
                         Callback<void(Result<Snapshot>)> done) override;
    Operation start_write(StoreWrite write, transport::SteadyTime deadline,
                          Callback<void(Result<StoreOutcome>)> done) override;
    Operation start_watch(WatchRequest request, Callback<void(WatchEvent)> told) override;
    /// A member that gives the lock back opens a new session: its key goes and returns.
    RemovalHold removal_hold() const override {
        return {.leader = std::chrono::milliseconds(0), .member = std::chrono::milliseconds(2000)};
    }

private:
    transport::HttpClient& http_;
    std::shared_ptr<Session> session_;
    std::vector<Permission> permissions_;  ///< Of keys that are created.
};

}  // namespace patroni::dcs::zookeeper
