#include "dcs/http_backend.hpp"

#include "dcs/dialogues.hpp"
#include "transport/loop_timer.hpp"

namespace patroni::dcs {

HttpBackend::HttpBackend(transport::HttpClient& http, Seeds seeds)
    : http_(http), seeds_(std::move(seeds)) {}

Operation HttpBackend::start_read(std::string prefix, transport::SteadyTime deadline,
                                  Callback<void(Result<Snapshot>)> done) {
    return read_store(http_, access_of(seeds_), make_reader(seeds_, prefix), deadline,
                      [done = std::move(done)](Result<Snapshot> snapshot) mutable {
                          if (!snapshot && snapshot.error().kind == ErrorKind::not_found) {
                              snapshot = Snapshot{};  // etcd v2: no such directory.
                          }
                          done(std::move(snapshot));
                      });
}

Operation HttpBackend::start_write(StoreWrite write, transport::SteadyTime deadline,
                                   Callback<void(Result<StoreOutcome>)> done) {
    return write_store(http_, access_of(seeds_), make_writer(seeds_, std::move(write)), deadline,
                       std::move(done));
}

Operation HttpBackend::start_watch(WatchRequest, Callback<void(WatchEvent)> told) {
    transport::post(http_.context(), [told = std::move(told)]() mutable {
        Error error;
        error.kind = ErrorKind::unsupported;
        error.message = "this build cannot watch etcd";
        told(WatchEnded{std::move(error)});
    });
    return {};
}

}  // namespace patroni::dcs
