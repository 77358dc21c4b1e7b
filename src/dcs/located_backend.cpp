#include "dcs/located_backend.hpp"

#include "dcs/find_endpoints.hpp"
#include "transport/loop_timer.hpp"

#include <utility>

namespace patroni::dcs {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds k_location_time{10};
constexpr std::chrono::seconds k_retry_pause{1};

/// Whether other endpoints could have done better.
bool is_of_endpoints(const Error& error) {
    switch (error.kind) {
        case ErrorKind::resolve:
        case ErrorKind::connect_refused:
        case ErrorKind::unreachable:
        case ErrorKind::timeout:
        case ErrorKind::reset:
            return true;
        default:
            return false;
    }
}

/// What is under way: first the search, then the operation itself.
struct Step {
    Operation current;
    bool cancelled = false;
};

Operation cancel_of(std::shared_ptr<Step> step) {
    return Operation([step = std::move(step)] {
        step->cancelled = true;
        step->current.cancel();
    });
}

}  // namespace

struct LocatedBackend::State {
    State(transport::HttpClient& http_in, Seeds seeds_in, Make make_in)
        : http(http_in), seeds(std::move(seeds_in)), make(std::move(make_in)) {}

    bool is_current() const {
        return backend && steady_clock::now() < found_at + seeds.exhibitor_poll_interval;
    }
    Result<std::shared_ptr<Backend>> take(std::vector<Origin> endpoints) {
        Seeds located = seeds;
        located.endpoints = std::move(endpoints);
        located.srv_domain.clear();
        located.exhibitors.clear();
        auto made = make(located);
        if (made) {
            backend = *made;
            found_at = steady_clock::now();
        }
        return made;
    }

    transport::HttpClient& http;
    Seeds seeds;
    Make make;
    std::shared_ptr<Backend> backend;
    steady_clock::time_point found_at{};
};

LocatedBackend::LocatedBackend(transport::HttpClient& http, Seeds seeds, Make make)
    : state_(std::make_shared<State>(http, std::move(seeds), std::move(make))) {}

LocatedBackend::~LocatedBackend() = default;

Operation LocatedBackend::when_located(transport::SteadyTime deadline,
                                       Callback<Operation(std::shared_ptr<Backend>)> use,
                                       Callback<void(Error)> fail) {
    if (state_->is_current()) {
        return use(state_->backend);
    }
    auto step = std::make_shared<Step>();
    step->current =
        find_endpoints(state_->http, state_->seeds, deadline,
                       [step, state = state_, use = std::move(use),
                        fail = std::move(fail)](Result<std::vector<Origin>> found) mutable {
                           if (!found) {
                               return fail(std::move(found).error());
                           }
                           auto backend = state->take(*std::move(found));
                           if (!backend) {
                               return fail(std::move(backend).error());
                           }
                           step->current = use(*std::move(backend));
                           // The handle of the caller looks at the step: it lives as long as the
                           // operation may.
                           if (step->cancelled) {
                               step->current.cancel();
                           }
                       });
    return cancel_of(step);
}

namespace {

/// A callback that several branches may call, of which one does.
template <class T>
using Shared = std::shared_ptr<Callback<void(Result<T>)>>;

template <class T>
Shared<T> share(Callback<void(Result<T>)> done) {
    return std::make_shared<Callback<void(Result<T>)>>(std::move(done));
}

}  // namespace

Operation LocatedBackend::start_read(std::string prefix, transport::SteadyTime deadline,
                                     Callback<void(Result<Snapshot>)> done) {
    auto shared = share(std::move(done));
    return when_located(
        deadline,
        [this_state = state_, prefix = std::move(prefix), deadline,
         shared](std::shared_ptr<Backend> backend) {
            Backend& used = *backend;
            return used.start_read(prefix, deadline,
                                   [this_state, backend, shared](Result<Snapshot> result) {
                                       if (!result && is_of_endpoints(result.error())) {
                                           this_state->backend.reset();
                                       }
                                       (*shared)(std::move(result));
                                   });
        },
        [shared](Error error) { (*shared)(std::move(error)); });
}

