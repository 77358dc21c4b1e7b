#include "dcs/etcd3/watch_dialogue.hpp"

#include "base/base64.hpp"
#include "codec/fields.hpp"
#include "codec/json.hpp"
#include "dcs/etcd3/gateway_error.hpp"
#include "dcs/etcd3/probe_dialogue.hpp"
#include "dcs/etcd3/read_dialogue.hpp"

#include <algorithm>
#include <utility>

namespace patroni::dcs::etcd3 {
namespace {

constexpr std::string_view k_watch = "/watch";

/// The refusal of a watch whose answer was 200, in the form of one that was not.
protocol::Response as_answer(std::string_view reason) {
    constexpr std::int64_t k_permission_denied = 7;
    constexpr std::int64_t k_unauthenticated = 16;
    constexpr std::int64_t k_unavailable = 14;
    protocol::Response response;
    const bool denied = reason.find("permission denied") != std::string_view::npos;
    const bool token = reason.find("invalid auth token") != std::string_view::npos ||
                       reason.find("revision of auth store is old") != std::string_view::npos ||
                       reason.find("user name is empty") != std::string_view::npos;
    response.status = denied ? 403 : token ? 401 : 503;
    response.body = codec::to_json(Value::object({{"code", denied  ? k_permission_denied
                                                           : token ? k_unauthenticated
                                                                   : k_unavailable},
                                                  {"message", std::string(reason)}}));
    return response;
}

}  // namespace

WatchPrefix::WatchPrefix(std::string prefix, Credentials credentials,
                         std::shared_ptr<StoreIdentity> identity)
    : LineWatch(std::move(identity)),
      prefix_(std::move(prefix)),
      credentials_(std::move(credentials)),
      session_(credentials_) {}

std::unique_ptr<ReadDialogue> WatchPrefix::reader() const {
    return std::make_unique<ReadPrefix>(prefix_, credentials_);
}

std::unique_ptr<ReadDialogue> WatchPrefix::make_probe() const {
    return std::make_unique<Probe>(prefix_, credentials_);
}

WatchStep WatchPrefix::request_stream() {
    return send(session_.start(
        k_watch, Value::object({{"create_request",
                                 Value::object({{"key", encode_base64(prefix_)},
                                                {"range_end", encode_base64(range_end(prefix_))},
                                                {"start_revision", std::to_string(cursor() + 1)},
                                                {"progress_notify", true}})}})));
}

WatchStep WatchPrefix::send(protocol::Request request) const {
    WatchStep step;
    if (session_.is_login()) {
        step.next = Ask{std::move(request)};
    } else {
        step.next = Open{std::move(request)};
    }
    return step;
}

WatchStep WatchPrefix::answered(const protocol::Response& response) {
    WatchStep step;
    if (auto detour = session_.take(response, what())) {
        if (auto* request = std::get_if<protocol::Request>(&*detour)) {
            return send(std::move(*request));
        }
        step.next = std::get<Refusal>(std::move(*detour));
    } else {
        step.next = explain(response, what());
    }
    return step;
}

WatchStep WatchPrefix::opened(const protocol::Response& head) {
    session_.take(head, what());  // Now it is known which URL this release serves.
    return {};
}

void WatchPrefix::take_line(std::string_view line, WatchStep& step) {
    const auto document = codec::parse_json(line);
    if (!document) {
        step.next = broken_stream(document.error().message);
        return;
    }
    if (document->find("error") != nullptr) {
        protocol::Response answer;
        answer.status = 503;
        answer.body = line;
        step.next = explain(answer, what());
        return;
    }
    const Value* result = document->find("result");
    const Value* header = result != nullptr ? result->find("header") : nullptr;
    if (header == nullptr) {
        step.next = broken_stream("no result.header");
        return;
    }
    const std::uint64_t revision = number_of(*header, "revision");
    if (codec::flag_field(*result, "canceled")) {
        return take_cancelled(*result, step);
    }
    if (WatchStep met = meet(codec::text_field(*header, "cluster_id"));
        !std::holds_alternative<Listen>(met.next)) {
        step.next = std::move(met.next);
        return;
    }
    if (codec::flag_field(*result, "created")) {
        step.served = true;
        // A node that lags, or a store that was restored: only a read with a quorum can tell.
        step.probe_now = revision < cursor();
        return;
    }
    const Value* events = result->find("events");
    if (events != nullptr && !take_events(*events, step)) {
        step.next = broken_stream("an event without a key or revision, or out of order");
    } else if (events == nullptr && revision > cursor()) {
        // Progress. The revision of other heads says nothing: while etcd catches up, it is the
        // newest one in the first message already.
        advance(revision);
    }
}

void WatchPrefix::take_cancelled(const Value& result, WatchStep& step) {
    const std::string reason = codec::text_field(result, "cancel_reason");
    if (number_of(result, "compact_revision") != 0 ||
        reason.find("compacted") != std::string::npos) {
        step.next = read_anew().next;
        return;
    }
    const protocol::Response answer = as_answer(reason);
    if (answer.status == 401) {
        if (auto login = session_.renew()) {
            step.next = Ask{*std::move(login)};
            return;
        }
    }
    step.next = explain(answer, what());
}

/// All events of one revision are one change: a transaction, or what ended with one lease.
bool WatchPrefix::take_events(const Value& events, WatchStep& step) {
    const auto* list = events.if_array();
    if (list == nullptr) {
        return false;
    }
    std::vector<WatchChanges> told;
    std::uint64_t last = 0;
    for (const Value& event : *list) {
        const Value* row = event.find("kv");
        const std::string* key = row != nullptr ? codec::find_text(*row, "key") : nullptr;
        auto decoded_key = key != nullptr ? decode_base64(*key) : std::nullopt;
        const std::uint64_t revision = row != nullptr ? number_of(*row, "mod_revision") : 0;
        if (!decoded_key || !decoded_key->starts_with(prefix_) || revision == 0 ||
            revision < last) {
            return false;
        }
        last = revision;
        if (revision <= cursor()) {
            continue;
        }
        Change change;
        change.removed = codec::text_field(event, "type") == "DELETE";
        auto value = decode_base64(codec::text_field(*row, "value"));
        if (!value) {
            return false;
        }
        change.entry = {*std::move(decoded_key), *std::move(value), revision};
        if (told.empty() || told.back().revision != revision) {
            told.push_back({{}, revision});
        }
        told.back().changes.push_back(std::move(change));
    }
    for (WatchChanges& changes : told) {
        step.events.push_back(std::move(changes));
    }
    advance(std::max(cursor(), last));
    return true;
}

}  // namespace patroni::dcs::etcd3
