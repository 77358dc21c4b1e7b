#include "dcs/consul/watch_run.hpp"

#include <algorithm>

namespace patroni::dcs::consul {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t k_body_bytes = 256U * 1024 * 1024;
constexpr milliseconds k_first_pause{50};
constexpr milliseconds k_longest_pause{2000};

Error cancelled_error() {
    Error error;
    error.kind = ErrorKind::cancelled;
    error.message = "the watch was cancelled";
    return error;
}

}  // namespace

WatchRun::WatchRun(transport::HttpClient& http, StoreAccess agents, WatchMachine machine,
                   Callback<void(WatchEvent)> told)
    : timer_(http.context()),
      agents_(std::move(agents)),
      machine_(std::move(machine)),
      told_(std::move(told)) {
    http_.emplace(http.context());
}

void WatchRun::start() {
    timer_.start(milliseconds(0), [self = shared_from_this()] { self->ask(); });
}

void WatchRun::cancel() {
    if (state_ == State::ended) {
        return;
    }
    call_.cancel();
    timer_.start(milliseconds(0), [self = shared_from_this()] { self->end(cancelled_error()); });
}

void WatchRun::drop() {
    state_ = State::ended;  // told_ stays: it may be what calls this.
    timer_.stop();
    call_.cancel();
}

void WatchRun::ask() {
    auto call = machine_.next(std::chrono::steady_clock::now());
    if (call.delay == milliseconds(0)) {
        return send(std::move(call));
    }
    const auto delay = call.delay;
    timer_.start(delay, [self = shared_from_this(), call = std::move(call)]() mutable {
        self->send(std::move(call));
    });
}

void WatchRun::send(WatchCall wanted) {
    const auto now = std::chrono::steady_clock::now();
    transport::Call call;
    call.origin = agents_.endpoints[agent_];
    call.request = std::move(wanted.request);
    call.deadlines.total = now + wanted.limit;
    call.limits.body_bytes = k_body_bytes;
    call.tls = agents_.tls;
    call.keep_alive = true;
    call.idempotent = true;
    machine_.sent(now);
    call_ = http_->start(std::move(call),
                         [self = shared_from_this()](Result<protocol::Response> result) {
                             self->take(std::move(result));
                         });
}

void WatchRun::take(Result<protocol::Response> result) {
    if (state_ == State::ended) {
        return;
    }
    if (!result) {
        if (result.error().kind == ErrorKind::cancelled) {
            return end(cancelled_error());
        }
        return lose(std::move(result).error());
    }
    auto step = machine_.take(*result, std::chrono::steady_clock::now());
    if (auto* refusal = std::get_if<Refusal>(&step)) {
        return lose(std::move(refusal->error));
    }
    if (!std::holds_alternative<Undecided>(step)) {
        failures_ = 0;
        if (state_ != State::connected) {
            state_ = State::connected;
            told_(WatchConnected{agents_.endpoints[agent_].text()});
        }
    }
    if (auto* snapshot = std::get_if<WatchSnapshot>(&step); snapshot && state_ != State::ended) {
        has_told_snapshot_ = true;
        told_(std::move(*snapshot));
    }
    if (state_ != State::ended) {
        ask();
    }
}

bool WatchRun::is_final(const Error& error) const {
    switch (error.kind) {
        case ErrorKind::config:
        case ErrorKind::unsupported:
            return true;
        case ErrorKind::unauthorized:
            return !has_told_snapshot_;
        default:
            return false;
    }
}

void WatchRun::lose(Error error) {
    if (error.endpoint.empty()) {
        error.endpoint = agents_.endpoints[agent_].text();
    }
    if (is_final(error)) {
        return end(std::move(error));
    }
    machine_.lost();
    agent_ = (agent_ + 1) % agents_.endpoints.size();
    ++failures_;
    if (state_ != State::lost) {
        state_ = State::lost;
        told_(WatchLost{std::move(error)});
    }
    if (state_ != State::ended) {
        timer_.start(pause(), [self = shared_from_this()] { self->ask(); });
    }
}

milliseconds WatchRun::pause() {
    if (failures_ == 1) {
        return milliseconds(0);
    }
    const auto longest =
        std::min(k_first_pause * (1U << std::min(failures_ - 2, 8U)), k_longest_pause);
    return milliseconds(std::uniform_int_distribution<int>(
        1, static_cast<int>(longest.count()))(random_));
}

void WatchRun::end(Error error) {
    if (state_ == State::ended) {
        return;
    }
    state_ = State::ended;
    timer_.stop();
    auto told = std::exchange(told_, nullptr);
    told(WatchEnded{std::move(error)});
}

}  // namespace patroni::dcs::consul
