#include "client/store_watch.hpp"

#include <utility>

namespace patroni {

using std::chrono::steady_clock;

std::string_view to_string(StoreEvent::Kind kind) noexcept {
    switch (kind) {
        case StoreEvent::Kind::connected:
            return "connected";
        case StoreEvent::Kind::lost:
            return "lost";
        case StoreEvent::Kind::gap:
            return "gap";
        case StoreEvent::Kind::cluster:
            return "cluster";
        case StoreEvent::Kind::keys:
            return "keys";
        case StoreEvent::Kind::current:
            return "current";
        case StoreEvent::Kind::ended:
            return "ended";
    }
    return "";
}

StoreWatch::StoreWatch(boost::asio::io_context& context, std::weak_ptr<const void> store,
                       discovery::ClusterMirror mirror, std::chrono::milliseconds silence,
                       Callback<void(const StoreEvent&)> told)
    : context_(context),
      store_(std::move(store)),
      mirror_(std::move(mirror)),
      silence_(silence),
      told_(std::move(told)),
      timer_(context) {}

void StoreWatch::start(dcs::Backend& backend) {
    if (cancelled_) {
        return;
    }
    started_ = true;
    operation_ = backend.start_watch(
        {mirror_.prefix(), silence_},
        [self = shared_from_this()](dcs::WatchEvent event) { self->take(std::move(event)); });
}

void StoreWatch::cancel() {
    if (std::exchange(cancelled_, true)) {
        return;
    }
    timer_.stop();
    if (started_) {
        return operation_.cancel();
    }
    Error error;
    error.kind = ErrorKind::cancelled;
    error.message = "cancelled before anything was sent";
    transport::post(context_, [self = shared_from_this(), error = std::move(error)]() mutable {
        self->take(dcs::WatchEnded{std::move(error)});
    });
}

void StoreWatch::take(dcs::WatchEvent event) {
    const bool is_end = std::holds_alternative<dcs::WatchEnded>(event);
    if (cancelled_ && !is_end) {
        return;
    }
    tell(mirror_.take(std::move(event), steady_clock::now()));
    if (is_end || store_.expired()) {
        timer_.stop();
    } else if (!cancelled_) {
        wait_for_due();
    }
}

void StoreWatch::tell(std::vector<StoreEvent> events) {
    // The callback may cancel this watch, and even destroy its store.
    const auto self = shared_from_this();
    for (const StoreEvent& event : events) {
        if (store_.expired()) {
            cancelled_ = true;
            return;
        }
        if (!cancelled_ || event.kind == StoreEvent::Kind::ended) {
            told_(event);
        }
    }
}

void StoreWatch::wait_for_due() {
    const auto due = mirror_.due();
    if (!due) {
        return timer_.stop();
    }
    timer_.start(*due, [weak = weak_from_this()] {
        if (const auto self = weak.lock(); self && !self->cancelled_) {
            self->tell(self->mirror_.release(steady_clock::now()));
            if (!self->cancelled_) {
                self->wait_for_due();
            }
        }
    });
}

}  // namespace patroni
