#include "dcs/consul/backend.hpp"

#include "dcs/consul/read_dialogue.hpp"
#include "dcs/consul/watch_run.hpp"
#include "dcs/consul/write_dialogue.hpp"
#include "dcs/store_reader.hpp"
#include "dcs/store_writer.hpp"

namespace patroni::dcs::consul {

ConsulBackend::ConsulBackend(transport::HttpClient& http, StoreAccess agents, Access access)
    : http_(http), agents_(std::move(agents)), access_(std::move(access)) {}

ConsulBackend::~ConsulBackend() {
    for (const auto& watch : watches_) {
        if (const auto run = watch.lock()) {
            run->drop();
        }
    }
}

Operation ConsulBackend::start_read(std::string prefix, transport::SteadyTime deadline,
                                    Callback<void(Result<Snapshot>)> done) {
    return read_store(http_, agents_, std::make_unique<ReadPrefix>(std::move(prefix), access_),
                      deadline, std::move(done));
}

Operation ConsulBackend::start_write(StoreWrite write, transport::SteadyTime deadline,
                                     Callback<void(Result<StoreOutcome>)> done) {
    WritePlan plan;
    plan.write = write;
    plan.look = [key = write.key, access = access_] {
        return std::make_unique<ReadPrefix>(key, access);
    };
    plan.dialogue = std::make_unique<WriteKey>(std::move(write), access_);
    return write_store(http_, agents_, std::move(plan), deadline, std::move(done));
}

Operation ConsulBackend::start_watch(WatchRequest request, Callback<void(WatchEvent)> told) {
    std::erase_if(watches_, [](const auto& watch) { return watch.expired(); });
    const auto run = std::make_shared<WatchRun>(
        http_, agents_, WatchMachine(std::move(request.prefix), access_, request.silence),
        std::move(told));
    watches_.push_back(run);
    run->start();
    return Operation([weak = std::weak_ptr(run)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

RemovalHold ConsulBackend::removal_hold() const {
    return {std::chrono::milliseconds(50), std::chrono::milliseconds(50)};
}

}  // namespace patroni::dcs::consul
