#pragma once

#include "dcs/backend.hpp"
#include "discovery/cluster_mirror.hpp"
#include "transport/loop_timer.hpp"

#include <patroni/callback.hpp>
#include <patroni/operation.hpp>
#include <patroni/store_watch.hpp>

#include <chrono>
#include <memory>

namespace patroni {

/// One watch of a Store: what the backend tells, as events of clusters, with what is held back told
/// in time.
class StoreWatch : public std::enable_shared_from_this<StoreWatch> {
public:
    /// Nothing is told any more once `store` is gone.
    StoreWatch(boost::asio::io_context& context, std::weak_ptr<const void> store,
               discovery::ClusterMirror mirror, std::chrono::milliseconds silence,
               Callback<void(const StoreEvent&)> told);

    void start(dcs::Backend& backend);
    /// The callback gets `ended` (cancelled), from the loop.
    void cancel();

private:
    void take(dcs::WatchEvent event);
    void tell(std::vector<StoreEvent> events);
    void wait_for_due();

    boost::asio::io_context& context_;
    std::weak_ptr<const void> store_;
    discovery::ClusterMirror mirror_;
    std::chrono::milliseconds silence_;
    Callback<void(const StoreEvent&)> told_;
    transport::LoopTimer timer_;
    Operation operation_;
    bool started_ = false;
    bool cancelled_ = false;
};

}  // namespace patroni
