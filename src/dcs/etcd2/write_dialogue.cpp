#include "dcs/etcd2/write_dialogue.hpp"

#include "base/percent.hpp"
#include "codec/fields.hpp"
#include "codec/json.hpp"
#include "dcs/etcd2/api_error.hpp"

namespace patroni::dcs::etcd2 {
namespace {

using Kind = StoreWrite::Kind;

constexpr int k_precondition_failed = 412;

StoreOutcome conflict() {
    StoreOutcome outcome;
    outcome.kind = OutcomeKind::rejected;
    outcome.reason = Reason::conflict;
    return outcome;
}

}  // namespace

WriteKey::WriteKey(StoreWrite write, Credentials credentials)
    : write_(std::move(write)), credentials_(std::move(credentials)) {}

protocol::Request WriteKey::start() {
    looks_ = false;
    if (write_.kind == Kind::remove_prefix) {
        return key_request("DELETE", write_.key, "?recursive=true", credentials_);
    }
    if (write_.kind == Kind::remove) {
        const std::string query =
            write_.expected ? "?prevIndex=" + std::to_string(*write_.expected) : std::string();
        return key_request("DELETE", write_.key, query, credentials_);
    }
    auto request = key_request("PUT", write_.key, "", credentials_);
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.body = "value=" + encode_form(write_.value);
    // An index of 0 means no condition, and is what Patroni sends for it.
    request.body += write_.expected == 0
                        ? "&prevExist=false"
                        : "&prevIndex=" + std::to_string(write_.expected.value_or(0));
    return request;
}

WriteStep WriteKey::resume(const protocol::Response& response) {
    if (looks_) {
        return take_current(response);
    }
    return response.status == 200 || response.status == 201 ? take_done(response)
                                                            : take_refusal(response);
}

WriteStep WriteKey::take_done(const protocol::Response& response) const {
    const auto document = codec::parse_json(response.body);
    const Value* node = document ? document->find("node") : nullptr;
    const std::uint64_t revision = node != nullptr ? modified_of(*node) : 0;
    if (revision == 0) {
        return Lost{undecodable(response, "no node with its index")};
    }
    StoreOutcome outcome;
    outcome.kind = OutcomeKind::done;
    outcome.http_status = response.status;
    outcome.revision = revision;
    if (write_.kind == Kind::remove) {
        outcome.removed = 1;
    }
    return outcome;
}

WriteStep WriteKey::take_refusal(const protocol::Response& response) {
    const auto code = error_code(response);
    if (code == k_key_not_found && write_.kind != Kind::put && !write_.expected) {
        StoreOutcome outcome;
        outcome.kind = OutcomeKind::done;
        outcome.http_status = response.status;
        outcome.removed = 0;
        return outcome;
    }
    if (code == k_key_not_found && write_.expected) {
        StoreOutcome outcome = conflict();
        outcome.http_status = response.status;
        outcome.current_known = true;
        outcome.message = conflict_message(outcome, write_);
        return outcome;
    }
    if (code == k_compare_failed || code == k_key_exists) {
        looks_ = true;
        return key_request("GET", write_.key, "?quorum=true", credentials_);
    }
    Refusal refusal = explain(response, write_.key);
    if (may_have_acted(response)) {
        return Lost{std::move(refusal.error)};
    }
    return refusal;
}

std::optional<StoreOutcome> WriteKey::settled() const {
    if (!looks_) {
        return std::nullopt;
    }
    StoreOutcome outcome = conflict();
    outcome.http_status = k_precondition_failed;
    outcome.message = conflict_message(outcome, write_);
    return outcome;
}

StoreOutcome WriteKey::take_current(const protocol::Response& response) const {
    StoreOutcome outcome = conflict();
    outcome.http_status = k_precondition_failed;
    const auto document = codec::parse_json(response.body);
    const Value* node = document ? document->find("node") : nullptr;
    const std::string* value = node != nullptr ? codec::find_text(*node, "value") : nullptr;
    if (response.status == 200 && value != nullptr) {
        outcome.current = StoredKey{*value, modified_of(*node)};
        outcome.current_known = true;
    } else {
        outcome.current_known = error_code(response) == k_key_not_found;
    }
    outcome.message = conflict_message(outcome, write_);
    return outcome;
}

}  // namespace patroni::dcs::etcd2
