#include "dcs/line_watch.hpp"

#include "codec/json.hpp"

#include <utility>

namespace patroni::dcs {

LineWatch::LineWatch(std::shared_ptr<StoreIdentity> identity)
    : identity_(identity ? std::move(identity) : std::make_shared<StoreIdentity>()) {}

WatchStep LineWatch::start(const std::string& endpoint) {
    endpoint_ = endpoint;
    return knows_cursor_ ? open() : read_anew();
}

WatchStep LineWatch::open() {
    lines_.clear();
    return request_stream();
}

WatchStep LineWatch::read_anew() {
    knows_cursor_ = false;
    WatchStep step;
    step.next = Read{};
    return step;
}

WatchStep LineWatch::meet(const std::string& store) {
    WatchStep step;
    if (identity_->is_foreign(endpoint_, store)) {
        step.next = other_store();
    } else if (store_.empty()) {
        store_ = store;
    } else if (!store.empty() && store != store_) {
        return read_anew();  // It was built anew.
    }
    return step;
}

WatchStep LineWatch::read(Snapshot snapshot) {
    WatchStep met = meet(snapshot.store);
    if (std::holds_alternative<Refusal>(met.next)) {
        return met;
    }
    store_ = snapshot.store;
    cursor_ = snapshot.revision;
    knows_cursor_ = true;
    WatchStep step = open();
    step.served = true;
    step.events.push_back(WatchSnapshot{std::move(snapshot), std::exchange(has_told_, true)});
    return step;
}

WatchStep LineWatch::received(std::string_view bytes) {
    WatchStep step;
    lines_.put(bytes);
    while (const auto line = lines_.next()) {
        take_line(*line, step);
        if (!std::holds_alternative<Listen>(step.next)) {
            return step;
        }
    }
    if (lines_.is_too_long()) {
        step.next = read_anew().next;  // It would come again.
    }
    return step;
}

WatchStep LineWatch::ended() {
    WatchStep step;
    if (const auto rest = lines_.rest(); !rest.empty() && codec::parse_json(rest)) {
        take_line(rest, step);
    }
    if (std::holds_alternative<Listen>(step.next)) {
        step.next = stream_ended();
    }
    return step;
}

std::unique_ptr<ReadDialogue> LineWatch::probe() {
    cursor_at_probe_ = cursor_;
    return make_probe();
}

WatchStep LineWatch::probed(const Snapshot& now) {
    WatchStep met = meet(now.store);
    if (std::holds_alternative<Listen>(met.next) && now.revision < cursor_at_probe_) {
        return read_anew();  // It was restored from a backup.
    }
    return met;
}

Refusal broken_stream(const std::string& detail) {
    Refusal refusal;
    refusal.error.kind = ErrorKind::decode;
    refusal.error.delivery = Delivery::answered;
    refusal.error.message = "not a stream of etcd: " + detail;
    refusal.try_next = true;
    return refusal;
}

}  // namespace patroni::dcs
