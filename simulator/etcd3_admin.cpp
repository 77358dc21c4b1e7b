// What is not about keys: members, status, login.
#include "simulator/etcd3_calls.hpp"

#include <algorithm>

namespace patroni::simulation {

Etcd3Answer etcd3_member_list(const Etcd3& etcd, const GatewayFields& /*fields*/) {
    Value urls = Value::array();
    urls.push_back(etcd.client_url);
    Value peers = Value::array();
    peers.push_back("http://127.0.0.1:2380");
    Value members = Value::array();
    members.push_back(Value::object({{"ID", etcd3_member_id},
                                     {"name", "simulated"},
                                     {"peerURLs", std::move(peers)},
                                     {"clientURLs", std::move(urls)}}));
    return Value::object(
        {{"header", etcd3_header_without_revision(etcd)}, {"members", std::move(members)}});
}

Etcd3Answer etcd3_status(const Etcd3& etcd, const GatewayFields& /*fields*/) {
    const std::string applied = std::to_string(etcd.store.index() + 4);
    const std::string term = std::to_string(etcd.term);
    Value reply =
        Value::object({{"header", etcd3_header(etcd)}, {"version", "3.4.23"}, {"dbSize", "24576"}});
    if (etcd.quorum) {
        reply.set("leader", etcd3_member_id);
    }
    reply.set("raftIndex", applied).set("raftTerm", term).set("raftAppliedIndex", applied);
    if (!etcd.quorum) {
        Value errors = Value::array();
        errors.push_back("etcdserver: no leader");
        reply.set("errors", std::move(errors));
    }
    return reply.set("dbSizeInUse", "20480");
}

Etcd3Answer etcd3_authenticate(Etcd3& etcd, const GatewayFields& fields) {
    const std::string name = fields.text("name");
    const std::string password = fields.text("password");
    if (fields.error()) {
        return *fields.error();
    }
    if (!etcd.auth.enabled()) {
        return GrpcError{.code = 9, .message = "etcdserver: authentication is not enabled"};
    }
    const auto token = etcd.auth.login(name, password);
    if (!token) {
        return GrpcError{
            .code = 3, .message = "etcdserver: authentication failed, invalid user ID or password"};
    }
    return Value::object({{"header", etcd3_header(etcd)}, {"token", *token}});
}

bool etcd3_grants(const Etcd3& etcd, const GatewayFields& fields) {
    if (fields.has("key") && !etcd.auth.grants(fields.bytes("key"), fields.bytes("range_end"))) {
        return false;
    }
    const auto all = [&](std::string_view name) {
        return std::ranges::all_of(fields.messages(name), [&](const GatewayFields& each) {
            return etcd3_grants(etcd, each);
        });
    };
    for (const std::string_view name :
         {"request_range", "request_put", "request_delete_range", "request_txn"}) {
        if (const auto part = fields.message(name); part && !etcd3_grants(etcd, *part)) {
            return false;
        }
    }
    return all("compare") && all("success") && all("failure");
}

}  // namespace patroni::simulation
