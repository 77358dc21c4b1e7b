#pragma once

#include "dcs/known_store.hpp"
#include "dcs/line_splitter.hpp"
#include "dcs/watch_dialogue.hpp"

#include <patroni/value.hpp>

#include <cstdint>
#include <string>

namespace patroni::dcs::etcd2 {

/// Watches a directory through etcd's v2 API: a stream, one document on each line. etcd remembers
/// the last 1,000 events of the whole store; when the cursor is older it reads anew.
class WatchTree final : public WatchDialogue {
public:
    /// `path` is absolute and without its last slash: "/service/demo".
    WatchTree(std::string path, Credentials credentials, std::size_t endpoints);

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
    WatchStep read_anew();
    WatchStep meet(const std::string& store);
    void take_line(std::string_view line, WatchStep& step);
    bool take_event(const Value& document, WatchStep& step);

    std::string path_;
    Credentials credentials_;
    KnownStore store_;
    LineSplitter lines_;
    std::uint64_t cursor_ = 0;  ///< Everything up to this index was told.
    std::uint64_t cursor_at_probe_ = 0;
    std::uint64_t opened_at_ = 0;  ///< The store's index when the stream was opened.
    bool knows_ = false;           ///< The cursor counts. An index can be 0.
    bool has_told_ = false;        ///< A snapshot.
};

}  // namespace patroni::dcs::etcd2
