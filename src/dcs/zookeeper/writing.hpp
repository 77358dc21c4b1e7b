#pragma once

#include "dcs/zookeeper/session.hpp"

#include <patroni/operation.hpp>
#include <patroni/store_write.hpp>

#include <memory>
#include <vector>

namespace patroni::dcs::zookeeper {

/// Carries out a write. When its answer is lost, the store is read on the next connection: what is
/// there decides, and only what certainly was not done is sent a second time, once. ZooKeeper makes
/// that look reliable: when a session goes on at another server, the ensemble refuses what still
/// is under way from the server before.
Operation start_writing(std::shared_ptr<Session> session, StoreWrite write,
                        std::vector<Permission> permissions, transport::SteadyTime deadline,
                        Callback<void(Result<StoreOutcome>)> done);

}  // namespace patroni::dcs::zookeeper
