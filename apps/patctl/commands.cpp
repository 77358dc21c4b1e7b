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
    CommandRow{"watch", "[SOURCE] SCOPE|--all", "tell every change of a cluster as it happens",
               "Prints one line for each event of the store, until it is interrupted: who holds the "
               "leader\nlock, members, configuration. A line says so when the store could not tell "
               "all changes.",
               "patctl watch --etcd3 10.0.0.1:2379 batman\n"
               "patctl watch -c /etc/patroni.yml --all -f json",
               run_watch},
    CommandRow{"dcs dump", "[SOURCE] SCOPE", "all keys of a cluster in its store",
               "Prints every key below the cluster's path with its revision and value, read in one\n"
               "consistent state.",
               "patctl dcs dump --etcd3 10.0.0.1:2379 batman -f json", run_dcs_dump},
};

}  // namespace

std::span<const CommandRow> command_rows() {
    return k_rows;
}

}  // namespace patctl
