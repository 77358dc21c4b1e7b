#pragma once

#include "dcs/etcd3/session.hpp"
#include "dcs/read_dialogue.hpp"

#include <string>

namespace patroni::dcs::etcd3 {

/// Counts the keys of a prefix with a quorum: cheap, and only a node that is part of its cluster
/// can answer. The Snapshot has no entries.
class Probe final : public ReadDialogue {
public:
    Probe(std::string prefix, Credentials credentials);

    protocol::Request start() override;
    Step resume(const protocol::Response& response) override;

private:
    std::string prefix_;
    Session session_;
};

}  // namespace patroni::dcs::etcd3
