#include "dcs/consul/read_dialogue.hpp"

#include "dcs/consul/kv_entries.hpp"

namespace patroni::dcs::consul {

ReadPrefix::ReadPrefix(std::string prefix, Access access)
    : prefix_(std::move(prefix)), access_(std::move(access)) {}

protocol::Request ReadPrefix::start() {
    probes_ = false;
    return kv_request("GET", prefix_, "recurse=1&consistent=1", access_);
}

Step ReadPrefix::resume(const protocol::Response& response) {
    const bool missing = response.status == 404 && index_of(response);
    if (probes_ && (missing || response.status == 200 || response.status == 400)) {
        return Snapshot{{}, missing_at_, {}};  // 400: the prefix is "/", which is no key.
    }
    if (response.status == 200) {
        return take_entries(response);
    }
    if (!missing) {
        return explain(response, "read " + prefix_);
    }
    missing_at_ = *index_of(response);
    if (may_hide_keys(response)) {
        probes_ = true;
        return kv_request("GET", prefix_, "consistent=1", access_);
    }
    return Snapshot{{}, missing_at_, {}};
}

Step ReadPrefix::take_entries(const protocol::Response& response) const {
    auto entries = parse_entries(response.body);
    if (!entries) {
        Error error = answered_error(entries.error().kind, response, entries.error().message);
        error.server_text = response.body.substr(0, 200);
        return Refusal{std::move(error), false};
    }
    Snapshot snapshot{*std::move(entries), index_of(response).value_or(0), {}};
    std::erase_if(snapshot.entries,
                  [this](const Entry& entry) { return !entry.key.starts_with(prefix_); });
    return snapshot;
}

}  // namespace patroni::dcs::consul
