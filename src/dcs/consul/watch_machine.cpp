#include "dcs/consul/watch_machine.hpp"

#include <algorithm>
#include <utility>

namespace patroni::dcs::consul {
namespace {

using std::chrono::milliseconds;

/// Between queries of a prefix that changes all the time; two may come at once.
constexpr milliseconds k_turn{20};
/// Of answers that told nothing.
constexpr milliseconds k_longest_pause{250};
/// What a watch takes from an agent at most, in the long run.
constexpr std::size_t k_bytes_per_ms = 8 * 1024;
/// A plain read, and what an answer may need on top of the wait of its query.
constexpr milliseconds k_answer_time{3000};
constexpr milliseconds k_longest_wait{60000};

bool same(const Entry& a, const Entry& b) {
    return a.key == b.key && a.modified == b.modified && a.value == b.value;
}

}  // namespace

WatchMachine::WatchMachine(std::string prefix, Access access, milliseconds silence)
    : prefix_(std::move(prefix)),
      access_(std::move(access)),
      silence_(std::clamp(silence, milliseconds(100), k_longest_wait)) {}

milliseconds WatchMachine::wait() const {
    // An answer without news holds everything, too: the larger, the rarer.
    return std::min(silence_ + 8 * milliseconds(answer_bytes_ / k_bytes_per_ms), k_longest_wait);
}

milliseconds WatchMachine::pace(Time now) {
    const milliseconds turn = std::max(k_turn, milliseconds(answer_bytes_ / k_bytes_per_ms));
    auto delay = std::max(next_turn_ - turn - now, Time::duration(0));
    if (idle_answers_ > 1) {
        const auto pause = std::min(k_turn * (1U << std::min(idle_answers_, 8U)), k_longest_pause);
        delay = std::max<Time::duration>(delay, pause);
    }
    next_turn_ = std::max(next_turn_, now + delay) + turn;
    return std::chrono::ceil<milliseconds>(delay);
}

WatchCall WatchMachine::next(Time now) {
    WatchCall call;
    call.limit = k_answer_time;
    if (probes_) {
        call.request = kv_request("GET", prefix_, "consistent=1", access_);
        return call;
    }
    call.delay = pace(now);
    if (index_ == 0) {
        call.request = kv_request("GET", prefix_, "recurse=1&consistent=1", access_);
        return call;
    }
    asked_wait_ = wait();
    // Consul adds up to a sixteenth to it.
    call.limit += asked_wait_ + asked_wait_ / 16;
    call.request = kv_request("GET", prefix_,
                              "recurse=1&index=" + std::to_string(index_) +
                                  "&wait=" + std::to_string(asked_wait_.count()) + "ms",
                              access_);
    return call;
}

WatchFinding WatchMachine::take(const protocol::Response& response, Time now) {
    if (probes_) {
        probes_ = false;
        const bool missing = response.status == 404 && index_of(response);
        if (missing || response.status == 200 || response.status == 400) {
            return take_state({}, probed_index_, probed_at_);
        }
        return explain(response, "read " + prefix_);
    }
    if (response.status == 200) {
        return take_entries(response, now);
    }
    if (response.status == 404 && index_of(response)) {
        return take_missing(response, now);
    }
    return explain(response, "read " + prefix_);
}

WatchFinding WatchMachine::take_entries(const protocol::Response& response, Time now) {
    auto entries = parse_entries(response.body);
    if (!entries) {
        Error error = answered_error(entries.error().kind, response, entries.error().message);
        error.server_text = response.body.substr(0, 200);
        return Refusal{std::move(error), true};
    }
    std::erase_if(*entries, [this](const Entry& read) { return !read.key.starts_with(prefix_); });
    answer_bytes_ = response.body.size();
    return take_state(std::move(*entries), index_of(response).value_or(0), now);
}

WatchFinding WatchMachine::take_missing(const protocol::Response& response, Time now) {
    answer_bytes_ = 0;
    if (may_hide_keys(response)) {
        // A token that lost its rights must not look like a cluster that lost its keys.
        probes_ = true;
        probed_index_ = index_of(response).value_or(0);
        probed_at_ = now;
        return Undecided{};
    }
    return take_state({}, index_of(response).value_or(0), now);
}

WatchFinding WatchMachine::take_state(Entries entries, std::uint64_t index, Time now) {
    index = std::max<std::uint64_t>(index, 1);  // With 0 a query would not block.
    const bool blocked = index_ != 0;
    const bool early = blocked && now - sent_ < asked_wait_;
    if (blocked && (index < index_ || (index == index_ && early))) {
        read_again();
        idle_answers_ += early ? 1 : 0;
        return Undecided{};
    }
    if (blocked && index == index_) {
        idle_answers_ = 0;  // Its time was over.
        return Unchanged{};
    }
    index_ = index;
    WatchFinding step = tell(std::move(entries));
    if (blocked) {
        const bool told = std::holds_alternative<WatchSnapshot>(step);
        idle_answers_ = told || !early ? 0 : idle_answers_ + 1;
    }
    return step;
}

WatchFinding WatchMachine::tell(Entries entries) {
    const bool first = !told_;
    const bool gap = std::exchange(gap_, false) && !first;
    if (!first && std::equal(told_->begin(), told_->end(), entries.begin(), entries.end(), same)) {
        return Unchanged{};
    }
    told_ = std::move(entries);
    return WatchSnapshot{{*told_, index_, {}}, gap};
}

void WatchMachine::read_again() {
    index_ = 0;
    gap_ = true;
}

void WatchMachine::lost() {
    probes_ = false;
    idle_answers_ = 0;
    read_again();
}

}  // namespace patroni::dcs::consul
