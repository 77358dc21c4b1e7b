#pragma once

#include "dcs/write_dialogue.hpp"

namespace patroni::dcs::etcd2 {

/// A write through etcd's v2 API, as Patroni sends it. After a conflict the key is read, so that
/// the outcome can tell what is there.
class WriteKey final : public WriteDialogue {
public:
    WriteKey(StoreWrite write, Credentials credentials);

    protocol::Request start() override;
    WriteStep resume(const protocol::Response& response) override;
    bool is_write() const override { return !looks_; }
    std::optional<StoreOutcome> settled() const override;

private:
    WriteStep take_done(const protocol::Response& response) const;
    WriteStep take_refusal(const protocol::Response& response);
    StoreOutcome take_current(const protocol::Response& response) const;

    StoreWrite write_;
    Credentials credentials_;
    bool looks_ = false;  ///< After a conflict: the request reads the key.
};

}  // namespace patroni::dcs::etcd2
