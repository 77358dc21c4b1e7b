#pragma once

#include "dcs/consul/kv_api.hpp"

namespace patroni::dcs::consul {

/// Reads all keys below a prefix with one consistent recursive read, as patronictl does. Nothing
/// there is an empty snapshot; where Consul would say the same of what the token may not see, the
/// key of the prefix itself is read, which tells them apart.
class ReadPrefix final : public ReadDialogue {
public:
    ReadPrefix(std::string prefix, Access access);

    protocol::Request start() override;
    Step resume(const protocol::Response& response) override;

private:
    Step take_entries(const protocol::Response& response) const;

    std::string prefix_;
    Access access_;
    bool probes_ = false;           ///< After 404: the request reads the key of the prefix.
    std::uint64_t missing_at_ = 0;  ///< The index of that 404.
};

}  // namespace patroni::dcs::consul
