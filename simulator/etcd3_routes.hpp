#pragma once

#include "simulator/etcd3_calls.hpp"
#include "simulator/http_message.hpp"

#include <optional>
#include <string_view>

namespace patroni::simulation {

/// A call of etcd's v3 API as the gateway offers it.
struct Etcd3Route {
    /// Who may call.
    enum class Access {
        all,
        good_token,  ///< If there is one.
        user,        ///< Who may have the keys, if any are named.
        watcher,     ///< Who may have the keys; without one it is all of them.
    };
    /// What cannot be done without a quorum.
    enum class Needs { nothing, read, write, leader };

    std::string_view path;  ///< After "/v3/".
    Etcd3Answer (*function)(Etcd3&, const GatewayFields&);
    Access access;
    Needs needs;
    bool stream = false;  ///< Of requests and answers; one of each here.

    /// nullptr: there is none.
    static const Etcd3Route* find(std::string_view path);
    bool needs_quorum(const GatewayFields& fields) const;
    /// The error when no quorum came in time.
    GrpcError too_late(const GatewayFields& fields) const;
};

inline const GrpcError etcd3_no_leader{.code = 14, .message = "etcdserver: no leader"};

/// Why the call is refused to who makes it.
std::optional<GrpcError> etcd3_judge(const Etcd3& etcd, const HttpRequest& request,
                                     Etcd3Route::Access access, const GatewayFields& fields);

/// What an error of gRPC is in HTTP.
int http_status(int grpc_code);
/// Its word, as gRPC prints errors.
std::string_view grpc_name(int code);

}  // namespace patroni::simulation
