#pragma once

#include "dcs/read_dialogue.hpp"

#include <patroni/value.hpp>

#include <cstddef>
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
    protocol::Request begin();
    protocol::Request authenticate() const;
    protocol::Request range() const;
    Step take_token(const protocol::Response& response);
    Step take_page(const protocol::Response& response);
    Step older_gateway(const protocol::Response& response);
    bool append(const Value& row);

    std::string prefix_;
    Credentials credentials_;
    Secret token_;
    std::size_t gateway_ = 0;  ///< Index of the URL prefix that is tried.
    bool waits_for_token_ = false;
    std::string next_key_;
    std::string revision_;  ///< Of the first page; empty before it.
    Snapshot snapshot_;
};

/// The end of the key range of a prefix.
std::string range_end(std::string prefix);

}  // namespace patroni::dcs::etcd3
