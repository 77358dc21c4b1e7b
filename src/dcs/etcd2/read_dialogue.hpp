#pragma once

#include "dcs/read_dialogue.hpp"

namespace patroni::dcs::etcd2 {

/// What a directory that does not exist is.
enum class Missing { error, empty };

/// Reads a directory tree of etcd's v2 API with one recursive quorum read. A key that does not
/// exist is an Error of kind `not_found`, or a snapshot without entries.
class ReadTree final : public ReadDialogue {
public:
    /// `path` is absolute: "/service/demo".
    ReadTree(std::string path, Credentials credentials, Missing missing = Missing::error);

    protocol::Request start() override;
    Step resume(const protocol::Response& response) override;

private:
    std::string path_;
    Credentials credentials_;
    Missing missing_;
};

/// A snapshot without entries, with what the head of an answer says about the store.
Snapshot nothing_at(const protocol::Response& response);

}  // namespace patroni::dcs::etcd2
