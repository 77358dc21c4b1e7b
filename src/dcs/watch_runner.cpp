#include "dcs/watch_runner.hpp"

#include "dcs/store_reader.hpp"

#include <algorithm>
#include <utility>

namespace patroni::dcs {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// etcd itself needs seven seconds to find out that it has no quorum.
constexpr milliseconds k_first_byte{5000};
constexpr milliseconds k_read_limit{60000};
constexpr milliseconds k_ask_limit{8000};
constexpr milliseconds k_probe_limit{5000};
/// A stream is handed on as it comes; one chunk may be as long as a line.
constexpr std::size_t k_stream_bytes = 80U * 1024 * 1024;

bool is_final(const Refusal& refusal, bool has_snapshot) {
    if (refusal.try_next) {
        return false;
    }
    const ErrorKind kind = refusal.error.kind;
    return kind == ErrorKind::config || kind == ErrorKind::unsupported ||
           (kind == ErrorKind::unauthorized && !has_snapshot);
}

/// What the transport says about an endpoint.
Refusal from_transport(Error error) {
    const bool try_next = error.kind != ErrorKind::config;
    return {std::move(error), try_next};
}

}  // namespace

WatchRunner::WatchRunner(transport::HttpClient& http, StoreAccess access,
                         std::unique_ptr<WatchDialogue> dialogue, milliseconds silence,
                         Callback<void(WatchEvent)> told)
    : http_(http),
      stream_http_(http.another()),
      access_(std::move(access)),
      dialogue_(std::move(dialogue)),
      silence_(std::max(silence, milliseconds(100))),
      told_(std::move(told)),
      turn_timer_(http.context()),
      silence_timer_(http.context()),
      random_(std::random_device()()) {
    access_.first_byte = k_first_byte;
}

void WatchRunner::start() {
    take_turn_after(milliseconds(0));
}

void WatchRunner::cancel() {
    if (stopped_) {
        return;
    }
    Error error;
    error.kind = ErrorKind::cancelled;
    error.message = "the watch was cancelled";
    auto& loop = http_.context();
    stopped_ = true;
    hang_up();
    transport::post(loop, [self = shared_from_this(), error = std::move(error)]() mutable {
        if (auto told = std::exchange(self->told_, nullptr)) {
            told(WatchEnded{std::move(error)});
        }
    });
}

void WatchRunner::drop() {
    stopped_ = true;
    dropped_ = true;
    told_ = nullptr;
    hang_up();
    stream_http_.reset();
}

void WatchRunner::hang_up() {
    ++generation_;
    probing_ = false;
    silence_timer_.stop();
    turn_timer_.stop();
    std::exchange(call_, {}).cancel();
    std::exchange(stream_, {}).cancel();
    std::exchange(probe_, {}).cancel();
}

template <class T, class Work>
Callback<void(T)> WatchRunner::while_current(Work work) {
    return [self = shared_from_this(), generation = generation_, work](T answer) {
        if (!self->stopped_ && generation == self->generation_) {
            work(*self, std::move(answer));
        }
    };
}

void WatchRunner::take_turn_after(milliseconds delay) {
    hang_up();
    turn_timer_.start(delay, [self = shared_from_this()] { self->take_turn(); });
}

void WatchRunner::take_turn() {
    if (!stopped_) {
        handle(dialogue_->start(access_.endpoints[index_].text()));
    }
}

void WatchRunner::handle(WatchStep step) {
    if (step.served && !served_) {
        served_ = true;
        lost_.clear();
        tell(WatchConnected{access_.endpoints[index_].text()});
    }
    for (WatchEvent& event : step.events) {
        if (stopped_) {
            return;
        }
        has_snapshot_ = has_snapshot_ || std::holds_alternative<WatchSnapshot>(event);
        empty_turns_ = 0;
        tell(std::move(event));
    }
    if (stopped_) {
        return;
    }
    if (std::holds_alternative<Read>(step.next)) {
        read();
    } else if (auto* asked = std::get_if<Ask>(&step.next)) {
        ask(std::move(asked->request));
    } else if (auto* opened = std::get_if<Open>(&step.next)) {
        open(std::move(opened->request));
    } else if (auto* refusal = std::get_if<Refusal>(&step.next)) {
        lose(std::move(*refusal));
    } else if (step.probe_now) {
        probe();
    }
}

void WatchRunner::tell(WatchEvent event) {
    if (stopped_) {
        return;
    }
    // The callback may cancel the watch, and even destroy the store: not what it stands in itself.
    const auto self = shared_from_this();
    auto told = std::move(told_);
    told(std::move(event));
    if (!dropped_) {
        told_ = std::move(told);
    }
}

StoreAccess WatchRunner::this_endpoint() const {
    StoreAccess access = access_;
    access.endpoints = {access_.endpoints[index_]};
    return access;
}

transport::Call WatchRunner::call(protocol::Request request) const {
    transport::Call call;
    call.origin = access_.endpoints[index_];
    call.request = std::move(request);
    call.deadlines.first_byte = access_.first_byte;
    call.tls = access_.tls;
    return call;
}

