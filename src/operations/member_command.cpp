#include "operations/member_command.hpp"

#include "rest/member_caller.hpp"

namespace patroni::operations {
namespace {

/// Chooses the request of an action.
class Commands {
public:
    Commands(transport::HttpClient& http, const Requester& requester, const Origin& api,
             std::chrono::milliseconds timeout, Callback<void(Result<Outcome>)> done)
        : caller_(http, api, requester.tls,
                  rest::Credentials{requester.user, requester.password,
                                    requester.manners.always_authenticate}),
          timeout_(timeout),
          done_(std::move(done)) {}

    Operation operator()(const RestartMembers& action) { return send(action.how); }
    Operation operator()(const CancelRestarts&) { return send(CancelRestart{}); }
    Operation operator()(const ReinitializeMembers& action) { return send(action.how); }
    Operation operator()(const ReloadMembers&) { return send(Reload{}); }
    Operation operator()(const CancelScheduledSwitchover&) { return send(CancelSwitchover{}); }
    Operation operator()(const SetPause& action) {
        return patch("pause", action.on ? Value(true) : Value());
    }
    Operation operator()(const DemoteCluster& action) {
        return send(PatchConfig{standby_patch(action.source)});
    }
    Operation operator()(const PromoteCluster&) { return patch("standby_cluster", Value()); }
    /// What is not told to members one by one.
    template <class Other>
    Operation operator()(const Other&) {
        done_(Error{});
        return {};
    }

private:
    Operation patch(const char* key, Value value) {
        return send(PatchConfig{Value::object({{key, std::move(value)}})});
    }

    template <class Request>
    Operation send(Request request) {
        const auto timeout = timeout_.count() > 0 ? timeout_ : rest::default_timeout(request);
        return caller_.start(std::move(request), std::chrono::steady_clock::now() + timeout,
                             [done = std::move(done_)](Result<Reply<Outcome>> reply) mutable {
                                 if (!reply) {
                                     return done(std::move(reply).error());
                                 }
                                 done(std::move(reply->data));
                             });
    }

    rest::MemberCaller caller_;
    std::chrono::milliseconds timeout_;
    Callback<void(Result<Outcome>)> done_;
};

}  // namespace

Operation send_command(transport::HttpClient& http, const Requester& requester,
                       const Action& action, const PlannedRequest& planned,
                       std::chrono::milliseconds timeout, Callback<void(Result<Outcome>)> done) {
    return std::visit(Commands(http, requester, planned.api, timeout, std::move(done)), action);
}

Value standby_patch(const StandbySource& source) {
    Value fields = Value::object();
    if (source.host) {
        fields.set("host", *source.host);
    }
    if (source.port) {
        fields.set("port", std::int64_t{*source.port});
    }
    if (source.primary_slot_name) {
        fields.set("primary_slot_name", *source.primary_slot_name);
    }
    if (source.restore_command) {
        fields.set("restore_command", *source.restore_command);
    }
    return Value::object({{"standby_cluster", std::move(fields)}});
}

}  // namespace patroni::operations
