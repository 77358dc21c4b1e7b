#include "client/call_loop.hpp"
#include "client/runtime_impl.hpp"
#include "operations/execution.hpp"
#include "operations/leader_change.hpp"
#include "operations/plan.hpp"
#include "operations/verification.hpp"

#include <patroni/capability.hpp>
#include <patroni/operations.hpp>
#include <patroni/store.hpp>

#include <boost/asio/steady_timer.hpp>

#include <optional>

namespace patroni {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// For a call that no row of the table describes.
constexpr milliseconds k_other_timeout{30'000};

Operation wait(boost::asio::io_context& context, milliseconds pause, Callback<void()> done) {
    const auto timer = std::make_shared<boost::asio::steady_timer>(context, pause);
    timer->async_wait(
        [timer, done = std::move(done)](const boost::system::error_code&) mutable { done(); });
    return Operation([weak = std::weak_ptr(timer)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

milliseconds timeout_of(std::string_view method, std::string_view target) {
    const Capability* row = find_capability(method, target.substr(0, target.find('?')));
    return row ? row->timeout : k_other_timeout;
}

}  // namespace

class Operations::Impl {
public:
    Impl(Runtime* runtime, Seeds seeds, OperationsOptions options)
        : loop_(runtime), seeds_(std::move(seeds)), options_(std::move(options)) {
        requester_.user = options_.member.user;
        requester_.password = options_.member.password;
        requester_.tls = std::make_shared<const TlsSettings>(options_.member.tls);
        requester_.manners = {options_.more_attempts, options_.follow_redirects,
                              options_.member.authenticate_reads, options_.user_agent,
                              options_.connect_timeout};
        start_over();
    }

    CallLoop& loop() noexcept { return loop_; }

    Operation prepare(std::string scope, Action action, std::optional<int> group,
                      Callback<void(Result<OperationPlan>)> done) {
        store_->path(scope, group);  // Refuses what is no name.
        return loop_.begin<OperationPlan>(
            std::move(done), [this, scope = std::move(scope), action = std::move(action),
                              group](Callback<void(Result<OperationPlan>)> next) mutable {
                return ports_.read(
                    scope, [scope, action = std::move(action), group,
                            next = std::move(next)](Result<std::vector<Cluster>> clusters) mutable {
                        if (!clusters) {
                            return next(std::move(clusters).error());
                        }
                        const Cluster seen =
                            operations::pick_cluster(*std::move(clusters), scope, group);
                        auto plan = operations::make_plan(seen, std::move(action));
                        plan.scope = scope;
                        next(std::move(plan));
                    });
            });
    }

    Operation execute(OperationPlan plan, Callback<void(Result<OperationResult>)> done) {
        return loop_.begin<OperationResult>(
            std::move(done),
            [this, plan = std::move(plan)](Callback<void(Result<OperationResult>)> next) mutable {
                return operations::execute_plan(*http_, requester_, ports_, std::move(plan),
                                                options_.member_timeout, std::move(next));
            });
    }

    Operation verify(OperationPlan plan, Outcome outcome, milliseconds timeout,
                     Callback<void(Result<Outcome>)> done) {
        const auto deadline = steady_clock::now() + timeout;
        return loop_.begin<Outcome>(
            std::move(done), [this, plan = std::move(plan), outcome = std::move(outcome),
                              deadline](Callback<void(Result<Outcome>)> next) mutable {
                return operations::verify_plan(ports_, std::move(plan), std::move(outcome),
                                               deadline, std::move(next));
            });
    }

    Operation change_leader(LeaderRequest request, Callback<void(Result<LeaderResult>)> done) {
        const auto deadline = deadline_of("POST", "/" + std::string(to_string(request.kind)));
        return loop_.begin<LeaderResult>(
            std::move(done), [this, request = std::move(request),
                              deadline](Callback<void(Result<LeaderResult>)> next) mutable {
                return operations::change_leader(*http_, requester_, ports_, std::move(request),
                                                 deadline, std::move(next));
            });
    }

    Operation ask(Origin member, const RawRequest& request,
                  Callback<void(Result<Reply<RawRequest::Data>>)> done) {
        using Data = Reply<RawRequest::Data>;
        protocol::Request http;
        http.method = request.method;
        http.target = request.target;
        http.body = request.body;
        const auto deadline = deadline_of(request.method, request.target);
        return loop_.begin<Data>(
            std::move(done), [this, member = std::move(member), http = std::move(http),
                              deadline](Callback<void(Result<Data>)> next) mutable {
                const auto begun = steady_clock::now();
                return operations::send_to_member(
                    *http_, requester_, std::move(member), std::move(http), deadline,
                    [begun, next = std::move(next)](Result<protocol::Response> response) mutable {
                        if (!response) {
                            return next(std::move(response).error());
                        }
                        Data reply;
                        reply.status = response->status;
                        reply.headers = std::move(response->headers);
                        reply.body = std::move(response->body);
                        reply.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
                            steady_clock::now() - begun);
                        next(std::move(reply));
                    });
            });
    }

    template <class T, class Start>
    T block(Start start_operation) {
        return loop_.block<T>([this] { start_over(); }, std::move(start_operation));
    }

private:
    transport::SteadyTime deadline_of(std::string_view method, std::string_view target) const {
        return steady_clock::now() + (options_.member_timeout.count() > 0
                                          ? options_.member_timeout
                                          : timeout_of(method, target));
    }

    void start_over() {
        transport::HttpClient::Options transport_options;
        transport_options.trace = options_.member.trace;
        http_.emplace(loop_.runtime().impl().context, std::move(transport_options));
        store_.emplace(loop_.runtime(), seeds_,
                       StoreOptions{.writable = true, .trace = options_.member.trace});
        ports_.read = [this](const std::string& scope, operations::Ports::TakeClusters done) {
            return store_->start_clusters(scope, options_.store_timeout, std::move(done));
        };
        ports_.write = [this](StoreWrite write, operations::Ports::TakeOutcome done) {
            return store_->start_write(std::move(write), options_.store_timeout, std::move(done));
        };
        ports_.remove = [this](const std::string& scope, std::optional<int> group,
                               operations::Ports::TakeOutcome done) {
            return store_->start_remove_cluster(scope, group, options_.store_timeout,
                                                std::move(done));
        };
        ports_.wait = [this](milliseconds pause, Callback<void()> done) {
            return wait(loop_.runtime().impl().context, pause,
                        [alive = loop_.alive(), done = std::move(done)]() mutable {
                            if (!alive.expired()) {  // Else there are no ports to go on with.
                                done();
                            }
                        });
        };
    }

    CallLoop loop_;
    Seeds seeds_;
    OperationsOptions options_;
    operations::Requester requester_;
    operations::Ports ports_;
    std::optional<Store> store_;  ///< Always set, as the next.
    std::optional<transport::HttpClient> http_;
};

Operations::Operations(Seeds store, OperationsOptions options)
    : impl_(std::make_unique<Impl>(nullptr, std::move(store), std::move(options))) {}
Operations::Operations(Runtime& runtime, Seeds store, OperationsOptions options)
    : impl_(std::make_unique<Impl>(&runtime, std::move(store), std::move(options))) {}
Operations::~Operations() = default;
Operations::Operations(Operations&&) noexcept = default;
Operations& Operations::operator=(Operations&&) noexcept = default;

OperationPlan Operations::plan(const Cluster& seen, Action action) {
    return operations::make_plan(seen, std::move(action));
}

OperationPlan Operations::prepare(std::string_view scope, Action action, std::optional<int> group) {
    return impl_->block<OperationPlan>([&](Callback<void(Result<OperationPlan>)> done) {
        impl_->prepare(std::string(scope), std::move(action), group, std::move(done));
    });
}

OperationResult Operations::execute(const OperationPlan& plan) {
    return impl_->block<OperationResult>([&](Callback<void(Result<OperationResult>)> done) {
        impl_->execute(plan, std::move(done));
    });
}

Outcome Operations::verify(const OperationPlan& plan, const OperationResult& result,
                           milliseconds timeout) {
    return impl_->block<Outcome>([&](Callback<void(Result<Outcome>)> done) {
        impl_->verify(plan, result.outcome, timeout, std::move(done));
    });
}

LeaderResult Operations::change_leader(LeaderRequest request) {
    return impl_->block<LeaderResult>([&](Callback<void(Result<LeaderResult>)> done) {
        impl_->change_leader(std::move(request), std::move(done));
    });
}

Reply<RawRequest::Data> Operations::ask(const Origin& member, const RawRequest& request) {
    using Data = Reply<RawRequest::Data>;
    return impl_->block<Data>(
        [&](Callback<void(Result<Data>)> done) { impl_->ask(member, request, std::move(done)); });
}

Operation Operations::start_prepare(std::string_view scope, Action action, std::optional<int> group,
                                    Callback<void(Result<OperationPlan>)> done) {
    impl_->loop().require_runtime();
    return impl_->prepare(std::string(scope), std::move(action), group, std::move(done));
}

Operation Operations::start_execute(const OperationPlan& plan,
                                    Callback<void(Result<OperationResult>)> done) {
    impl_->loop().require_runtime();
    return impl_->execute(plan, std::move(done));
}

Operation Operations::start_verify(const OperationPlan& plan, const OperationResult& result,
                                   milliseconds timeout, Callback<void(Result<Outcome>)> done) {
    impl_->loop().require_runtime();
    return impl_->verify(plan, result.outcome, timeout, std::move(done));
}

Operation Operations::start_change_leader(LeaderRequest request,
                                          Callback<void(Result<LeaderResult>)> done) {
    impl_->loop().require_runtime();
    return impl_->change_leader(std::move(request), std::move(done));
}

Operation Operations::start_ask(const Origin& member, const RawRequest& request,
                                Callback<void(Result<Reply<RawRequest::Data>>)> done) {
    impl_->loop().require_runtime();
    return impl_->ask(member, request, std::move(done));
}

}  // namespace patroni
