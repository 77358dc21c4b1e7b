#include "dcs/consul/service_dialogue.hpp"

#include "base/host.hpp"
#include "base/percent.hpp"
#include "codec/fields.hpp"
#include "codec/json.hpp"

#include <algorithm>

namespace patroni::dcs::consul {
namespace {

Refusal undecodable(const protocol::Response& response, std::string detail) {
    Error error = answered_error(ErrorKind::decode, response,
                                 "not an answer of Consul's catalog: " + std::move(detail));
    error.server_text = response.body.substr(0, 200);
    return {std::move(error), false};
}

}  // namespace

/// What a token may not see is left out of the list; the anonymous one is not told so.
bool ReadService::may_hide_entries(const protocol::Response& response) const {
    return access_.token.empty()
               ? may_hide_keys(response)
               : response.header("X-Consul-Results-Filtered-By-Acls").value_or("") == "true";
}

ReadService::ReadService(std::string path, Access access)
    : path_(std::move(path)), access_(std::move(access)) {}

protocol::Request ReadService::start() {
    return api_request("GET", "/v1/catalog/service" + percent_encode_path(path_), "consistent=1",
                       access_);
}

Step ReadService::resume(const protocol::Response& response) {
    if (response.status != 200) {
        return explain(response, "read the service " + path_.substr(1));
    }
    const auto document = codec::parse_json(response.body);
    if (!document || document->if_array() == nullptr) {
        return undecodable(response, document ? "no list" : document.error().message);
    }
    Snapshot snapshot;
    for (const Value& item : *document->if_array()) {
        const std::string id = codec::text_field(item, "ServiceID");
        const auto port = codec::natural_field(item, "ServicePort");
        std::string address = codec::text_field(item, "ServiceAddress");
        if (address.empty()) {
            address = codec::text_field(item, "Address");  // That of the node.
        }
        if (id.empty() || !port || address.empty()) {
            return undecodable(response, "an entry without ServiceID, address and ServicePort");
        }
        snapshot.entries.push_back({path_ + "/" + id,
                                    bracketed(address) + ":" + std::to_string(*port),
                                    codec::natural_field(item, "ModifyIndex").value_or(0)});
    }
    if (snapshot.entries.empty() && may_hide_entries(response)) {
        Error error = answered_error(
            ErrorKind::unauthorized, response,
            "the token may not read the service " + path_.substr(1) +
                ", or it is not there (its policy needs service and node rules; without a token "
                "the anonymous one counts)");
        return Refusal{std::move(error), false};
    }
    // Two nodes may have a service of the same id.
    std::stable_sort(snapshot.entries.begin(), snapshot.entries.end(),
                     [](const Entry& a, const Entry& b) { return a.key < b.key; });
    snapshot.revision = index_of(response).value_or(0);
    return snapshot;
}

}  // namespace patroni::dcs::consul
