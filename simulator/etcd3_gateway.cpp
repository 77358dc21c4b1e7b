#include "simulator/etcd3_gateway.hpp"

#include "base/text.hpp"
#include "simulator/python_json.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace patroni::simulation {
namespace {

using Function = Etcd3Answer (*)(Etcd3&, const GatewayFields&);

template <auto call>
Etcd3Answer on_constant(Etcd3& etcd, const GatewayFields& fields) {
    return call(etcd, fields);
}

/// Who may call.
enum class Access {
    all,
    good_token,  ///< If there is one.
    user,        ///< Who may have the keys.
};

/// What cannot be done without a quorum.
enum class Needs { nothing, read, write, leader };

const GrpcError no_leader{.code = 14, .message = "etcdserver: no leader"};

EtcdAnswer document(const Value& value) {
    return {.body = go_json(value),
            .more_headers = "Grpc-Metadata-Content-Type: application/grpc\r\n"};
}

EtcdAnswer refused(const GrpcError& error) {
    EtcdAnswer answer{
        .status = http_status(error.code),
        .body = go_json(Value::object(
            {{"error", error.message}, {"message", error.message}, {"code", error.code}}))};
    if (!error.by_gateway) {
        answer.more_headers = "Trailer: Grpc-Trailer-Content-Type\r\n";
        answer.trailer = "Grpc-Trailer-Content-Type: application/grpc";
    }
    return answer;
}

/// What a read that is not served by anybody says differs from a write that nobody decides.
GrpcError too_late(Needs needs) {
    switch (needs) {
        case Needs::read:
            return {.code = 14, .message = "etcdserver: request timed out"};
        case Needs::leader:
            return no_leader;
        default:
            return {.code = 2, .message = "context deadline exceeded"};
    }
}

bool writes(const GatewayFields& txn) {
    for (const std::string_view branch : {"success", "failure"}) {
        for (const GatewayFields& operation : txn.messages(branch)) {
            if (!operation.has("request_range")) {
                return true;
            }
        }
    }
    return false;
}

/// Whether it asks for anything that somebody might not have.
bool names_keys(const GatewayFields& fields) {
    return !fields.bytes("key").empty() || !fields.messages("compare").empty() ||
           !fields.messages("success").empty() || !fields.messages("failure").empty();
}

/// Why the call is refused to who makes it.
std::optional<GrpcError> judge(const Etcd3& etcd, const HttpRequest& request, Access access,
                               const GatewayFields& fields) {
    if (access == Access::all) {
        return std::nullopt;
    }
    switch (etcd.auth.judge_token(request.header("Authorization"))) {
        case EtcdAuth::Judgement::bad_token:
            return GrpcError{.code = 16, .message = "etcdserver: invalid auth token"};
        case EtcdAuth::Judgement::no_user:
            return access == Access::user && names_keys(fields)
                       ? std::optional(
                             GrpcError{.code = 3, .message = "etcdserver: user name is empty"})
                       : std::nullopt;
        case EtcdAuth::Judgement::allowed:
            break;
    }
    if (access == Access::user && !etcd3_grants(etcd, fields)) {
        return GrpcError{.code = 7, .message = "etcdserver: permission denied"};
    }
    return std::nullopt;
}

std::string_view grpc_name(int code) {
    switch (code) {
        case 3:
            return "InvalidArgument";
        case 7:
            return "PermissionDenied";
        case 16:
            return "Unauthenticated";
        default:
            return "Unknown";
    }
}

bool is_other_service(std::string_view path) {
    return std::ranges::any_of(
        std::array<std::string_view, 5>{"auth/", "cluster/", "election/", "lock/", "maintenance/"},
        [&](std::string_view service) { return path.starts_with(service); });
}

}  // namespace

struct Etcd3Gateway::Call {
    std::string_view path;
    Function function;
    Access access;
    Needs needs;
    bool stream = false;  ///< Of requests and answers; one of each here.

    static const Call* find(std::string_view path) {
        static constexpr std::array<Call, 16> calls{{
            {"kv/range", on_constant<etcd3_range>, Access::user, Needs::read},
            {"kv/put", etcd3_put, Access::user, Needs::write},
            {"kv/deleterange", etcd3_delete_range, Access::user, Needs::write},
            {"kv/txn", etcd3_txn, Access::user, Needs::write},
            {"kv/compaction", etcd3_compact, Access::good_token, Needs::write},
            {"lease/grant", etcd3_lease_grant, Access::good_token, Needs::write},
            {"lease/revoke", etcd3_lease_revoke, Access::good_token, Needs::write},
            {"kv/lease/revoke", etcd3_lease_revoke, Access::good_token, Needs::write},
            {"lease/keepalive", etcd3_lease_keep_alive, Access::all, Needs::leader, true},
            {"lease/timetolive", on_constant<etcd3_lease_time_to_live>, Access::all, Needs::leader},
            {"kv/lease/timetolive", on_constant<etcd3_lease_time_to_live>, Access::all,
             Needs::leader},
            {"lease/leases", on_constant<etcd3_leases>, Access::all, Needs::nothing},
            {"kv/lease/leases", on_constant<etcd3_leases>, Access::all, Needs::nothing},
            {"cluster/member/list", on_constant<etcd3_member_list>, Access::all, Needs::nothing},
            {"maintenance/status", on_constant<etcd3_status>, Access::all, Needs::nothing},
            {"auth/authenticate", etcd3_authenticate, Access::all, Needs::write},
        }};
        const auto* const found = std::ranges::find(calls, path, &Call::path);
        return found == calls.end() ? nullptr : found;
    }
};

