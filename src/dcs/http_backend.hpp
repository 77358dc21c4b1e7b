#pragma once

#include "dcs/backend.hpp"
#include "dcs/endpoint_turns.hpp"

#include <patroni/seeds.hpp>

#include <memory>
#include <vector>

namespace patroni::dcs {

class WatchRunner;

/// etcd, v2 and v3 API: runs the dialogues of their folders over HTTP.
class HttpBackend final : public Backend {
public:
    HttpBackend(transport::HttpClient& http, Seeds seeds);
    ~HttpBackend() override;

    Operation start_read(std::string prefix, transport::SteadyTime deadline,
                         Callback<void(Result<Snapshot>)> done) override;
    Operation start_read_pages(std::string prefix, transport::SteadyTime deadline,
                               Callback<void(Page)> page,
                               Callback<void(Result<std::uint64_t>)> done) override;
    Operation start_write(StoreWrite write, transport::SteadyTime deadline,
                          Callback<void(Result<StoreOutcome>)> done) override;
    Operation start_watch(WatchRequest request, Callback<void(WatchEvent)> told) override;

private:
    StoreAccess access() const;

    transport::HttpClient& http_;
    Seeds seeds_;
    std::shared_ptr<StoreIdentity> identity_ = std::make_shared<StoreIdentity>();
    std::vector<std::weak_ptr<WatchRunner>> watches_;
};

}  // namespace patroni::dcs
