#include "base/base64.hpp"
#include "simulator/etcd3_calls.hpp"

namespace patroni::simulation {

Value etcd3_header(const Etcd3& etcd) {
    return Value::object({{"cluster_id", etcd3_cluster_id},
                          {"member_id", etcd3_member_id},
                          {"revision", std::to_string(etcd.store.index())},
                          {"raft_term", std::to_string(etcd.term)}});
}

Value etcd3_header_without_revision(const Etcd3& etcd) {
    return Value::object({{"cluster_id", etcd3_cluster_id},
                          {"member_id", etcd3_member_id},
                          {"raft_term", std::to_string(etcd.term)}});
}

Value etcd3_key_value(const std::string& key, const EtcdEntry& entry, bool keys_only) {
    Value kv = Value::object({{"key", encode_base64(key)},
                              {"create_revision", std::to_string(entry.created)},
                              {"mod_revision", std::to_string(entry.modified)},
                              {"version", std::to_string(entry.version)}});
    if (!keys_only && !entry.value.empty()) {
        kv.set("value", encode_base64(entry.value));
    }
    if (entry.lease != 0) {
        kv.set("lease", std::to_string(entry.lease));
    }
    return kv;
}

bool etcd3_in_range(std::string_view key, std::string_view from, std::string_view to) {
    if (to.empty()) {
        return key == from;
    }
    const bool open = to.size() == 1 && to.front() == '\0';
    return key >= from && (open || key < to);
}

}  // namespace patroni::simulation
