#include "simulator/etcd3_calls.hpp"

#include <string>
#include <utility>
#include <vector>

namespace patroni::simulation {
namespace {

GrpcError refused(int code, std::string_view message) {
    return {.code = code, .message = "etcdserver: " + std::string(message)};
}

}  // namespace

std::optional<GrpcError> etcd3_put_fault(const Etcd3& etcd, const GatewayFields& fields) {
    const std::string key = fields.bytes("key");
    const bool ignore_value = fields.flag("ignore_value");
    const bool ignore_lease = fields.flag("ignore_lease");
    const std::int64_t lease = fields.integer("lease");
    if (fields.error()) {
        return *fields.error();
    }
    if (key.empty()) {
        return refused(3, "key is not provided");
    }
    if (ignore_value && !fields.bytes("value").empty()) {
        return refused(3, "value is provided");
    }
    if (ignore_lease && lease != 0) {
        return refused(3, "lease is provided");
    }
    if ((ignore_value || ignore_lease) && etcd.store.find(key) == nullptr) {
        return refused(3, "key not found");
    }
    if (lease != 0 && etcd.leases.find(lease) == nullptr) {
        return refused(5, "requested lease not found");
    }
    return std::nullopt;
}

Etcd3Answer etcd3_put(Etcd3& etcd, const GatewayFields& fields) {
    const std::string key = fields.bytes("key");
    EtcdEntry entry{.value = fields.bytes("value"), .lease = fields.integer("lease")};
    const bool with_previous = fields.flag("prev_kv");
    if (auto fault = etcd3_put_fault(etcd, fields)) {
        return *fault;
    }
    const EtcdEntry* old = etcd.store.find(key);
    if (fields.flag("ignore_value")) {
        entry.value = old->value;
    }
    if (fields.flag("ignore_lease")) {
        entry.lease = old->lease;
    }
    const EtcdChange change = etcd.store.write(key, std::move(entry), EtcdChange::Action::set);
    Value reply = Value::object({{"header", etcd3_header(etcd)}});
    if (with_previous && change.before) {
        reply.set("prev_kv", etcd3_key_value(key, *change.before));
    }
    return reply;
}

Etcd3Answer etcd3_delete_range(Etcd3& etcd, const GatewayFields& fields) {
    const std::string from = fields.bytes("key");
    const std::string to = fields.bytes("range_end");
    const bool with_previous = fields.flag("prev_kv");
    if (fields.error()) {
        return *fields.error();
    }
    if (from.empty()) {
        return refused(3, "key is not provided");
    }
    std::vector<std::string> keys;
    const auto& entries = etcd.store.entries();
    for (auto entry = entries.lower_bound(from);
         entry != entries.end() && etcd3_in_range(entry->first, from, to); ++entry) {
        keys.push_back(entry->first);
    }
    Value previous = Value::array();
    const EtcdStore::Batch batch(etcd.store);
    for (const std::string& key : keys) {
        const EtcdChange change = etcd.store.erase(key, EtcdChange::Action::remove);
        previous.push_back(etcd3_key_value(key, *change.before));
    }
    Value reply = Value::object({{"header", etcd3_header(etcd)}});
    if (!keys.empty()) {
        reply.set("deleted", std::to_string(keys.size()));
        if (with_previous) {
            reply.set("prev_kvs", std::move(previous));
        }
    }
    return reply;
}

Etcd3Answer etcd3_compact(Etcd3& etcd, const GatewayFields& fields) {
    const std::int64_t revision = fields.integer("revision");
    if (fields.error()) {
        return *fields.error();
    }
    if (revision > etcd.store.index()) {
        return refused(11, "mvcc: required revision is a future revision");
    }
    if (revision <= etcd.store.forgotten()) {
        return refused(11, "mvcc: required revision has been compacted");
    }
    etcd.store.compact(revision);
    return Value::object({{"header", etcd3_header(etcd)}});
}

}  // namespace patroni::simulation
