#include "dcs/zookeeper/session.hpp"

#include <algorithm>
#include <utility>

namespace patroni::dcs::zookeeper {
namespace {

/// For resolving, for each address, for TLS; and for all of them.
constexpr std::chrono::milliseconds k_connect_step{1000};
constexpr std::chrono::milliseconds k_connect_total{3000};

}  // namespace

std::shared_ptr<Session> Session::create(transport::HttpClient& http, const Seeds& seeds,
                                         SessionSetup setup) {
    std::shared_ptr<Session> session(new Session(http, seeds, std::move(setup)));
    http.add(session);
    return session;
}

Session::Session(transport::HttpClient& http, const Seeds& seeds, SessionSetup setup)
    : http_(http),
      endpoints_(seeds.endpoints),
      tls_(std::make_shared<TlsSettings>(seeds.tls)),
      machine_(std::move(setup)),
      timer_(http.context()) {}

Session::~Session() {
    if (!is_dropped_) {
        machine_.close(now());
        carry_out();
    }
}

std::uint64_t Session::run(std::shared_ptr<Dialogue> dialogue, transport::SteadyTime deadline,
                           Callback<void(Result<void>)> done) {
    if (is_dropped_) {
        return 0;
    }
    const std::uint64_t task = machine_.run(std::move(dialogue), deadline, now());
    waiting_.emplace(task, std::move(done));
    pump_later();
    return task;
}

void Session::cancel(std::uint64_t task) {
    if (!is_dropped_) {
        machine_.cancel(task, now());
        pump_later();
    }
}

void Session::add(SessionListener& listener) {
    listeners_.push_back(&listener);
    if (!is_dropped_) {
        machine_.keep(true, now());
        pump_later();
    }
    if (!endpoint_.empty()) {
        transport::post(http_.context(), [weak = weak_from_this(), added = &listener] {
            const auto self = weak.lock();
            if (self && !self->endpoint_.empty() &&
                std::count(self->listeners_.begin(), self->listeners_.end(), added) != 0) {
                added->on_ready(self->endpoint_);
            }
        });
    }
}

void Session::remove(SessionListener& listener) {
    std::erase(listeners_, &listener);
    if (!is_dropped_ && listeners_.empty()) {
        machine_.keep(false, now());
        pump_later();
    }
}

/// Callbacks are never called from within a call that starts something.
void Session::pump_later() {
    carry_out();
    transport::post(http_.context(), [weak = weak_from_this()] {
        if (const auto self = weak.lock()) {
            self->pump();
        }
    });
}

void Session::pump() {
    const auto self = shared_from_this();
    while (!is_dropped_) {
        carry_out();
        auto notices = machine_.take_notices();
        if (notices.empty()) {
            break;
        }
        for (auto& notice : notices) {
            if (!is_dropped_) {
                tell(notice);
            }
        }
    }
    if (is_dropped_) {
        return;
    }
    const Time next = machine_.next_tick();
    if (next == Time::max()) {
        return timer_.stop();
    }
    timer_.start(next, [weak = weak_from_this()] {
        const auto alive = weak.lock();
        if (alive && !alive->is_dropped_) {
            alive->machine_.tick(now());
            alive->pump();
        }
    });
}

void Session::carry_out() {
    auto orders = machine_.take_orders();
    if (channel_) {
        for (const auto& step : orders.steps) {
            channel_->trace(step);
        }
        if (!orders.output.empty()) {
            channel_->send(orders.output);
        }
    }
    if (orders.close) {
        channel_.reset();
        ++channel_number_;
        endpoint_.clear();
    }
    if (orders.open) {
        open(*orders.open);
    }
}

void Session::open(std::size_t endpoint) {
    const auto number = ++channel_number_;
    const auto with = [weak = weak_from_this(), number](auto work) {
        const auto self = weak.lock();
        if (self && !self->is_dropped_ && self->channel_number_ == number) {
            work(*self);
            self->pump();
        }
    };
    transport::Channel::Handlers handlers;
    handlers.opened = [with] { with([](Session& self) { self.machine_.opened(now()); }); };
    handlers.received = [with](std::string_view bytes) {
        with([bytes](Session& self) { self.machine_.received(bytes, now()); });
    };
    handlers.ended = [with](Error error) {
        with([&error](Session& self) {
            self.endpoint_.clear();
            self.channel_.reset();
            self.machine_.ended(std::move(error), now());
        });
    };
    channel_ =
        std::make_unique<transport::Channel>(http_, endpoints_[endpoint], tls_, k_connect_step,
                                             now() + k_connect_total, std::move(handlers));
}

void Session::tell(SessionMachine::Notice& notice) {
    if (auto* finished = std::get_if<SessionMachine::Finished>(&notice)) {
        const auto found = waiting_.find(finished->task);
        if (found != waiting_.end()) {
            auto done = std::move(found->second);
            waiting_.erase(found);
            done(std::move(finished->result));
        }
        return;
    }
    if (const auto* ready = std::get_if<SessionMachine::Ready>(&notice)) {
        endpoint_ = endpoints_[ready->endpoint].address.text();
        if (channel_) {
            channel_->trace(ready->is_resumed ? "the session goes on" : "a session is open");
        }
        return tell_listeners([this](SessionListener& to) { to.on_ready(endpoint_); });
    }
    if (const auto* lost = std::get_if<SessionMachine::Lost>(&notice)) {
        return tell_listeners([&](SessionListener& to) { to.on_lost(lost->error); });
    }
    tell_listeners([&](SessionListener& to) { to.on_event(std::get<NodeEvent>(notice)); });
}

/// Each of them may remove itself, or others.
template <class Tell>
void Session::tell_listeners(Tell tell) {
    const auto listeners = listeners_;
    for (auto* listener : listeners) {
        if (std::count(listeners_.begin(), listeners_.end(), listener) != 0) {
            tell(*listener);
        }
    }
}

void Session::on_client_end() {
    const auto self = shared_from_this();
    machine_.close(now());
    carry_out();
    is_dropped_ = true;
    timer_.stop();
    channel_.reset();
    std::exchange(waiting_, {}).clear();
    tell_listeners([](SessionListener& to) { to.on_dropped(); });
}

}  // namespace patroni::dcs::zookeeper
