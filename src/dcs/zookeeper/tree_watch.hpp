#pragma once

#include "dcs/watch_event.hpp"
#include "dcs/zookeeper/messages.hpp"
#include "dcs/zookeeper/tree_reader.hpp"

#include <memory>
#include <string>
#include <vector>

namespace patroni::dcs::zookeeper {

/// The watch of a prefix, without any I/O: turns what ZooKeeper says (a path, and that something
/// happened to it) into states of the keys. An event makes the cluster of its path be read again,
/// so what is told is an ordered subsequence of what happened, and ends in the final state. Between
/// two connections nobody tells what happened: then all is read, and marked as a gap.
class TreeWatch {
public:
    explicit TreeWatch(const std::string& prefix);

    void on_ready(const std::string& endpoint);
    void on_lost(const Error& error);
    void on_event(const NodeEvent& event);
    void on_read(const Result<void>& result);
    /// After a refusal, some time later.
    void try_again() { is_waiting_ = false; }

    /// The reader has to be run now; on_started() follows.
    bool wants_read() const;
    void on_started() { is_reading_ = true; }
    /// The store refused to let read: try_again() later.
    bool is_waiting() const noexcept { return is_waiting_; }
    bool has_ended() const noexcept { return has_ended_; }
    const std::shared_ptr<TreeReader>& reader() const noexcept { return reader_; }

    std::vector<WatchEvent> take_told() { return std::exchange(told_, {}); }

private:
    void refuse(const Error& error);

    std::string prefix_;
    std::string endpoint_;
    std::shared_ptr<TreeReader> reader_;
    bool is_connected_ = false;
    bool is_loss_told_ = false;  ///< Once, and not for each try.
    bool is_reading_ = false;
    bool is_waiting_ = false;
    bool has_ended_ = false;
    bool has_snapshot_ = false;  ///< One was told.
    std::vector<WatchEvent> told_;
};

}  // namespace patroni::dcs::zookeeper
