#include "base/base64.hpp"
#include "simulator/etcd3_calls.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace patroni::simulation {
namespace {

using std::chrono::seconds;

constexpr std::int64_t longest_ttl = 9'000'000'000;

GrpcError refused(int code, std::string_view message) {
    return {.code = code, .message = "etcdserver: " + std::string(message)};
}

std::string seconds_text(seconds time) {
    return std::to_string(time.count());
}

Value reply_for(const Etcd3& etcd, std::int64_t id) {
    Value reply = Value::object({{"header", etcd3_header(etcd)}});
    if (id != 0) {
        reply.set("ID", std::to_string(id));
    }
    return reply;
}

}  // namespace

Etcd3Answer etcd3_lease_grant(Etcd3& etcd, const GatewayFields& fields) {
    const std::int64_t wanted = fields.integer("ID");
    const std::int64_t ttl = fields.integer("TTL");
    if (fields.error()) {
        return *fields.error();
    }
    if (ttl > longest_ttl) {
        return refused(11, "too large lease TTL");
    }
    const auto id = etcd.leases.grant(wanted, seconds(std::max<std::int64_t>(ttl, 0)));
    if (!id) {
        return refused(9, "lease already exists");
    }
    Value reply = reply_for(etcd, *id);
    reply.set("TTL", seconds_text(etcd.leases.find(*id)->granted));
    return reply;
}

Etcd3Answer etcd3_lease_revoke(Etcd3& etcd, const GatewayFields& fields) {
    const std::int64_t id = fields.integer("ID");
    if (fields.error()) {
        return *fields.error();
    }
    if (!etcd.leases.revoke(id)) {
        return refused(5, "requested lease not found");
    }
    return Value::object({{"header", etcd3_header(etcd)}});
}

Etcd3Answer etcd3_lease_keep_alive(Etcd3& etcd, const GatewayFields& fields) {
    const std::int64_t id = fields.integer("ID");
    if (fields.error()) {
        return *fields.error();
    }
    Value reply = reply_for(etcd, id);
    if (etcd.leases.keep_alive(id)) {
        reply.set("TTL", seconds_text(etcd.leases.find(id)->granted));
    }
    return Value::object({{"result", std::move(reply)}});
}

Etcd3Answer etcd3_lease_time_to_live(const Etcd3& etcd, const GatewayFields& fields) {
    const std::int64_t id = fields.integer("ID");
    const bool with_keys = fields.flag("keys");
    if (fields.error()) {
        return *fields.error();
    }
    Value reply = reply_for(etcd, id);
    const EtcdLeases::Lease* lease = etcd.leases.find(id);
    if (lease == nullptr) {
        return reply.set("TTL", "-1");
    }
    if (const seconds left = etcd.leases.left(*lease); left != seconds{0}) {
        reply.set("TTL", seconds_text(left));
    }
    reply.set("grantedTTL", seconds_text(lease->granted));
    Value keys = Value::array();
    for (const std::string& key : etcd.leases.keys(id)) {
        keys.push_back(encode_base64(key));
    }
    if (with_keys && !keys.if_array()->empty()) {
        reply.set("keys", std::move(keys));
    }
    return reply;
}

Etcd3Answer etcd3_leases(const Etcd3& etcd, const GatewayFields& /*fields*/) {
    Value reply = Value::object({{"header", etcd3_header(etcd)}});
    std::vector<std::pair<EtcdStore::Time, std::int64_t>> in_order;
    for (const auto& [id, lease] : etcd.leases.all()) {
        in_order.emplace_back(lease.ends, id);
    }
    std::ranges::sort(in_order);
    Value leases = Value::array();
    for (const auto& [ends, id] : in_order) {
        leases.push_back(Value::object({{"ID", std::to_string(id)}}));
    }
    if (!leases.if_array()->empty()) {
        reply.set("leases", std::move(leases));
    }
    return reply;
}

}  // namespace patroni::simulation
