#include "simulator/etcd3_routes.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace patroni::simulation {
namespace {

using Access = Etcd3Route::Access;
using Needs = Etcd3Route::Needs;

template <auto call>
Etcd3Answer on_constant(Etcd3& etcd, const GatewayFields& fields) {
    return call(etcd, fields);
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

bool is_serializable(const GatewayFields& txn) {
    for (const std::string_view branch : {"success", "failure"}) {
        for (const GatewayFields& operation : txn.messages(branch)) {
            const auto range = operation.message("request_range");
            if (range && !range->flag("serializable")) {
                return false;
            }
        }
    }
    return true;
}

/// Whether it asks for anything that somebody might not have.
bool names_keys(const GatewayFields& fields) {
    return !fields.bytes("key").empty() || !fields.messages("compare").empty() ||
           !fields.messages("success").empty() || !fields.messages("failure").empty();
}

}  // namespace

const Etcd3Route* Etcd3Route::find(std::string_view path) {
    static constexpr std::array<Etcd3Route, 16> calls{{
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
        {"kv/lease/timetolive", on_constant<etcd3_lease_time_to_live>, Access::all, Needs::leader},
        {"lease/leases", on_constant<etcd3_leases>, Access::all, Needs::nothing},
        {"kv/lease/leases", on_constant<etcd3_leases>, Access::all, Needs::nothing},
        {"cluster/member/list", on_constant<etcd3_member_list>, Access::all, Needs::nothing},
        {"maintenance/status", on_constant<etcd3_status>, Access::all, Needs::nothing},
        {"auth/authenticate", etcd3_authenticate, Access::all, Needs::read},
    }};
    const auto* const found = std::ranges::find(calls, path, &Etcd3Route::path);
    return found == calls.end() ? nullptr : found;
}

bool Etcd3Route::needs_quorum(const GatewayFields& fields) const {
    if (function == etcd3_txn) {
        return writes(fields) || !is_serializable(fields);
    }
    // What asks for no key is refused at once.
    const bool refused = access == Access::user && fields.bytes("key").empty();
    return needs != Needs::nothing && !refused && !fields.flag("serializable");
}

/// A read that nobody serves ends in another way than a write that nobody decides.
GrpcError Etcd3Route::too_late(const GatewayFields& fields) const {
    if (needs == Needs::leader) {
        return etcd3_no_leader;
    }
    if (needs == Needs::read || (function == etcd3_txn && !writes(fields))) {
        return {.code = 14, .message = "etcdserver: request timed out"};
    }
    return {.code = 2, .message = "context deadline exceeded"};
}

std::optional<GrpcError> etcd3_judge(const Etcd3& etcd, const HttpRequest& request, Access access,
                                     const GatewayFields& fields) {
    if (access == Access::all) {
        return std::nullopt;
    }
    const bool asks = access == Access::watcher || (access == Access::user && names_keys(fields));
    switch (etcd.auth.judge_token(request.header("Authorization"))) {
        case EtcdAuth::Judgement::bad_token:
            return GrpcError{.code = 16, .message = "etcdserver: invalid auth token"};
        case EtcdAuth::Judgement::no_user:
            return asks ? std::optional(
                              GrpcError{.code = 3, .message = "etcdserver: user name is empty"})
                        : std::nullopt;
        case EtcdAuth::Judgement::allowed:
            break;
    }
    const bool everything = access == Access::watcher && fields.bytes("key").empty();
    const std::string all(1, '\0');
    if (asks && (everything ? !etcd.auth.grants(all, all) : !etcd3_grants(etcd, fields))) {
        return GrpcError{.code = 7, .message = "etcdserver: permission denied"};
    }
    return std::nullopt;
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

}  // namespace patroni::simulation
