#include "base/text.hpp"
#include "codec/json.hpp"
#include "rest/encode.hpp"
#include "rest/gate.hpp"

#include <algorithm>

namespace patroni::rest {
namespace {

constexpr Version k_restart_filters{1, 1, 0};
constexpr Version k_switchover{1, 4, 0};

/// With a JSON body; without fields none is sent, which every version takes for `{}`.
Result<Encoded> with_body(Result<Encoded> encoded, const Value& body) {
    const Value::Object* fields = body.if_object();
    if (encoded && fields != nullptr && !fields->empty()) {
        encoded->request.body = codec::to_json(body);
        encoded->request.headers.emplace_back("Content-Type", "application/json");
    }
    return encoded;
}

Result<Encoded> encode_config(std::string_view method, const Value& document,
                              const KnownVersion& version) {
    const Value::Object* fields = document.if_object();
    if (fields == nullptr || fields->empty()) {
        return refuse(ErrorKind::config,
                      "the configuration must be a JSON object that is not empty");
    }
    return with_body(encode_plain(method, "/config", version), document);
}

/// A time that every version of Patroni reads the same: with offset, not `Z`.
std::string schedule_text(WallTime time) {
    std::string text = to_iso(time);
    text.pop_back();
    return text + "+00:00";
}

/// "15.4" or "9.6.24": what all versions since 1.1 accept in one form or the other.
bool is_postgres_version(std::string_view text) {
    int parts = 0;
    for (;;) {
        const auto end = text.find('.');
        const std::string_view part = text.substr(0, end);
        if (part.empty() || part.size() > 3 || !std::ranges::all_of(part, is_digit)) {
            return false;
        }
        ++parts;
        if (end == std::string_view::npos) {
            return parts == 2 || parts == 3;
        }
        text.remove_prefix(end + 1);
    }
}

/// The word for the role, which Patroni compares with its own word of that time.
std::string_view role_word(Restart::Role role, const KnownVersion& version) {
    switch (role) {
        case Restart::Role::standby_leader:
            return "standby_leader";
        case Restart::Role::replica:
            return "replica";
        case Restart::Role::primary:
            break;
    }
    return version && *version < Version{4, 0, 0} ? "master" : "primary";
}

std::optional<Error> refuse_restart(const Restart& request, const KnownVersion& version) {
    const bool is_conditional =
        request.schedule || request.role || request.postgres_version || request.only_if_pending;
    if (is_conditional) {
        // Patroni 0.90 and 1.0 do not read the body: they would restart at once.
        if (auto refusal = refuse_before(k_restart_filters, version, "a restart with conditions")) {
            return refusal;
        }
    }
    if (request.timeout) {
        if (request.timeout->count() <= 0) {
            return refuse(ErrorKind::config, "the timeout of a restart must be at least 1 s");
        }
        if (auto refusal = refuse_before({1, 2, 0}, version, "a restart with a timeout")) {
            return refusal;
        }
    }
    if (request.postgres_version && !is_postgres_version(*request.postgres_version)) {
        return refuse(ErrorKind::config,
                      "the PostgreSQL version of a restart must be like 15.4 or 9.6.24");
    }
    if (request.role == Restart::Role::standby_leader) {
        return refuse_before({4, 0, 0}, version, "a restart of the standby leader only");
    }
    return std::nullopt;
}

Value switchover_body(const Switchover& request) {
    Value body = Value::object();
    body.set("leader", request.leader);
    if (request.candidate) {
        body.set("candidate", *request.candidate);
    }
    if (request.schedule) {
        body.set("scheduled_at", schedule_text(*request.schedule));
    }
    return body;
}

}  // namespace

Result<Encoded> encode(const PatchConfig& request, const KnownVersion& version) {
    return encode_config("PATCH", request.patch, version);
}

Result<Encoded> encode(const PutConfig& request, const KnownVersion& version) {
    return encode_config("PUT", request.config, version);
}

Result<Encoded> encode(const Reload&, const KnownVersion& version) {
    return encode_plain("POST", "/reload", version);
}

Result<Encoded> encode(const Restart& request, const KnownVersion& version) {
    if (auto refusal = refuse_restart(request, version)) {
        return std::move(*refusal);
    }
    Value body = Value::object();
    if (request.schedule) {
        body.set("schedule", schedule_text(*request.schedule));
    }
    if (request.role) {
        body.set("role", role_word(*request.role, version));
    }
    if (request.postgres_version) {
        body.set("postgres_version", *request.postgres_version);
    }
    if (request.only_if_pending) {
        body.set("restart_pending", true);  // Its presence counts: false would mean the same.
    }
    if (request.timeout) {
        body.set("timeout", std::int64_t{request.timeout->count()});
    }
    return with_body(encode_plain("POST", "/restart", version), body);
}

Result<Encoded> encode(const CancelRestart&, const KnownVersion& version) {
    return encode_plain("DELETE", "/restart", version);
}

Result<Encoded> encode(const Reinitialize& request, const KnownVersion& version) {
    Value body = Value::object();
    if (request.force) {
        if (auto refusal = refuse_before({1, 4, 0}, version, "reinitialize with force")) {
            return std::move(*refusal);
        }
        body.set("force", true);
    }
    if (request.from_leader) {
        if (auto refusal = refuse_before({4, 1, 0}, version, "reinitialize from the leader")) {
            return std::move(*refusal);
        }
        body.set("from_leader", true);
    }
    return with_body(encode_plain("POST", "/reinitialize", version), body);
}

Result<Encoded> encode(const Switchover& request, const KnownVersion& version) {
    if (request.leader.empty()) {
        return refuse(ErrorKind::config, "a switchover needs the name of the leader");
    }
    if (request.candidate && request.candidate->empty()) {
        return refuse(ErrorKind::config, "the candidate of a switchover has no name");
    }
    if (request.candidate == request.leader) {
        // Patroni from 3.2 on dies of it when it is scheduled; older ones try it.
        return refuse(ErrorKind::config, "leader and candidate of the switchover are the same");
    }
    // Before 1.4 a failover with a leader is what is called a switchover now.
    const bool is_old = version && *version < k_switchover;
    return with_body(encode_plain("POST", is_old ? "/failover" : "/switchover", version),
                     switchover_body(request));
}

Result<Encoded> encode(const CancelSwitchover&, const KnownVersion& version) {
    return encode_plain("DELETE", "/switchover", version);
}

Result<Encoded> encode(const Failover& request, const KnownVersion& version) {
    if (request.candidate.empty()) {
        return refuse(ErrorKind::config, "a failover needs the name of the candidate");
    }
    return with_body(encode_plain("POST", "/failover", version),
                     Value::object({{"candidate", request.candidate}}));
}

Result<Encoded> encode(const AnnounceFailsafe& request, const KnownVersion& version) {
    if (request.name.empty() || request.postgres_url.empty() || request.api_url.empty()) {
        return refuse(ErrorKind::config, "an announcement of failsafe mode needs name and URLs");
    }
    Value body = Value::object(
        {{"name", request.name}, {"conn_url", request.postgres_url}, {"api_url", request.api_url}});
    if (!request.slots.empty()) {
        Value slots = Value::object();
        for (const auto& [name, position] : request.slots) {
            slots.set(name, position);
        }
        body.set("slots", std::move(slots));
    }
    return with_body(encode_plain("POST", "/failsafe", version), body);
}

Result<Encoded> encode(const NotifyCoordinator& request, const KnownVersion& version) {
    using Event = NotifyCoordinator::Event;
    const char* event = request.event == Event::before_demote    ? "before_demote"
                        : request.event == Event::before_promote ? "before_promote"
                                                                 : "after_promote";
    return with_body(encode_plain("POST", request.mpp ? "/mpp" : "/citus", version),
                     Value::object({{"type", event},
                                    {"group", request.group},
                                    {"leader", request.leader},
                                    {"timeout", std::int64_t{request.timeout.count()}},
                                    {"cooldown", std::int64_t{request.cooldown.count()}}}));
}

Result<Encoded> encode(const RequestSigterm&, const KnownVersion& version) {
    return encode_plain("POST", "/sigterm", version);
}

bool needs_version(const Restart& request) {
    return request.schedule || request.role || request.postgres_version ||
           request.only_if_pending || request.timeout;
}

bool needs_version(const Reinitialize& request) {
    return request.force || request.from_leader;
}

bool needs_version(const Switchover&) {
    return true;
}

}  // namespace patroni::rest
