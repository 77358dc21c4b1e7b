#include "transport/kept_streams.hpp"

#include <iterator>
#include <utility>

namespace patroni::transport {

using Clock = std::chrono::steady_clock;

KeptStreams::KeptStreams(boost::asio::io_context& context, std::chrono::milliseconds limit)
    : timer_(context), limit_(limit), self_(std::make_shared<KeptStreams*>(this)) {}

KeptStreams::~KeptStreams() {
    clear();
    rest();
}

std::unique_ptr<Stream> KeptStreams::take(const Call& call) {
    if (entries_.empty()) {
        return nullptr;
    }
    const auto found = by_address_.find(call.origin.address);
    if (found == by_address_.end()) {
        return nullptr;
    }
    Entry& entry = *found->second;
    const bool same_trust = !call.origin.tls || is_same_trust(entry.tls, call.tls);
    const bool fits = call.keep_alive && entry.origin == call.origin && same_trust;
    std::unique_ptr<Stream> stream = std::move(entry.stream);
    const bool is_over = Clock::now() >= entry.until;
    entries_.erase(found->second);
    by_address_.erase(found);
    if (fits && !is_over && stream->is_quiet()) {
        return stream;
    }
    stream->say_goodbye();
    return nullptr;
}

void KeptStreams::put(const Call& call, std::unique_ptr<Stream> stream) {
    if (limit_.count() <= 0) {
        stream->say_goodbye();
        return;
    }
    entries_.push_back({call.origin, call.tls, std::move(stream), Clock::now() + limit_});
    by_address_[call.origin.address] = std::prev(entries_.end());
    if (!is_armed_) {
        arm();
    }
}

void KeptStreams::shrink_to(std::size_t count) {
    while (entries_.size() > count) {
        close_first();
    }
}

void KeptStreams::rest() {
    if (entries_.empty() && is_armed_) {
        is_armed_ = false;
        timer_.cancel();
    }
}

void KeptStreams::close_first() {
    entries_.front().stream->say_goodbye();
    by_address_.erase(entries_.front().origin.address);
    entries_.pop_front();
}

void KeptStreams::arm() {
    is_armed_ = true;
    timer_.expires_at(entries_.front().until);
    timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& ec) {
        const auto self = weak.lock();
        if (!ec && self) {
            (*self)->on_timer();
        }
    });
}

void KeptStreams::on_timer() {
    is_armed_ = false;
    while (!entries_.empty() && entries_.front().until <= Clock::now()) {
        close_first();
    }
    if (!entries_.empty()) {
        arm();
    }
}

}  // namespace patroni::transport