void WatchRunner::read() {
    hang_up();
    call_ =
        read_store(http_, this_endpoint(), dialogue_->reader(), steady_clock::now() + k_read_limit,
                   while_current<Result<Snapshot>>([](WatchRunner& self, Result<Snapshot> now) {
                       if (now) {
                           return self.handle(self.dialogue_->read(*std::move(now)));
                       }
                       // Whether another endpoint may do better is known by its kind only.
                       const bool denied = now.error().kind == ErrorKind::unauthorized ||
                                           now.error().kind == ErrorKind::unsupported;
                       Refusal refusal = from_transport(std::move(now).error());
                       refusal.try_next = refusal.try_next && !denied;
                       self.lose(std::move(refusal));
                   }));
}

void WatchRunner::ask(protocol::Request request) {
    hang_up();
    transport::Call asked = call(std::move(request));
    asked.deadlines.total = steady_clock::now() + k_ask_limit;
    asked.keep_alive = true;
    asked.idempotent = true;
    call_ = http_.start(std::move(asked),
                        while_current<Result<protocol::Response>>(
                            [](WatchRunner& self, Result<protocol::Response> response) {
                                if (!response) {
                                    return self.lose(from_transport(std::move(response).error()));
                                }
                                self.handle(self.dialogue_->answered(*response));
                            }));
}

void WatchRunner::open(protocol::Request request) {
    hang_up();
    transport::Call opened = call(std::move(request));
    opened.deadlines.total = transport::SteadyTime::max();
    opened.limits.body_bytes = k_stream_bytes;
    opened.sink = std::make_shared<transport::BodySink>();
    opened.sink->head = while_current<const protocol::Response&>(
        [](WatchRunner& self, const protocol::Response& head) {
            self.listen_for_silence();
            self.handle(self.dialogue_->opened(head));
        });
    opened.sink->body =
        while_current<std::string_view>([](WatchRunner& self, std::string_view bytes) {
            self.last_heard_ = steady_clock::now();
            self.handle(self.dialogue_->received(bytes));
        });
    stream_ = stream_http_->start(std::move(opened),
                                  while_current<Result<protocol::Response>>(
                                      [](WatchRunner& self, Result<protocol::Response> result) {
                                          self.take_ended(std::move(result));
                                      }));
}

void WatchRunner::take_ended(Result<protocol::Response> result) {
    if (!result) {
        return lose(from_transport(std::move(result).error()));
    }
    handle(result->status == 200 ? dialogue_->ended() : dialogue_->answered(*result));
}

void WatchRunner::listen_for_silence() {
    last_heard_ = steady_clock::now();
    silence_timer_.start(last_heard_ + silence_, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) {
            self->heard();
        }
    });
}

/// The time for a sign of life is over, if there was none.
void WatchRunner::heard() {
    if (steady_clock::now() - last_heard_ >= silence_) {
        probe();
        last_heard_ = steady_clock::now();
    }
    silence_timer_.start(last_heard_ + silence_, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) {
            self->heard();
        }
    });
}

void WatchRunner::probe() {
    if (std::exchange(probing_, true)) {
        return;
    }
    probe_ =
        read_store(http_, this_endpoint(), dialogue_->probe(), steady_clock::now() + k_probe_limit,
                   while_current<Result<Snapshot>>([](WatchRunner& self, Result<Snapshot> now) {
                       self.probing_ = false;
                       if (!now) {
                           return self.lose(from_transport(std::move(now).error()));
                       }
                       self.handle(self.dialogue_->probed(*now));
                   }));
}

void WatchRunner::lose(Refusal refusal) {
    hang_up();
    refusal.error.endpoint = access_.endpoints[index_].text();
    if (is_final(refusal, has_snapshot_)) {
        return end(std::move(refusal.error));
    }
    served_ = false;
    index_ = (index_ + 1) % access_.endpoints.size();
    tell_lost(refusal.error);
    if (!stopped_) {
        take_turn_after(pause());
    }
}

/// Once for each reason, until an endpoint serves again.
void WatchRunner::tell_lost(const Error& error) {
    auto [known, is_new] = lost_.try_emplace(error.endpoint, error.message);
    if (is_new || known->second != error.message) {
        known->second = error.message;
        tell(WatchLost{error});
    }
}

/// A round through all endpoints goes fast, further ones ever more slowly.
milliseconds WatchRunner::pause() {
    constexpr milliseconds k_first{50};
    constexpr milliseconds k_longest{2000};
    const std::size_t rounds = empty_turns_++ / access_.endpoints.size();
    if (rounds == 0) {
        return milliseconds(empty_turns_ == 1 ? 0 : 5);
    }
    const auto longest = std::min(k_longest, k_first * (1 << std::min<std::size_t>(rounds, 6)));
    std::uniform_int_distribution<milliseconds::rep> some(longest.count() / 2, longest.count());
    return milliseconds(some(random_));
}

void WatchRunner::end(Error error) {
    stopped_ = true;
    if (auto told = std::exchange(told_, nullptr)) {
        told(WatchEnded{std::move(error)});
    }
}

}  // namespace patroni::dcs
