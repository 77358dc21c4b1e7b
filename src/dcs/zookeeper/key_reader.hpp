#pragma once

#include "dcs/snapshot.hpp"
#include "dcs/zookeeper/dialogue.hpp"

#include <patroni/result.hpp>

#include <string>

namespace patroni::dcs::zookeeper {

/// Reads one key, as new as the newest acknowledged write.
class KeyReader final : public Dialogue {
public:
    explicit KeyReader(std::string key) : key_(std::move(key)) {}

    std::vector<Request> start(bool one_by_one) override;
    std::vector<Request> resume(std::vector<Reply> replies) override;

    /// After the end; without an entry when there is no such key. Errors: unauthorized, protocol.
    const Result<Snapshot>& result() const noexcept { return result_; }

private:
    std::string key_;
    Result<Snapshot> result_;
};

/// The error of a server that refuses to do something with a node.
Error refused_by_server(std::int32_t code, const std::string& what);

}  // namespace patroni::dcs::zookeeper
