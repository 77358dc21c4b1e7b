#include "dcs/consul/write_dialogue.hpp"

#include "base/text.hpp"
#include "dcs/consul/kv_entries.hpp"

#include <algorithm>

namespace patroni::dcs::consul {
namespace {

using Kind = StoreWrite::Kind;

/// What is there now; nullopt when the answer does not tell. `true` first: that it is known.
std::pair<bool, std::optional<StoredKey>> current_of(const protocol::Response& response,
                                                     const std::string& key) {
    if (response.status == 404) {
        // The write was allowed, and with it the read: 404 does not hide the key here.
        return {index_of(response).has_value(), std::nullopt};
    }
    auto entries =
        response.status == 200 ? parse_entries(response.body) : Result<std::vector<Entry>>(Error{});
    if (!entries) {
        return {false, std::nullopt};
    }
    const auto found = std::find_if(entries->begin(), entries->end(),
                                    [&](const Entry& read) { return read.key == key; });
    if (found == entries->end()) {
        return {false, std::nullopt};
    }
    return {true, StoredKey{std::move(found->value), found->modified}};
}

}  // namespace

WriteKey::WriteKey(StoreWrite write, Access access)
    : write_(std::move(write)), access_(std::move(access)) {}

protocol::Request WriteKey::start() {
    settled_.reset();
    if (write_.kind == Kind::remove_prefix) {
        return kv_request("DELETE", write_.key, "recurse=1", access_);
    }
    const std::string cas =
        write_.expected ? "cas=" + std::to_string(*write_.expected) : std::string();
    if (write_.kind == Kind::remove) {
        return kv_request("DELETE", write_.key, cas, access_);
    }
    auto request = kv_request("PUT", write_.key, cas, access_);
    request.body = write_.value;
    return request;
}

WriteStep WriteKey::resume(const protocol::Response& response) {
    if (settled_) {
        return take_current(response);
    }
    if (response.status == 200) {
        const std::string_view word = trim(response.body);
        if (word == "true") {
            return take_done(response);
        }
        if (word == "false") {
            return take_conflict(response);
        }
        Error error = answered_error(ErrorKind::decode, response,
                                     "not an answer of Consul's KV API: neither true nor false");
        error.server_text = response.body.substr(0, 200);
        return Lost{std::move(error)};
    }
    Refusal refusal =
        explain(response, (write_.kind == Kind::put ? "write " : "remove ") + write_.key);
    if (may_have_acted(response)) {
        return Lost{std::move(refusal.error)};
    }
    return refusal;
}

protocol::Request WriteKey::look() const {
    return kv_request("GET", write_.key, "consistent=1", access_);
}

WriteStep WriteKey::take_done(const protocol::Response& response) {
    StoreOutcome outcome;
    outcome.kind = OutcomeKind::done;
    outcome.http_status = response.status;
    if (write_.kind != Kind::put) {
        return outcome;
    }
    settled_ = std::move(outcome);
    return look();
}

WriteStep WriteKey::take_conflict(const protocol::Response& response) {
    StoreOutcome outcome;
    outcome.kind = OutcomeKind::rejected;
    outcome.http_status = response.status;
    if (!write_.expected) {
        outcome.reason = Reason::unrecognized;
        outcome.message = "Consul answered false, asked to write without a condition";
        return outcome;
    }
    outcome.reason = Reason::conflict;
    outcome.message = conflict_message(outcome, write_);
    settled_ = std::move(outcome);
    return look();
}

StoreOutcome WriteKey::take_current(const protocol::Response& response) const {
    StoreOutcome outcome = *settled_;
    auto [known, current] = current_of(response, write_.key);
    if (outcome.kind == OutcomeKind::done) {
        // With another value it was changed since, in a revision that is not ours.
        if (current && current->value == write_.value) {
            outcome.revision = current->revision;
        }
        return outcome;
    }
    outcome.current_known = known;
    outcome.current = std::move(current);
    outcome.message = conflict_message(outcome, write_);
    return outcome;
}

}  // namespace patroni::dcs::consul
