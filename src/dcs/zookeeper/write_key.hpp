#pragma once

#include "dcs/zookeeper/dialogue.hpp"

#include <patroni/result.hpp>
#include <patroni/store_write.hpp>

#include <optional>
#include <vector>

namespace patroni::dcs::zookeeper {

/// Writes or removes one key. It looks first: what a write depends on is the zxid of the last
/// change, which is unique in the store, while the server compares the count of the node's changes,
/// which begins anew when a node is removed and created. Folders that are missing are created,
/// with the permissions of the key.
class WriteKey final : public Dialogue {
public:
    WriteKey(StoreWrite write, std::vector<Permission> permissions);

    std::vector<Request> start(bool one_by_one) override;
    std::vector<Request> resume(std::vector<Reply> replies) override;
    bool is_writing() const override { return step_ == Step::write; }

    /// After the end.
    const StoreOutcome& outcome() const noexcept { return outcome_; }

private:
    enum class Step { look, write };

    std::vector<Request> look();
    std::vector<Request> take_look(std::vector<Reply> replies);
    std::vector<Request> write_changed(std::int32_t version);
    std::vector<Request> create();
    std::vector<Request> take_written(const std::vector<Reply>& replies);
    std::vector<Request> finish_conflict();
    std::vector<Request> finish_done(const Reply& reply, std::uint64_t removed);
    std::vector<Request> finish_refused(std::int32_t code);

    StoreWrite write_;
    std::vector<Permission> permissions_;
    Step step_ = Step::look;
    int looks_ = 0;
    std::optional<StoredKey> current_;
    StoreOutcome outcome_;
};

/// The outcome of a write that the server refused.
StoreOutcome rejected(Error error);

}  // namespace patroni::dcs::zookeeper
