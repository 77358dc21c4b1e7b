#pragma once

#include "dcs/line_splitter.hpp"
#include "dcs/store_identity.hpp"
#include "dcs/watch_dialogue.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace patroni::dcs {

/// What the watches of both APIs of etcd have in common: a stream of one document on each line,
/// which goes on behind the last change that was told, at any endpoint, and reads anew when the
/// history is gone or the store has gone back.
class LineWatch : public WatchDialogue {
public:
    /// `identity`: what is known of the store; nullptr: nothing yet.
    explicit LineWatch(std::shared_ptr<StoreIdentity> identity);

    WatchStep start(const std::string& endpoint) final;
    WatchStep read(Snapshot snapshot) final;
    WatchStep received(std::string_view bytes) final;
    WatchStep ended() final;
    std::unique_ptr<ReadDialogue> probe() final;
    WatchStep probed(const Snapshot& now) final;

protected:
    /// The request for what follows `cursor()`, or a login before it.
    virtual WatchStep request_stream() = 0;
    virtual void take_line(std::string_view line, WatchStep& step) = 0;
    virtual std::unique_ptr<ReadDialogue> make_probe() const = 0;

    WatchStep open();
    WatchStep read_anew();
    /// Listen, or what to do about an answer of a store that is not the one of before.
    WatchStep meet(const std::string& store);

    /// Everything up to this revision was told. Counts only after a snapshot was told.
    std::uint64_t cursor() const noexcept { return cursor_; }
    void advance(std::uint64_t revision) noexcept { cursor_ = revision; }

private:
    std::shared_ptr<StoreIdentity> identity_;
    std::string endpoint_;  ///< Whose turn it is.
    std::string store_;     ///< That the cursor is of, where it says who it is.
    LineSplitter lines_;
    std::uint64_t cursor_ = 0;
    std::uint64_t cursor_at_probe_ = 0;
    bool knows_cursor_ = false;  ///< An index can be 0.
    bool has_told_ = false;      ///< A snapshot.
};

/// The answer to a request for a stream is something else.
Refusal broken_stream(const std::string& detail);

}  // namespace patroni::dcs
