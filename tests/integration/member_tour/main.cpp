// One call of patroni::Member and its answer as JSON; tests/integration/test_tour.py drives it.
#include "answers.hpp"
#include "arguments.hpp"
#include "codec/json.hpp"

#include <array>
#include <cstdio>
#include <functional>
#include <string_view>

namespace patroni::tour {
namespace {

constexpr const char* k_usage =
    "member_tour URL CALL [NAME=VALUE]...\n"
    "  user= password= ca= certificate= key=   how the member is spoken to\n"
    "  timeout_ms= attempts=                   how the call is made\n"
    "exit 0 with JSON on stdout, whatever the member answered; 2: wrong usage\n";

struct Answer {
    Value data;
    Value outcome;
    int status = 0;
    double elapsed_ms = 0;
};

using Perform = std::function<Answer(Member&, CallOptions)>;

template <class Request>
Perform perform(Request request) {
    return [request = std::move(request)](Member& member, CallOptions options) {
        auto reply = member.call(request, options);
        Answer answer{{}, {}, reply.status, static_cast<double>(reply.elapsed.count()) / 1000.0};
        if constexpr (std::is_same_v<typename Request::Data, Outcome>) {
            answer.outcome = to_value(reply.data);
        } else {
            answer.data = to_value(reply.data);
        }
        return answer;
    };
}

/// The enumerator whose word this is.
template <class Enum, std::size_t size>
Enum word(const std::array<std::pair<std::string_view, Enum>, size>& words, std::string_view text) {
    for (const auto& [name, value] : words) {
        if (name == text) {
            return value;
        }
    }
    throw WrongArgument("not one of its words: " + std::string(text));
}

CheckHealth health(Arguments& with) {
    CheckHealth request;
    const std::string path = with.text_or("check", "/");
    for (int check = 0; check <= static_cast<int>(HealthCheck::health); ++check) {
        if (path_of(static_cast<HealthCheck>(check)) == path) {
            request.check = static_cast<HealthCheck>(check);
        }
    }
    if (path_of(request.check) != path) {
        throw WrongArgument("no check " + path);
    }
    using enum CheckHealth::Method;
    request.method = word<CheckHealth::Method, 3>(
        {{{"GET", get}, {"HEAD", head}, {"OPTIONS", options}}}, with.text_or("method", "GET"));
    if (const auto lag = with.number("max_lag")) {
        request.max_lag_bytes = static_cast<std::uint64_t>(*lag);
    }
    if (const auto tag = with.text("tag")) {
        const auto end = tag->find(':');
        request.tags.emplace_back(tag->substr(0, end), tag->substr(end + 1));
    }
    return request;
}

CheckReadiness readiness(Arguments& with) {
    CheckReadiness request;
    if (const auto lag = with.number("max_lag")) {
        request.max_lag_bytes = static_cast<std::uint64_t>(*lag);
    }
    request.mode = word<CheckReadiness::Mode, 2>(
        {{{"apply", CheckReadiness::Mode::apply}, {"write", CheckReadiness::Mode::write}}},
        with.text_or("mode", "apply"));
    return request;
}

Restart restart(Arguments& with) {
    Restart request;
    request.schedule = with.time("schedule");
    if (const auto role = with.text("role")) {
        using enum Restart::Role;
        request.role = word<Restart::Role, 3>(
            {{{"primary", primary}, {"standby_leader", standby_leader}, {"replica", replica}}},
            *role);
    }
    request.postgres_version = with.text("postgres_version");
    request.only_if_pending = with.flag("only_if_pending");
    if (const auto timeout = with.number("timeout")) {
        request.timeout = std::chrono::seconds(*timeout);
    }
    return request;
}

NotifyCoordinator notification(Arguments& with) {
    NotifyCoordinator request;
    request.group = 1;
    request.leader = with.text_or("leader", "");
    request.mpp = with.flag("mpp");
    return request;
}

struct Call {
    const char* name;
    Perform (*make)(Arguments& with);
};

// Every request that the library has.
constexpr std::array k_calls = {
    Call{"status", [](Arguments&) { return perform(GetStatus{}); }},
    Call{"cluster", [](Arguments&) { return perform(GetCluster{}); }},
    Call{"history", [](Arguments&) { return perform(GetHistory{}); }},
    Call{"config", [](Arguments&) { return perform(GetConfig{}); }},
    Call{"metrics", [](Arguments&) { return perform(GetMetrics{}); }},
    Call{"failsafe", [](Arguments&) { return perform(GetFailsafe{}); }},
    Call{"health", [](Arguments& with) { return perform(health(with)); }},
    Call{"liveness", [](Arguments&) { return perform(CheckLiveness{}); }},
    Call{"readiness", [](Arguments& with) { return perform(readiness(with)); }},
    Call{"raw",
         [](Arguments& with) {
             return perform(RawRequest{.method = with.text_or("method", "GET"),
                                       .target = with.text_or("target", "/"),
                                       .body = with.text_or("body", "")});
         }},
    Call{"patch_config",
         [](Arguments& with) { return perform(PatchConfig{.patch = with.json("patch")}); }},
    Call{"put_config",
         [](Arguments& with) { return perform(PutConfig{.config = with.json("config")}); }},
    Call{"reload", [](Arguments&) { return perform(Reload{}); }},
    Call{"restart", [](Arguments& with) { return perform(restart(with)); }},
    Call{"cancel_restart", [](Arguments&) { return perform(CancelRestart{}); }},
    Call{"reinitialize",
         [](Arguments& with) {
             return perform(Reinitialize{.force = with.flag("force"),
                                         .from_leader = with.flag("from_leader")});
         }},
    Call{"switchover",
         [](Arguments& with) {
             return perform(Switchover{.leader = with.text_or("leader", ""),
                                       .candidate = with.text("candidate"),
                                       .schedule = with.time("schedule")});
         }},
    Call{"cancel_switchover", [](Arguments&) { return perform(CancelSwitchover{}); }},
    Call{"failover",
         [](Arguments& with) {
             return perform(Failover{.candidate = with.text_or("candidate", "")});
         }},
    Call{"announce_failsafe",
         [](Arguments& with) {
             return perform(AnnounceFailsafe{.name = with.text_or("name", ""),
                                             .postgres_url = with.text_or("postgres_url", ""),
                                             .api_url = with.text_or("api_url", "")});
         }},
    Call{"notify_coordinator", [](Arguments& with) { return perform(notification(with)); }},
    Call{"sigterm", [](Arguments&) { return perform(RequestSigterm{}); }},
};

Value run(const std::string& url, const std::string& name, Arguments with) {
    Perform make;
    for (const Call& call : k_calls) {
        if (call.name == name) {
            make = call.make(with);
        }
    }
    if (!make) {
        throw WrongArgument("no call " + name);
    }
    MemberOptions options;
    options.user = with.text_or("user", "");
    options.password = Secret(with.text_or("password", ""));
    options.tls.ca_file = with.text_or("ca", "");
    options.tls.certificate_file = with.text_or("certificate", "");
    options.tls.key_file = with.text_or("key", "");
    CallOptions how;
    how.timeout = std::chrono::milliseconds(with.number("timeout_ms").value_or(0));
    how.attempts = static_cast<int>(with.number("attempts").value_or(1));
    with.expect_all_taken();

    Value result = Value::object({{"call", name}});
    Member member(url, std::move(options));
    try {
        const Answer answer = make(member, how);
        result.set("status", answer.status).set("data", answer.data).set("outcome", answer.outcome);
        result.set("elapsed_ms", static_cast<std::int64_t>(answer.elapsed_ms));
    } catch (const Failure& failure) {
        result.set("error", to_value(failure.error()));
    }
    result.set("version", member.version() ? Value(to_string(*member.version())) : Value());
    return result;
}

}  // namespace
}  // namespace patroni::tour

int main(int count, char** texts) {
    const std::vector<std::string> all(texts + 1, texts + count);
    if (all.size() < 2) {
        std::fputs(patroni::tour::k_usage, stderr);
        return 2;
    }
    try {
        const auto result = patroni::tour::run(
            all[0], all[1], patroni::tour::Arguments({all.begin() + 2, all.end()}));
        std::puts(patroni::codec::to_json(result).c_str());
    } catch (const std::exception& wrong) {
        std::fprintf(stderr, "member_tour: %s\n%s", wrong.what(), patroni::tour::k_usage);
        return 2;
    }
}
