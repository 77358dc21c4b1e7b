#pragma once

#include "dcs/backend.hpp"

#include <patroni/seeds.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace patroni::dcs {

/// A store whose endpoints are found first, by DNS or Exhibitor, and found anew after some time and
/// after they failed. A watch that runs stays with the endpoints that it began with.
class LocatedBackend final : public Backend {
public:
    /// Makes the backend for seeds whose endpoints are known.
    using Make = std::function<Result<std::shared_ptr<Backend>>(const Seeds& seeds)>;

    LocatedBackend(transport::HttpClient& http, Seeds seeds, Make make);
    ~LocatedBackend() override;

    Operation start_read(std::string prefix, transport::SteadyTime deadline,
                         Callback<void(Result<Snapshot>)> done) override;
    Operation start_read_pages(std::string prefix, transport::SteadyTime deadline,
                               Callback<void(Page)> page,
                               Callback<void(Result<std::uint64_t>)> done) override;
    Operation start_write(StoreWrite write, transport::SteadyTime deadline,
                          Callback<void(Result<StoreOutcome>)> done) override;
    Operation start_watch(WatchRequest request, Callback<void(WatchEvent)> told) override;
    RemovalHold removal_hold() const override;

private:
    struct State;
    explicit LocatedBackend(std::shared_ptr<State> state) : state_(std::move(state)) {}

    /// Not before the endpoints are known: `use` starts the operation, `fail` ends it.
    Operation when_located(transport::SteadyTime deadline,
                           Callback<Operation(std::shared_ptr<Backend>)> use,
                           Callback<void(Error)> fail);

    std::shared_ptr<State> state_;
};

}  // namespace patroni::dcs
