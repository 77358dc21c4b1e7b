#pragma once

#include "dcs/backend.hpp"
#include "dcs/zookeeper/session.hpp"

#include <memory>

namespace patroni::dcs::zookeeper {

/// Runs a TreeWatch on a session until it is cancelled or can never succeed.
Operation start_watching(transport::HttpClient& http, std::shared_ptr<Session> session,
                         WatchRequest request, Callback<void(WatchEvent)> told);

}  // namespace patroni::dcs::zookeeper