Operation LocatedBackend::start_read_pages(std::string prefix, transport::SteadyTime deadline,
                                           Callback<void(Page)> page,
                                           Callback<void(Result<std::uint64_t>)> done) {
    auto shared = share(std::move(done));
    return when_located(
        deadline,
        [this_state = state_, prefix = std::move(prefix), deadline, page = std::move(page),
         shared](std::shared_ptr<Backend> backend) mutable {
            Backend& used = *backend;
            return used.start_read_pages(prefix, deadline, std::move(page),
                                         [this_state, backend, shared](Result<std::uint64_t> read) {
                                             if (!read && is_of_endpoints(read.error())) {
                                                 this_state->backend.reset();
                                             }
                                             (*shared)(std::move(read));
                                         });
        },
        [shared](Error error) { (*shared)(std::move(error)); });
}

Operation LocatedBackend::start_write(StoreWrite write, transport::SteadyTime deadline,
                                      Callback<void(Result<StoreOutcome>)> done) {
    auto shared = share(std::move(done));
    return when_located(
        deadline,
        [this_state = state_, write = std::move(write), deadline,
         shared](std::shared_ptr<Backend> backend) mutable {
            Backend& used = *backend;
            return used.start_write(std::move(write), deadline,
                                    [this_state, backend, shared](Result<StoreOutcome> outcome) {
                                        if (!outcome && is_of_endpoints(outcome.error())) {
                                            this_state->backend.reset();
                                        }
                                        (*shared)(std::move(outcome));
                                    });
        },
        [shared](Error error) { (*shared)(std::move(error)); });
}

namespace {

/// Goes on searching until the endpoints are known, then hands over to the watch itself.
class Watch : public std::enable_shared_from_this<Watch> {
public:
    using Locate = std::function<Operation(Callback<Operation(std::shared_ptr<Backend>)> use,
                                           Callback<void(Error)> fail)>;

    Watch(boost::asio::io_context& context, WatchRequest request, Locate locate,
          Callback<void(WatchEvent)> told)
        : timer_(context),
          request_(std::move(request)),
          locate_(std::move(locate)),
          told_(std::move(told)) {}

    void search() {
        current_ = locate_(
            [self = shared_from_this()](std::shared_ptr<Backend> backend) {
                Backend& used = *backend;
                return used.start_watch(self->request_, [self, backend](WatchEvent event) {
                    self->told_(std::move(event));
                });
            },
            [self = shared_from_this()](Error error) { self->failed(std::move(error)); });
    }

    void cancel() {
        is_cancelled_ = true;
        current_.cancel();
        if (is_pausing_) {
            timer_.start(std::chrono::milliseconds(0),
                         [self = shared_from_this()] { self->end(); });
        }
    }

private:
    void failed(Error error) {
        const bool hopeless = error.kind == ErrorKind::cancelled ||
                              error.kind == ErrorKind::config ||
                              error.kind == ErrorKind::unsupported;
        if (is_cancelled_ || hopeless) {
            return told_(WatchEnded{std::move(error)});
        }
        told_(WatchLost{std::move(error)});
        is_pausing_ = true;
        timer_.start(k_retry_pause, [self = shared_from_this()] {
            self->is_pausing_ = false;
            self->search();
        });
    }

    void end() {
        Error error;
        error.kind = ErrorKind::cancelled;
        error.message = "cancelled";
        told_(WatchEnded{std::move(error)});
    }

    transport::LoopTimer timer_;
    WatchRequest request_;
    Locate locate_;
    Callback<void(WatchEvent)> told_;
    Operation current_;
    bool is_cancelled_ = false;
    bool is_pausing_ = false;
};

}  // namespace

Operation LocatedBackend::start_watch(WatchRequest request, Callback<void(WatchEvent)> told) {
    auto locate = [state = state_](Callback<Operation(std::shared_ptr<Backend>)> use,
                                   Callback<void(Error)> fail) {
        LocatedBackend same(state);
        return same.when_located(steady_clock::now() + k_location_time, std::move(use),
                                 std::move(fail));
    };
    auto watch = std::make_shared<Watch>(state_->http.context(), std::move(request),
                                         std::move(locate), std::move(told));
    watch->search();
    return Operation([weak = std::weak_ptr<Watch>(watch)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

RemovalHold LocatedBackend::removal_hold() const {
    if (state_->backend) {
        return state_->backend->removal_hold();
    }
    // Of the kind of the store, wherever it is: making one asks nobody.
    Seeds anywhere = state_->seeds;
    anywhere.endpoints = {Origin{false, {"127.0.0.1", 1}}};
    anywhere.srv_domain.clear();
    anywhere.exhibitors.clear();
    const auto made = state_->make(anywhere);
    return made ? (*made)->removal_hold() : RemovalHold{};
}

}  // namespace patroni::dcs
