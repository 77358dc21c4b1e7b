#include "dcs/http_backend.hpp"

#include "dcs/dialogues.hpp"
#include "dcs/etcd3/page_reader.hpp"
#include "dcs/watch_runner.hpp"

namespace patroni::dcs {

HttpBackend::HttpBackend(transport::HttpClient& http, Seeds seeds)
    : http_(http), seeds_(std::move(seeds)) {}

HttpBackend::~HttpBackend() {
    for (const auto& watch : watches_) {
        if (const auto alive = watch.lock()) {
            alive->drop();
        }
    }
}

StoreAccess HttpBackend::access() const {
    StoreAccess access = access_of(seeds_);
    access.identity = identity_;
    return access;
}

Operation HttpBackend::start_read(std::string prefix, transport::SteadyTime deadline,
                                  Callback<void(Result<Snapshot>)> done) {
    return read_store(http_, access(), make_reader(seeds_, prefix), deadline, std::move(done));
}

Operation HttpBackend::start_read_pages(std::string prefix, transport::SteadyTime deadline,
                                        Callback<void(Page)> page,
                                        Callback<void(Result<std::uint64_t>)> done) {
    if (seeds_.kind != Seeds::Kind::etcd3) {
        return Backend::start_read_pages(std::move(prefix), deadline, std::move(page),
                                         std::move(done));
    }
    return etcd3::read_pages(http_, access(),
                             etcd3::ReadPages(std::move(prefix), {seeds_.user, seeds_.password}),
                             deadline, std::move(page), std::move(done));
}

Operation HttpBackend::start_write(StoreWrite write, transport::SteadyTime deadline,
                                   Callback<void(Result<StoreOutcome>)> done) {
    return write_store(http_, access(), make_writer(seeds_, std::move(write)), deadline,
                       std::move(done));
}

Operation HttpBackend::start_watch(WatchRequest request, Callback<void(WatchEvent)> told) {
    std::erase_if(watches_, [](const auto& watch) { return watch.expired(); });
    // The watch itself judges which store it meets, and goes on elsewhere.
    auto runner = std::make_shared<WatchRunner>(http_, access_of(seeds_),
                                                make_watcher(seeds_, request.prefix, identity_),
                                                request.silence, std::move(told));
    watches_.push_back(runner);
    runner->start();
    return Operation([weak = std::weak_ptr<WatchRunner>(runner)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::dcs
