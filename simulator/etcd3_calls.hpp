#pragma once

#include "simulator/etcd3_fields.hpp"
#include "simulator/etcd_auth.hpp"
#include "simulator/etcd_leases.hpp"
#include "simulator/etcd_store.hpp"

#include <patroni/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace patroni::simulation {

/// What the calls of etcd's v3 API work on.
struct Etcd3 {
    EtcdStore& store;
    EtcdLeases& leases;
    EtcdAuth& auth;
    bool quorum = true;
    std::int64_t term = 2;
    std::string client_url = {};  ///< Its own, of which its members list tells.
};

/// The answer's document, or why there is none.
using Etcd3Answer = std::variant<Value, GrpcError>;

// The calls, each named as in the API, without the check who asks.
Etcd3Answer etcd3_range(const Etcd3& etcd, const GatewayFields& fields);
Etcd3Answer etcd3_put(Etcd3& etcd, const GatewayFields& fields);
/// Why a put is refused; nullopt: it is not.
std::optional<GrpcError> etcd3_put_fault(const Etcd3& etcd, const GatewayFields& fields);
Etcd3Answer etcd3_delete_range(Etcd3& etcd, const GatewayFields& fields);
Etcd3Answer etcd3_txn(Etcd3& etcd, const GatewayFields& fields);
Etcd3Answer etcd3_compact(Etcd3& etcd, const GatewayFields& fields);
Etcd3Answer etcd3_lease_grant(Etcd3& etcd, const GatewayFields& fields);
Etcd3Answer etcd3_lease_revoke(Etcd3& etcd, const GatewayFields& fields);
Etcd3Answer etcd3_lease_keep_alive(Etcd3& etcd, const GatewayFields& fields);
Etcd3Answer etcd3_lease_time_to_live(const Etcd3& etcd, const GatewayFields& fields);
Etcd3Answer etcd3_leases(const Etcd3& etcd, const GatewayFields& fields);
Etcd3Answer etcd3_member_list(const Etcd3& etcd, const GatewayFields& fields);
Etcd3Answer etcd3_status(const Etcd3& etcd, const GatewayFields& fields);
Etcd3Answer etcd3_authenticate(Etcd3& etcd, const GatewayFields& fields);

/// Whether the user may have the keys that a call is about: `key` and `range_end`, or all those of
/// a transaction.
bool etcd3_grants(const Etcd3& etcd, const GatewayFields& fields);

// Parts of the answers: integers are text, and what has its default value is left out.
inline constexpr std::string_view etcd3_cluster_id = "13455796455940752355";
inline constexpr std::string_view etcd3_member_id = "443629905751424238";
Value etcd3_header(const Etcd3& etcd);
/// As above without the revision.
Value etcd3_header_without_revision(const Etcd3& etcd);
Value etcd3_key_value(const std::string& key, const EtcdEntry& entry, bool keys_only = false);

/// Whether the key is in a range: "\0" as the end means from the key on, none means this key.
bool etcd3_in_range(std::string_view key, std::string_view from, std::string_view to);

}  // namespace patroni::simulation
