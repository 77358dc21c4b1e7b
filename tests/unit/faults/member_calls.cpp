#include "unit/faults/member_calls.hpp"

#include <stdexcept>
#include <utility>

namespace patroni::testing {
namespace {

template <class Request>
CallEnd end_of(Result<Reply<typename Request::Data>> result) {
    CallEnd end;
    if (!result) {
        end.failure = std::move(result).error();
    } else if constexpr (rest::is_write<Request>) {
        end.outcome = std::move(result->data);
    } else if constexpr (std::is_same_v<Request, RawRequest>) {
        end.outcome = std::move(result->data.outcome);
    }
    return end;
}

template <class Request>
MemberCall call_of(std::string name, std::string call, std::string answer, Request request) {
    MemberCall made;
    made.name = std::move(name);
    made.call = std::move(call);
    made.answer = std::move(answer);
    made.is_write = rest::may_change(request);
    made.run = [request](Member& member, CallOptions options) {
        try {
            return end_of<Request>(member.call(request, options));
        } catch (const Failure& failure) {
            return CallEnd{failure.error(), std::nullopt};
        }
    };
    made.start = [request](Member& member, CallOptions options, std::function<void(CallEnd)> done) {
        return member.start(request, options, [done = std::move(done)](auto result) {
            done(end_of<Request>(std::move(result)));
        });
    };
    made.start_below = [request](rest::MemberCaller& caller, transport::SteadyTime deadline,
                                 std::function<void(CallEnd)> done) {
        caller.start(request, deadline, [done = std::move(done)](auto result) {
            done(end_of<Request>(std::move(result)));
        });
    };
    return made;
}

std::string typed(const std::string& status, const std::string& type, const std::string& body) {
    return "HTTP/1.0 " + status +
           "\r\nServer: BaseHTTP/0.6 Python/3.11.2\r\nContent-Type: " + type + "\r\n\r\n" + body;
}
std::string json(const std::string& body) {
    return typed("200 OK", "application/json", body);
}
std::string text(const std::string& body, const std::string& status = "200 OK") {
    return typed(status, "text/html", body);
}

const std::string k_status =
    R"({"state": "running", "role": "primary", "server_version": 150004, "timeline": 1,)"
    R"( "xlog": {"location": 67108864}, "patroni": {"version": "4.1.4", "scope": "batman",)"
    R"( "name": "pg1"}})";
const std::string k_cluster =
    R"({"members": [{"name": "pg1", "role": "leader", "state": "running", "api_url":)"
    R"( "http://127.0.0.1:8008/patroni", "host": "127.0.0.1", "port": 5432, "timeline": 1}],)"
    R"( "scope": "batman"})";
const std::string k_metrics =
    "# HELP patroni_version Patroni semver without periods.\n# TYPE patroni_version gauge\n"
    "patroni_version{scope=\"batman\",name=\"pg1\"} 040104\n";
const std::string k_status_alone = "HTTP/1.0 200 OK\r\n\r\n";

MemberCall without_judged_body(MemberCall call) {
    call.is_body_judged = false;
    return call;
}

std::vector<MemberCall> make_calls() {
    return {
        call_of("GetStatus", "GET /patroni", json(k_status), GetStatus{}),
        call_of("GetCluster", "GET /cluster", json(k_cluster), GetCluster{}),
        call_of("GetHistory", "GET /history",
                json(R"([[1, 67108864, "no recovery target specified"]])"), GetHistory{}),
        call_of("GetConfig", "GET /config", json(R"({"ttl": 30, "loop_wait": 10})"), GetConfig{}),
        call_of("GetMetrics", "GET /metrics", typed("200 OK", "text/plain", k_metrics),
                GetMetrics{}),
        call_of("GetFailsafe", "GET /failsafe", json(R"({"pg1": "http://127.0.0.1:8008/patroni"})"),
                GetFailsafe{}),
        call_of("CheckHealth", "GET /", json(k_status), CheckHealth{}),
        call_of("CheckLiveness", "GET /liveness", k_status_alone, CheckLiveness{}),
        call_of("CheckReadiness", "GET /readiness", k_status_alone, CheckReadiness{}),
        without_judged_body(call_of("RawRequest", "GET /raw", text("anything at all"),
                                    RawRequest{.target = "/raw"})),
        call_of("RawRequest_write", "POST /reload//", text("reload scheduled", "202 Accepted"),
                RawRequest{.method = "POST", .target = "/reload//"}),
        call_of("PatchConfig", "PATCH /config", json(R"({"ttl": 30})"),
                PatchConfig{Value::object({{"ttl", 30}})}),
        call_of("PutConfig", "PUT /config", json(R"({"ttl": 30})"),
                PutConfig{Value::object({{"ttl", 30}})}),
        call_of("Reload", "POST /reload", text("reload scheduled", "202 Accepted"), Reload{}),
        call_of("Restart", "POST /restart", text("restarted successfully"), Restart{}),
        call_of("CancelRestart", "DELETE /restart", text("scheduled restart deleted"),
                CancelRestart{}),
        call_of("Reinitialize", "POST /reinitialize", text("reinitialize started"), Reinitialize{}),
        call_of("Switchover", "POST /switchover", text("Successfully switched over to \"pg2\""),
                Switchover{.leader = "pg1", .candidate = "pg2"}),
        call_of("CancelSwitchover", "DELETE /switchover", text("scheduled switchover deleted"),
                CancelSwitchover{}),
        call_of("Failover", "POST /failover", text("Successfully failed over to \"pg2\""),
                Failover{"pg2"}),
        call_of("AnnounceFailsafe", "POST /failsafe", text("Accepted"),
                AnnounceFailsafe{"pg1", "postgres://127.0.0.1:5432/postgres",
                                 "http://127.0.0.1:8008/patroni"}),
        call_of("NotifyCoordinator", "POST /citus", text("OK"), NotifyCoordinator{.leader = "pg1"}),
        call_of("NotifyCoordinator_mpp", "POST /mpp", text("OK"),
                NotifyCoordinator{.leader = "pg1", .mpp = true}),
        call_of("RequestSigterm", "POST /sigterm", text("shutdown scheduled", "202 Accepted"),
                RequestSigterm{}),
    };
}

}  // namespace

const std::vector<MemberCall>& member_calls() {
    static const std::vector<MemberCall> calls = make_calls();
    return calls;
}

std::vector<std::string> answer_segments(const std::string& call) {
    for (const auto& known : member_calls()) {
        if (known.call == call) {
            const std::size_t body = known.answer.find("\r\n\r\n") + 4;
            if (body == known.answer.size()) {
                return {known.answer};
            }
            return {known.answer.substr(0, body), known.answer.substr(body)};
        }
    }
    throw std::logic_error("no answer for " + call);
}

}  // namespace patroni::testing