Etcd3Gateway::Etcd3Gateway(Etcd3& etcd, EtcdQuorum& quorum, std::function<WallTime()> now)
    : etcd_(etcd), quorum_(quorum), now_(std::move(now)), streams_(etcd) {}

void Etcd3Gateway::answer(const HttpRequest& request, const HttpResponder& responder) {
    std::string_view path = request.target;
    path = path.substr(0, path.find('?'));
    path.remove_prefix(path.find('/', 1) + 1);  // "/v3/" or its old name
    const Call* call = Call::find(path);
    const auto reply = [&](const EtcdAnswer& answer) {
        responder.reply(etcd_reply(answer, request, now_()));
    };
    if (call == nullptr && path != "watch") {
        reply(is_other_service(path)
                  ? refused({.code = 12, .message = "not simulated: " + std::string(path)})
                  : etcd_text_answer(404, "Not Found"));
        return;
    }
    if (request.method != "POST") {
        reply(etcd_text_answer(405, "Method Not Allowed"));
        return;
    }
    if (call == nullptr) {
        watch(request, responder);
        return;
    }
    std::string_view body = request.body;
    NextDocument next = next_document(body);
    if (next.error) {
        next.error->code = call->stream ? 2 : next.error->code;
        reply(refused(*next.error));
        return;
    }
    const Value value = next.end ? Value::object() : std::move(next.value);
    std::optional<GrpcError> error;
    const GatewayFields fields(value, error);
    const bool local = call->needs == Needs::nothing ||
                       (call->needs == Needs::read && fields.flag("serializable"));
    if (local || error || quorum_.there()) {
        carry_out(*call, request, responder, value, true);
        return;
    }
    quorum_.wait([this, call, request, responder, value](bool in_time) {
        carry_out(*call, request, responder, value, in_time);
    });
}

void Etcd3Gateway::carry_out(const Call& call, const HttpRequest& request,
                             const HttpResponder& responder, const Value& value, bool in_time) {
    std::optional<GrpcError> error;
    const GatewayFields fields(value, error);
    std::optional<GrpcError> refusal = judge(etcd_, request, call.access, fields);
    if (error) {
        refusal = error;
    } else if (!in_time) {
        const bool reads = call.function == etcd3_txn && !writes(fields);
        refusal = too_late(reads ? Needs::read : call.needs);
    }
    const Etcd3Answer result =
        refusal ? Etcd3Answer(*std::move(refusal)) : call.function(etcd_, fields);
    if (!call.stream) {
        const auto* failure = std::get_if<GrpcError>(&result);
        responder.reply(
            etcd_reply(failure != nullptr ? refused(*failure) : document(std::get<Value>(result)),
                       request, now_()));
        return;
    }
    EtcdAnswer answer;
    if (const auto* failure = std::get_if<GrpcError>(&result)) {
        if (failure->by_gateway) {
            responder.reply(etcd_reply(refused(*failure), request, now_()));
            return;
        }
        answer = {.status = http_status(failure->code),
                  .body = go_json(etcd3_stream_error(*failure))};
    } else {
        answer = document(std::get<Value>(result));
        answer.body += "\n";
    }
    responder.send(etcd_stream_head(answer, request, now_()) + etcd_chunk(answer.body));
    responder.end(std::string(etcd_last_chunk), etcd_closes(request));
}

void Etcd3Gateway::watch(const HttpRequest& request, const HttpResponder& responder) {
    const bool needs_leader =
        equals_ignoring_case(request.header("Grpc-Metadata-hasleader").value_or(""), "true");
    if (needs_leader && !quorum_.there()) {
        const EtcdAnswer answer{.status = http_status(no_leader.code)};
        responder.send(etcd_stream_head(answer, request, now_()) +
                       etcd_chunk(go_json(etcd3_stream_error(no_leader))));
        responder.end(std::string(etcd_last_chunk), etcd_closes(request));
        return;
    }
    std::string_view body = request.body;
    NextDocument first = next_document(body);
    if (first.error) {
        first.error->code = 2;
        responder.reply(etcd_reply(refused(*first.error), request, now_()));
        return;
    }
    std::optional<GrpcError> error;
    const GatewayFields fields(first.value, error);
    Etcd3WatchStream(etcd_, {}, [](const Value&) {}).ask(fields);  // to see what it says
    if (error) {
        error->code = 2;
        responder.reply(etcd_reply(refused(*error), request, now_()));
        return;
    }
    std::string reason;
    if (const auto create = fields.message("create_request")) {
        if (const auto refusal = judge(etcd_, request, Access::user, *create)) {
            reason = "rpc error: code = " + std::string(grpc_name(refusal->code)) +
                     " desc = " + refusal->message;
        }
    }
    streams_.open(responder, etcd_stream_head(document({}), request, now_()), request.body,
                  std::move(reason), needs_leader);
}

int http_status(int grpc_code) {
    switch (grpc_code) {
        case 3:
        case 11:
            return 400;
        case 4:
            return 504;
        case 5:
            return 404;
        case 7:
            return 403;
        case 8:
            return 429;
        case 9:
            return 412;
        case 12:
            return 501;
        case 14:
            return 503;
        case 16:
            return 401;
        default:
            return 500;
    }
}

}  // namespace patroni::simulation
