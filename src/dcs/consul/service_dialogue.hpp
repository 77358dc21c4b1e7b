#pragma once

#include "dcs/consul/kv_api.hpp"

namespace patroni::dcs::consul {

/// Reads the entries of one service of Consul's catalog as if they were registrator's keys: the key
/// is "/NAME/SERVICE-ID", the value "address:port". A service without entries is an empty snapshot,
/// one that the token may not see an Error of kind `unauthorized`.
class ReadService final : public ReadDialogue {
public:
    /// `path`: "/NAME".
    ReadService(std::string path, Access access);

    protocol::Request start() override;
    Step resume(const protocol::Response& response) override;

private:
    bool may_hide_entries(const protocol::Response& response) const;

    std::string path_;
    Access access_;
};

}  // namespace patroni::dcs::consul
