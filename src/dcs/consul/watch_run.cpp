#include "dcs/consul/watch_run.hpp"

#include <algorithm>

namespace patroni::dcs::consul {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t k_body_bytes = 256U * 1024 * 1024;
/// From the first byte of an answer to its last one.
constexpr milliseconds k_transfer_time{30000};
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
    http_ = http.another();
}

void WatchRun::start() {
    timer_.start(milliseconds(0), [self = shared_from_this()] { self->ask(); });
}

void WatchRun::cancel() {
    if (is_over()) {
        return;
    }
    state_ = State::cancelled;
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
    call.deadlines.first_byte = wanted.limit;
    call.deadlines.total = now + wanted.limit + k_transfer_time;
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
    if (is_over()) {
        return;
    }
    if (!result) {
        const bool try_next = result.error().kind != ErrorKind::config;
        return lose({std::move(result).error(), try_next});
    }
    auto step = machine_.take(*result, std::chrono::steady_clock::now());
    if (auto* refusal = std::get_if<Refusal>(&step)) {
        return lose(std::move(*refusal));
    }
    if (!std::holds_alternative<Undecided>(step)) {
        failures_ = 0;
        lost_.clear();
        if (state_ != State::connected) {
            state_ = State::connected;
            told_(WatchConnected{agents_.endpoints[agent_].text()});
        }
    }
    if (auto* snapshot = std::get_if<WatchSnapshot>(&step); snapshot && !is_over()) {
        has_told_snapshot_ = true;
        told_(std::move(*snapshot));
    }
    if (!is_over()) {
        ask();
    }
}

bool WatchRun::is_final(const Refusal& refusal) const {
    const ErrorKind kind = refusal.error.kind;
    return !refusal.try_next && (kind == ErrorKind::config || kind == ErrorKind::unsupported ||
                                 (kind == ErrorKind::unauthorized && !has_told_snapshot_));
}

void WatchRun::lose(Refusal refusal) {
    Error& error = refusal.error;
    error.endpoint = agents_.endpoints[agent_].text();
    if (is_final(refusal)) {
        return end(std::move(error));
    }
    machine_.lost();
    agent_ = (agent_ + 1) % agents_.endpoints.size();
    state_ = State::unserved;
    // Once for each reason, until an agent serves again.
    auto [known, is_new] = lost_.try_emplace(error.endpoint, error.message);
    if (is_new || known->second != error.message) {
        known->second = error.message;
        told_(WatchLost{std::move(error)});
    }
    if (!is_over()) {
        timer_.start(pause(), [self = shared_from_this()] { self->ask(); });
    }
}

/// A round through all agents goes fast, further ones ever more slowly.
milliseconds WatchRun::pause() {
    const std::size_t rounds = failures_++ / agents_.endpoints.size();
    if (rounds == 0) {
        return milliseconds(0);
    }
    const auto longest =
        std::min(k_first_pause * (1 << std::min<std::size_t>(rounds, 8)), k_longest_pause);
    return milliseconds(std::uniform_int_distribution<milliseconds::rep>(longest.count() / 2,
                                                                         longest.count())(random_));
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
