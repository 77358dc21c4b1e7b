#pragma once

#include "dcs/etcd3/session.hpp"
#include "dcs/write_dialogue.hpp"

#include <string>

namespace patroni::dcs::etcd3 {

/// A write through the JSON gateway of etcd's v3 API, as Patroni sends it: a conditional one is a
/// transaction, which also reads the key when its condition does not hold.
class WriteKey final : public WriteDialogue {
public:
    WriteKey(StoreWrite write, Credentials credentials);

    protocol::Request start() override;
    WriteStep resume(const protocol::Response& response) override;
    bool is_write() const override { return !session_.is_login(); }

private:
    std::string path() const;
    Value body() const;
    WriteStep take_done(const protocol::Response& response) const;

    StoreWrite write_;
    Session session_;
};

}  // namespace patroni::dcs::etcd3
