#pragma once

#include <patroni/callback.hpp>
#include <patroni/member.hpp>
#include <patroni/operation.hpp>
#include <patroni/operation_plan.hpp>
#include <patroni/result.hpp>
#include <patroni/runtime.hpp>
#include <patroni/seeds.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni {

/// How Operations speak to members and to the store.
struct OperationsOptions {
    MemberOptions member = {};  ///< Credentials and TLS of the REST API; `trace` is for all.
    std::chrono::milliseconds store_timeout{10000};  ///< For each read or write.
    /// For each request to a member; 0: `Capability::timeout` of the call, and for a restart its
    /// own timeout on top.
    std::chrono::milliseconds member_timeout{0};
    /// Looking for an address, connecting, TLS: each at most this long.
    std::chrono::milliseconds connect_timeout{1000};
    /// Further attempts when no connection comes about, and of GET and DELETE when it breaks.
    int more_attempts = 0;
    bool follow_redirects = false;  ///< Counted with `more_attempts`.
    std::string user_agent = {};    ///< Empty: "libpatroni/VERSION".
};

/// Changes to a cluster in three steps, each of which can be the last: prepare (looks, and tells
/// what would be done or why it cannot), execute (tells members, in the order of the plan; where no
/// member answers, the store), verify (looks until the cluster is as it was wanted).
///
///     patroni::Operations operations{patroni::Seeds::etcd3("10.0.0.1").value()};
///     const auto plan = operations.prepare("demo", patroni::SwitchLeader{.candidate = "pg2"});
///     auto result = operations.execute(plan);
///     if (result.outcome.kind != patroni::OutcomeKind::rejected)
///         result.outcome = operations.verify(plan, result, std::chrono::seconds(30));
///
/// Nothing is repeated that may have been carried out. A switchover or failover without an answer
/// is written to the store only if nothing has changed since, with compare-and-set.
///
/// Blocking functions run an own event loop on the calling thread; `start_` functions need an
/// object that was made on a Runtime, and belong to its thread. Not for several threads at a time.
class Operations {
public:
    /// `store`: seeds of a kind that has Patroni's keys. Throws Failure (config).
    explicit Operations(Seeds store, OperationsOptions options = {});
    /// On a loop of the caller's, which must outlive it.
    Operations(Runtime& runtime, Seeds store, OperationsOptions options = {});
    ~Operations();
    Operations(Operations&&) noexcept;
    Operations& operator=(Operations&&) noexcept;

    /// Reads the cluster and judges. What cannot be done is `OperationPlan::refusal`. Throws
    /// Failure as `Store::clusters` when the store cannot be read.
    OperationPlan prepare(std::string_view scope, Action action,
                          std::optional<int> group = std::nullopt);

    /// The same without reading: pure.
    static OperationPlan plan(const Cluster& seen, Action action);

    /// Carries the plan out. Throws Failure only when certainly nothing was sent at all.
    OperationResult execute(const OperationPlan& plan);

    /// Reads the store again and again, at most once a second, until the plan has come true, has
    /// become impossible, or the time is over. Returns the outcome with what was seen: `unknown`
    /// becomes `done` where that shows; `done` becomes `unknown` (Reason::no_answer) where it does
    /// not show in time. Throws Failure when the store cannot be read at the end.
    Outcome verify(const OperationPlan& plan, const OperationResult& result,
                   std::chrono::milliseconds timeout);

    /// One switchover or failover without a plan.
    LeaderResult change_leader(LeaderRequest request);

    /// One request to one member, with the options of this object. A status is no error. Throws
    /// Failure; its delivery tells whether the request may have arrived.
    Reply<RawRequest::Data> ask(const Origin& member, const RawRequest& request);

    /// With callbacks, called once on the Runtime's thread, never from within these calls; dropped
    /// when the object is destroyed first. To cancel after something was sent gives an outcome that
    /// is unknown. Without a Runtime: throws Failure (config).
    Operation start_prepare(std::string_view scope, Action action, std::optional<int> group,
                            Callback<void(Result<OperationPlan>)> done);
    Operation start_execute(const OperationPlan& plan,
                            Callback<void(Result<OperationResult>)> done);
    Operation start_verify(const OperationPlan& plan, const OperationResult& result,
                           std::chrono::milliseconds timeout, Callback<void(Result<Outcome>)> done);
    Operation start_change_leader(LeaderRequest request, Callback<void(Result<LeaderResult>)> done);
    Operation start_ask(const Origin& member, const RawRequest& request,
                        Callback<void(Result<Reply<RawRequest::Data>>)> done);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace patroni
