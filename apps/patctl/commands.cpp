#include "patctl/commands.hpp"

#include <array>

namespace patctl {
namespace {

constexpr std::array k_rows = {
    CommandRow{"discover", "[SOURCE] [SCOPE]", "list the REST API of every member",
               "Prints host:port of every member's REST API with the identity that the source "
               "knows.\nMembers are not asked; a seed (--api) answers GET /cluster.",
               "patctl discover --registrator etcd://127.0.0.1:2379/dingo-postgresql95-8008\n"
               "patctl discover --etcd3 10.0.0.1:2379,10.0.0.2:2379 batman -f json",
               run_discover},
    CommandRow{"status", "[SOURCE] [SCOPE]", "who is primary, and how well is each replica",
               "Asks every member concurrently and judges the cluster. The first line is the whole "
               "answer:\nOK, DEGRADED, NO LEADER, SPLIT or UNKNOWN, who leads, how many replicas "
               "are well.",
               "patctl status --api http://10.0.0.1:8008\n"
               "patctl status -c /etc/patroni.yml --check",
               run_status},
};

}  // namespace

std::span<const CommandRow> command_rows() {
    return k_rows;
}

}  // namespace patctl
