#include "simulator/etcd3_watch.hpp"

#include "base/base64.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace patroni::simulation {
namespace {

// In one message, of what happened before the watch began.
constexpr int batch_revisions = 1000;
constexpr std::chrono::minutes progress_interval{10};

Value event_of(const EtcdChange& change, bool with_previous) {
    Value event = Value::object();
    if (change.now) {
        event.set("kv", etcd3_key_value(change.key, *change.now));
    } else {
        event.set("type", "DELETE");
        event.set("kv", Value::object({{"key", encode_base64(change.key)},
                                       {"mod_revision", std::to_string(change.index)}}));
    }
    if (with_previous && change.before) {
        event.set("prev_kv", etcd3_key_value(change.key, *change.before));
    }
    return event;
}

}  // namespace

Etcd3WatchStream::Etcd3WatchStream(const Etcd3& etcd, Judge judge, Send send)
    : etcd_(etcd), judge_(std::move(judge)), send_(std::move(send)) {}

Value Etcd3WatchStream::message(std::int64_t id, Value header) const {
    Value result = Value::object({{"header", std::move(header)}});
    if (id != 0) {
        result.set("watch_id", std::to_string(id));
    }
    return result;
}

void Etcd3WatchStream::refuse(std::string reason) {
    Value result = message(-1, etcd3_header(etcd_));
    result.set("created", true).set("canceled", true).set("cancel_reason", std::move(reason));
    send_(Value::object({{"result", std::move(result)}}));
}

void Etcd3WatchStream::ask(const GatewayFields& fields) {
    if (const auto wanted = fields.message("create_request")) {
        create(*wanted);
    } else if (const auto unwanted = fields.message("cancel_request")) {
        const std::int64_t id = unwanted->integer("watch_id");
        if (!fields.error() && watches_.erase(id) != 0) {
            Value result = message(id, etcd3_header(etcd_));
            send_(Value::object({{"result", result.set("canceled", true)}}));
        }
    } else if (fields.has("progress_request")) {
        send_(Value::object({{"result", message(-1, etcd3_header(etcd_))}}));
    }
}

void Etcd3WatchStream::create(const GatewayFields& fields) {
    Watch watch{.from = fields.bytes("key"),
                .to = fields.bytes("range_end"),
                .start = fields.integer("start_revision"),
                .with_previous = fields.flag("prev_kv"),
                .progress = fields.flag("progress_notify"),
                .told = etcd_.store.time()};
    std::int64_t id = fields.integer("watch_id");
    const auto filters =
        fields.choices("filters", {"NOPUT", "NODELETE"}, "WatchCreateRequest_FilterType");
    if (fields.error()) {
        return;
    }
    watch.puts = std::ranges::find(filters, 0) == filters.end();
    watch.deletes = std::ranges::find(filters, 1) == filters.end();
    if (std::string refusal = judge_(fields); !refusal.empty()) {
        refuse(std::move(refusal));
        return;
    }
    if (watch.from.empty()) {
        watch.from = std::string(1, '\0');  // all keys begin there
    }
    const bool open = watch.to.size() == 1 && watch.to.front() == '\0';
    if (!watch.to.empty() && !open && watch.to <= watch.from) {
        refuse("mvcc: watcher range is empty");
        return;
    }
    if (id != 0 && watches_.contains(id)) {
        refuse("mvcc: duplicate watch ID provided on the WatchStream");
        return;
    }
    while (id == 0 && watches_.contains(next_id_)) {
        ++next_id_;
    }
    id = id == 0 ? next_id_++ : id;
    Value result = message(id, etcd3_header(etcd_));
    send_(Value::object({{"result", result.set("created", true)}}));
    if (watch.start > 0 && watch.start < etcd_.store.forgotten()) {
        Value gone = message(id, etcd3_header_without_revision(etcd_));
        gone.set("canceled", true);
        gone.set("compact_revision", std::to_string(etcd_.store.forgotten()));
        send_(Value::object({{"result", std::move(gone)}}));
        return;
    }
    catch_up(id, watches_.emplace(id, std::move(watch)).first->second);
}

void Etcd3WatchStream::catch_up(std::int64_t id, Watch& watch) {
    if (watch.start <= 0) {
        return;
    }
    Value events = Value::array();
    int revisions = 0;
    std::int64_t last = 0;
    for (const EtcdChange& change : etcd_.store.history()) {
        if (change.index < watch.start) {
            continue;
        }
        if (change.index != last && ++revisions > batch_revisions) {
            send_events(id, std::exchange(events, Value::array()), etcd_.store.index());
            revisions = 1;
        }
        last = change.index;
        if ((change.now ? watch.puts : watch.deletes) &&
            etcd3_in_range(change.key, watch.from, watch.to)) {
            events.push_back(event_of(change, watch.with_previous));
        }
    }
    send_events(id, std::move(events), etcd_.store.index());
}

void Etcd3WatchStream::changed(const std::vector<EtcdChange>& changes) {
    for (auto& [id, watch] : watches_) {
        Value events = Value::array();
        for (const EtcdChange& change : changes) {
            if (change.index >= watch.start && (change.now ? watch.puts : watch.deletes) &&
                etcd3_in_range(change.key, watch.from, watch.to)) {
                events.push_back(event_of(change, watch.with_previous));
            }
        }
        if (!events.if_array()->empty()) {
            watch.told = etcd_.store.time();
        }
        send_events(id, std::move(events), changes.back().index);
    }
}

void Etcd3WatchStream::send_events(std::int64_t id, Value events, std::int64_t revision) {
    if (!events.if_array()->empty()) {
        Value header = etcd3_header(etcd_);
        header.set("revision", std::to_string(revision));
        Value result = message(id, std::move(header));
        send_(Value::object({{"result", result.set("events", std::move(events))}}));
    }
}

void Etcd3WatchStream::pass() {
    for (auto& [id, watch] : watches_) {
        const EtcdStore::Time now = etcd_.store.time();
        if (watch.progress && now - watch.told >= progress_interval) {
            watch.told = now;
            send_(Value::object({{"result", message(id, etcd3_header(etcd_))}}));
        }
    }
}

}  // namespace patroni::simulation
