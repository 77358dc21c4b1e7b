#include "dcs/etcd3/write_dialogue.hpp"

#include "base/base64.hpp"
#include "codec/fields.hpp"
#include "codec/json.hpp"
#include "dcs/etcd3/gateway_error.hpp"
#include "dcs/etcd3/read_dialogue.hpp"

namespace patroni::dcs::etcd3 {
namespace {

using Kind = StoreWrite::Kind;

Value list_of(Value item) {
    return Value(Value::Array{std::move(item)});
}

/// What the failure branch of a transaction read: whether it can be understood, and the key.
bool read_current(const Value& document, StoreOutcome& outcome) {
    const Value* responses = document.find("responses");
    const auto* list = responses != nullptr ? responses->if_array() : nullptr;
    const Value* range =
        list != nullptr && list->size() == 1 ? list->front().find("response_range") : nullptr;
    if (range == nullptr) {
        return false;
    }
    const Value* rows = range->find("kvs");
    if (rows == nullptr || rows->if_array() == nullptr || rows->if_array()->empty()) {
        return true;
    }
    const Value& row = rows->if_array()->front();
    const std::string* value = codec::find_text(row, "value");
    auto decoded = decode_base64(value != nullptr ? *value : std::string());
    if (!decoded) {
        return false;
    }
    outcome.current = StoredKey{std::move(*decoded), number_of(row, "mod_revision")};
    return true;
}

StoreOutcome conflict(const Value& document, const StoreWrite& write) {
    StoreOutcome outcome;
    outcome.kind = OutcomeKind::rejected;
    outcome.reason = Reason::conflict;
    outcome.http_status = 200;
    outcome.current_known = read_current(document, outcome);
    outcome.message = conflict_message(outcome, write);
    return outcome;
}

}  // namespace

WriteKey::WriteKey(StoreWrite write, Credentials credentials)
    : write_(std::move(write)), session_(std::move(credentials)) {}

protocol::Request WriteKey::start() {
    return session_.start(path(), body());
}

std::string WriteKey::path() const {
    return write_.expected ? "/kv/txn" : write_.kind == Kind::put ? "/kv/put" : "/kv/deleterange";
}

Value WriteKey::body() const {
    const std::string key = encode_base64(write_.key);
    Value change = Value::object({{"key", key}});
    if (write_.kind == Kind::put) {
        change.set("value", encode_base64(write_.value));
    } else if (write_.kind == Kind::remove_prefix) {
        change.set("range_end", encode_base64(range_end(write_.key)));
    }
    if (!write_.expected) {
        return change;
    }
    Value condition = *write_.expected == 0
                          ? Value::object({{"target", "CREATE"}, {"create_revision", "0"}})
                          : Value::object({{"target", "MOD"},
                                           {"mod_revision", std::to_string(*write_.expected)}});
    condition.set("key", key);
    const std::string name = write_.kind == Kind::put ? "request_put" : "request_delete_range";
    return Value::object(
        {{"compare", list_of(std::move(condition))},
         {"success", list_of(Value::object({{name, std::move(change)}}))},
         {"failure", list_of(Value::object({{"request_range", Value::object({{"key", key}})}}))}});
}

WriteStep WriteKey::resume(const protocol::Response& response) {
    const std::string what = "write " + write_.key;
    if (auto detour = session_.take(response, what)) {
        return std::visit([](auto& next) -> WriteStep { return std::move(next); }, *detour);
    }
    if (response.status == 200) {
        return take_done(response);
    }
    Refusal refusal = explain(response, what);
    if (may_have_acted(response)) {
        return Lost{std::move(refusal.error)};
    }
    return refusal;
}

WriteStep WriteKey::take_done(const protocol::Response& response) const {
    const auto document = codec::parse_json(response.body);
    const Value* header = document ? document->find("header") : nullptr;
    const std::uint64_t revision = header != nullptr ? number_of(*header, "revision") : 0;
    if (revision == 0) {
        return Lost{undecodable(response, "no header.revision")};
    }
    const Value* succeeded = document->find("succeeded");
    const bool holds = succeeded != nullptr && succeeded->if_bool() && *succeeded->if_bool();
    if (write_.expected && !holds) {
        return conflict(*document, write_);
    }
    StoreOutcome outcome;
    outcome.kind = OutcomeKind::done;
    outcome.http_status = response.status;
    outcome.revision = revision;
    if (write_.kind != Kind::put) {
        outcome.removed = write_.expected ? 1 : number_of(*document, "deleted");
    }
    return outcome;
}

}  // namespace patroni::dcs::etcd3
