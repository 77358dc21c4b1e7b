#pragma once

#include "dcs/etcd3/session.hpp"
#include "dcs/read_dialogue.hpp"

#include <patroni/value.hpp>

#include <string>

namespace patroni::dcs::etcd3 {

/// Reads a key prefix of etcd's v3 API through its JSON gateway: logs in when there is a user,
/// then reads in pages at one fixed revision. A prefix without keys is an empty Snapshot.
class ReadPrefix final : public ReadDialogue {
public:
    /// `prefix` ends with a slash: "/service/demo/".
    ReadPrefix(std::string prefix, Credentials credentials);

    protocol::Request start() override;
    Step resume(const protocol::Response& response) override;

private:
    Value page() const;
    void begin();
    Step take_page(const protocol::Response& response);
    bool append(const Value& row);

    std::string prefix_;
    Session session_;
    std::string next_key_;
    std::string revision_;  ///< Of the first page; empty before it.
    Snapshot snapshot_;
    unsigned restarts_ = 0;  ///< Because the revision was compacted away.
};

/// The end of the key range of a prefix.
std::string range_end(std::string prefix);

}  // namespace patroni::dcs::etcd3
