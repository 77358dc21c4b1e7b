#include "dcs/zookeeper/tree_watch.hpp"

namespace patroni::dcs::zookeeper {

TreeWatch::TreeWatch(const std::string& prefix)
    : prefix_(prefix), reader_(std::make_shared<TreeReader>(prefix, TreeReader::Watch::yes)) {}

void TreeWatch::on_ready(const std::string& endpoint) {
    endpoint_ = endpoint;
    is_connected_ = true;
    is_loss_told_ = false;
    told_.push_back(WatchConnected{endpoint});
    if (!is_reading_) {
        reader_->forget();  // A reading that is under way starts over by itself.
    }
}

void TreeWatch::on_lost(const Error& error) {
    is_connected_ = false;
    if (!std::exchange(is_loss_told_, true)) {
        told_.push_back(WatchLost{error});
    }
}

void TreeWatch::on_event(const NodeEvent& event) {
    const bool is_top = event.path.size() + 1 == prefix_.size() && prefix_.starts_with(event.path);
    if (is_top || event.path == prefix_ || event.path.starts_with(prefix_)) {
        reader_->mark(event.path);
    }
}

bool TreeWatch::wants_read() const {
    return is_connected_ && !is_reading_ && !is_waiting_ && !has_ended_ && reader_->is_marked();
}

void TreeWatch::on_read(const Result<void>& result) {
    is_reading_ = false;
    if (!result) {
        reader_->forget();
        return;  // The connection is lost, too: the next one begins anew.
    }
    if (reader_->refusal()) {
        return refuse(*reader_->refusal());
    }
    if (std::exchange(is_loss_told_, false)) {
        told_.push_back(WatchConnected{endpoint_});  // It was refused for a while.
    }
    if (reader_->was_whole()) {
        told_.push_back(WatchSnapshot{reader_->snapshot(), has_snapshot_});
        has_snapshot_ = true;
        return;
    }
    auto changes = reader_->take_changes();
    if (!changes.empty()) {
        told_.push_back(WatchChanges{std::move(changes), reader_->revision()});
    }
}

void TreeWatch::refuse(const Error& error) {
    if (!has_snapshot_ && error.kind == ErrorKind::unauthorized) {
        has_ended_ = true;
        told_.push_back(WatchEnded{error});
        return;
    }
    if (!std::exchange(is_loss_told_, true)) {
        told_.push_back(WatchLost{error});
    }
    reader_->forget();
    is_waiting_ = true;
}

}  // namespace patroni::dcs::zookeeper
