#pragma once

#include "dcs/consul/kv_api.hpp"
#include "dcs/consul/kv_entries.hpp"
#include "dcs/watch_event.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace patroni::dcs::consul {

/// A request of a watch, when it may be sent and when its answer must begin.
struct WatchCall {
    protocol::Request request;
    std::chrono::milliseconds delay{0};  ///< Before it is sent: a prefix that changes all the time.
    std::chrono::milliseconds limit{0};  ///< From then on to the first byte of the answer.
};

/// The answer alone does not tell: another request is needed.
struct Undecided {};
/// Nothing below the prefix has changed.
struct Unchanged {};

/// What an answer says. A Refusal ends the thread: `lost` comes next, or nothing.
using WatchFinding = std::variant<Undecided, Unchanged, WatchSnapshot, Refusal>;

/// Watches a prefix by blocking queries, without I/O and without a clock of its own: a consistent
/// read, then queries that Consul answers when something below the prefix has changed, with all of
/// it, or when their time is over.
///
/// The index of an answer is only ever used while it grows. One that went back (tombstones that
/// were collected, a snapshot that was restored, an upgrade) and one that stayed before the time
/// was over (a snapshot is being restored) mean: read everything again.
class WatchMachine {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// A query waits for `silence`, and longer when the answer is large.
    WatchMachine(std::string prefix, Access access, std::chrono::milliseconds silence);

    /// The next request.
    WatchCall next(Time now);
    /// It was sent.
    void sent(Time now) { sent_ = probes_ ? sent_ : now; }
    WatchFinding take(const protocol::Response& response, Time now);
    /// The request got no answer, or a Refusal: the next one reads everything again, perhaps from
    /// another agent.
    void lost();

private:
    using Entries = std::vector<Entry>;

    WatchFinding take_entries(const protocol::Response& response, Time now);
    WatchFinding take_missing(const protocol::Response& response, Time now);
    WatchFinding take_state(Entries entries, std::uint64_t index, Time now);
    WatchFinding tell(Entries entries);
    void read_again();
    std::chrono::milliseconds wait() const;
    std::chrono::milliseconds pace(Time now);

    std::string prefix_;
    Access access_;
    std::chrono::milliseconds silence_;

    std::uint64_t index_ = 0;      ///< The queries block behind it; 0: a read that does not block.
    std::optional<Entries> told_;  ///< The state that was told last; nullopt before the first one.
    bool gap_ = false;             ///< The next state does not follow from the one before.
    bool probes_ = false;  ///< After 404: the request reads the key of the prefix (see ReadPrefix).
    std::uint64_t probed_index_ = 0;  ///< Of that 404, and when it came.
    Time probed_at_{};

    Time sent_{};  ///< The last request but for probes.
    std::chrono::milliseconds asked_wait_{0};
    Time next_turn_{};  ///< When the pace allows the request after the next one.
    std::size_t answer_bytes_ = 0;
    unsigned idle_answers_ = 0;  ///< In a row: they came early and told nothing.
};

}  // namespace patroni::dcs::consul
