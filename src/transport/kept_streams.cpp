#include "transport/kept_streams.hpp"

#include <algorithm>
#include <utility>

namespace patroni::transport {

using Clock = std::chrono::steady_clock;

KeptStreams::KeptStreams(boost::asio::io_context& context, std::chrono::milliseconds limit)
    : timer_(context), limit_(limit), self_(std::make_shared<KeptStreams*>(this)) {}

KeptStreams::~KeptStreams() {
    clear();
}

std::unique_ptr<Stream> KeptStreams::take(const Call& call) {
    const auto found = std::ranges::find_if(
        entries_, [&](const Entry& entry) { return entry.origin.address == call.origin.address; });
    if (found == entries_.end()) {
        return nullptr;
    }
    Entry entry = std::move(*found);
    entries_.erase(found);
    arm();
    const bool same_trust = !call.origin.tls || entry.tls == call.tls;
    const bool fits = call.keep_alive && entry.origin == call.origin && same_trust;
    if (fits && Clock::now() < entry.until && entry.stream->is_quiet()) {
        return std::move(entry.stream);
    }
    entry.stream->say_goodbye();
    return nullptr;
}

void KeptStreams::put(const Call& call, std::unique_ptr<Stream> stream) {
    if (limit_.count() <= 0) {
        stream->say_goodbye();
        return;
    }
    entries_.push_back({call.origin, call.tls, std::move(stream), Clock::now() + limit_});
    if (entries_.size() == 1) {
        arm();
    }
}

void KeptStreams::shrink_to(std::size_t count) {
    if (entries_.size() <= count) {
        return;
    }
    while (entries_.size() > count) {
        close_first();
    }
    arm();
}

void KeptStreams::close_first() {
    entries_.front().stream->say_goodbye();
    entries_.pop_front();
}

void KeptStreams::arm() {
    if (entries_.empty()) {
        timer_.cancel();
        return;
    }
    timer_.expires_at(entries_.front().until);
    timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& ec) {
        const auto self = weak.lock();
        if (ec || !self) {
            return;
        }
        KeptStreams& kept = **self;
        while (!kept.entries_.empty() && kept.entries_.front().until <= Clock::now()) {
            kept.close_first();
        }
        kept.arm();
    });
}

}  // namespace patroni::transport
