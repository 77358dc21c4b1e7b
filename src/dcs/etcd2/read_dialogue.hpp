#pragma once

#include "dcs/read_dialogue.hpp"

namespace patroni::dcs::etcd2 {

/// Reads a directory tree of etcd's v2 API with one recursive quorum read. A key that does not
/// exist is an Error of kind `not_found`.
class ReadTree final : public ReadDialogue {
public:
    /// `path` is absolute: "/service/demo".
    ReadTree(std::string path, Credentials credentials);

    protocol::Request start() override;
    Step resume(const protocol::Response& response) override;

private:
    std::string path_;
    Credentials credentials_;
};

}  // namespace patroni::dcs::etcd2
