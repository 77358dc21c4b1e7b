#pragma once

#include "dcs/consul/kv_api.hpp"
#include "dcs/write_dialogue.hpp"

#include <optional>

namespace patroni::dcs::consul {

/// A write through Consul's KV API, as Patroni sends it. The answer is `true` or `false` and no
/// more, so the key is read behind it: after a put for its revision, after a conflict for what is
/// there.
class WriteKey final : public WriteDialogue {
public:
    WriteKey(StoreWrite write, Access access);

    protocol::Request start() override;
    WriteStep resume(const protocol::Response& response) override;
    bool is_write() const override { return !settled_; }
    std::optional<StoreOutcome> settled() const override { return settled_; }

private:
    WriteStep take_done(const protocol::Response& response);
    WriteStep take_conflict(const protocol::Response& response);
    StoreOutcome take_current(const protocol::Response& response) const;
    protocol::Request look() const;

    StoreWrite write_;
    Access access_;
    std::optional<StoreOutcome> settled_;  ///< What is known before the key was read.
};

}  // namespace patroni::dcs::consul
