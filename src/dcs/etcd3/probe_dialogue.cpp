#include "dcs/etcd3/probe_dialogue.hpp"

#include "base/base64.hpp"
#include "codec/fields.hpp"
#include "codec/json.hpp"
#include "dcs/etcd3/gateway_error.hpp"
#include "dcs/etcd3/read_dialogue.hpp"

namespace patroni::dcs::etcd3 {

Probe::Probe(std::string prefix, Credentials credentials)
    : prefix_(std::move(prefix)), session_(std::move(credentials)) {}

protocol::Request Probe::start() {
    return session_.start("/kv/range",
                          Value::object({{"key", encode_base64(prefix_)},
                                         {"range_end", encode_base64(range_end(prefix_))},
                                         {"count_only", true}}));
}

Step Probe::resume(const protocol::Response& response) {
    const std::string what = "count " + prefix_;
    if (auto detour = session_.take(response, what)) {
        return std::visit([](auto& next) -> Step { return std::move(next); }, *detour);
    }
    if (response.status != 200) {
        return explain(response, what);
    }
    const auto document = codec::parse_json(response.body);
    const Value* header = document ? document->find("header") : nullptr;
    Snapshot now;
    now.revision = header != nullptr ? number_of(*header, "revision") : 0;
    if (now.revision == 0) {
        return Refusal{undecodable(response, "no header.revision"), true};
    }
    now.store = codec::text_field(*header, "cluster_id");
    return now;
}

}  // namespace patroni::dcs::etcd3
