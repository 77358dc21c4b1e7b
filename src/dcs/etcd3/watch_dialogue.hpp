#pragma once

#include "dcs/etcd3/session.hpp"
#include "dcs/known_store.hpp"
#include "dcs/line_splitter.hpp"
#include "dcs/watch_dialogue.hpp"

#include <cstdint>
#include <string>

namespace patroni::dcs::etcd3 {

/// Watches a prefix through the JSON gateway: one stream, one document on each line. Goes on behind
/// the last revision that was told, at any endpoint; reads anew after a compaction, and when the
/// store has gone back.
class WatchPrefix final : public WatchDialogue {
public:
    WatchPrefix(std::string prefix, Credentials credentials, std::size_t endpoints);

    WatchStep start() override;
    WatchStep read(Snapshot snapshot) override;
    WatchStep answered(const protocol::Response& response) override;
    WatchStep opened(const protocol::Response& head) override;
    WatchStep received(std::string_view bytes) override;
    WatchStep ended() override;
    WatchStep probed(const Snapshot& now) override;

    std::unique_ptr<ReadDialogue> reader() const override;
    std::unique_ptr<ReadDialogue> probe() override;

private:
    WatchStep open();
    WatchStep send(protocol::Request request) const;
    WatchStep read_anew();
    WatchStep meet(const std::string& store);
    void take_line(std::string_view line, WatchStep& step);
    void take_cancelled(const Value& result, WatchStep& step);
    bool take_events(const Value& events, WatchStep& step);
    std::string what() const { return "watch " + prefix_; }

    std::string prefix_;
    Credentials credentials_;
    Session session_;
    KnownStore store_;
    LineSplitter lines_;
    std::uint64_t cursor_ = 0;  ///< Everything up to this revision was told; 0: nothing is known.
    std::uint64_t cursor_at_probe_ = 0;
    bool has_told_ = false;  ///< A snapshot.
};

}  // namespace patroni::dcs::etcd3
