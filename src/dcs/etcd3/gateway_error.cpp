#include "dcs/etcd3/gateway_error.hpp"

#include "codec/json.hpp"

#include <patroni/value.hpp>

namespace patroni::dcs::etcd3 {
namespace {

// gRPC status codes.
constexpr std::int64_t k_cancelled = 1;
constexpr std::int64_t k_unknown = 2;
constexpr std::int64_t k_deadline_exceeded = 4;
constexpr std::int64_t k_permission_denied = 7;
constexpr std::int64_t k_failed_precondition = 9;
constexpr std::int64_t k_aborted = 10;
constexpr std::int64_t k_out_of_range = 11;
constexpr std::int64_t k_internal = 13;
constexpr std::int64_t k_unavailable = 14;
constexpr std::int64_t k_data_loss = 15;
constexpr std::int64_t k_unauthenticated = 16;

struct GatewayError {
    std::int64_t code = -1;
    std::string message;
};

/// `{"error":T,"message":T,"code":N}` up to 3.5, `{"code":N,"message":T}` later, in streams
/// `{"error":{"grpc_code"|"code":N,"message":T}}`.
GatewayError read_error(const protocol::Response& response) {
    GatewayError result;
    const auto document = codec::parse_json(response.body);
    if (!document) {
        return result;
    }
    const Value* source = &*document;
    if (const Value* nested = source->find("error"); nested != nullptr && nested->if_object()) {
        source = nested;
    }
    for (const auto* field : {"code", "grpc_code"}) {
        const Value* code = source->find(field);
        if (code != nullptr && code->if_int() != nullptr) {
            result.code = *code->if_int();
        }
    }
    for (const auto* field : {"error", "message"}) {
        const Value* message = source->find(field);
        if (message != nullptr && message->if_string() != nullptr) {
            result.message = *message->if_string();
        }
    }
    return result;
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

bool authentication_is_off(const protocol::Response& response) {
    const auto error = read_error(response);
    return error.code == k_failed_precondition &&
           contains(error.message, "authentication is not enabled");
}

bool token_is_stale(const protocol::Response& response) {
    if (response.status == 200) {
        return false;
    }
    const auto error = read_error(response);
    return contains(error.message, "invalid auth token") ||
           contains(error.message, "revision of auth store is old") ||
           (error.code == k_unauthenticated && response.status == 401);
}

bool is_compacted(const protocol::Response& response) {
    const auto error = read_error(response);
    return error.code == k_out_of_range && contains(error.message, "compacted");
}

bool may_have_acted(const protocol::Response& response) {
    const auto error = read_error(response);
    switch (error.code) {
        case k_unavailable:
            // With Grpc-Metadata-hasleader a node without one refuses before it does anything.
            return !contains(error.message, "etcdserver: no leader");
        case k_cancelled:
        case k_unknown:
        case k_deadline_exceeded:
        case k_aborted:
        case k_internal:
        case k_data_loss:
            return true;
        case -1:
            return response.status < 400 || response.status >= 500 || response.status == 408;
        default:
            return false;
    }
}

Refusal explain(const protocol::Response& response, std::string_view what) {
    const auto gateway = read_error(response);
    Refusal refusal;
    Error& error = refusal.error;
    error = answered_error(ErrorKind::http_status, response,
                           "etcd answered HTTP " + std::to_string(response.status) + ", asked to " +
                               std::string(what));
    error.server_text = gateway.message.empty() ? response.body.substr(0, 200) : gateway.message;
    if (contains(gateway.message, "user name is empty")) {
        error.kind = ErrorKind::unauthorized;
        error.message = "etcd wants a user and password (--user, --password-file)";
    } else if (gateway.code == k_unauthenticated ||
               contains(gateway.message, "authentication failed")) {
        error.kind = ErrorKind::unauthorized;
        error.message = "etcd does not accept this user and password";
    } else if (gateway.code == k_permission_denied) {
        error.kind = ErrorKind::unauthorized;
        error.message = "this etcd user may not " + std::string(what);
    } else if (gateway.code == k_unavailable || gateway.code == k_deadline_exceeded) {
        error.message = "this etcd node has no leader or is not ready";
        refusal.try_next = true;
    } else if (response.status == 404 && gateway.code < 0) {
        error.kind = ErrorKind::unsupported;
        error.message =
            "no v3 JSON gateway here: older than 3.2, switched off "
            "(--enable-grpc-gateway=false), or no etcd at all";
    } else {
        refusal.try_next = response.status >= 500;
    }
    return refusal;
}

}  // namespace patroni::dcs::etcd3
