#include "patctl/commands.hpp"

#include <array>

namespace patctl {
namespace {

constexpr std::array k_rows = {
    CommandRow{
        "api", "METHOD PATH [SOURCE] [SCOPE]", "any call of a member's REST API",
        "Sends one request to one member and prints what it answered; -f json: with status, "
        "headers and\noutcome. What any member can answer is asked of whoever answers first; "
        "else name one with --member.\nA write is sent once, with the credentials of the "
        "configuration or --api-user. Exit codes:\n0 done, or an answer below 400; 1 refused; "
        "4 the outcome is unknown.",
        "patctl api GET /cluster --api 10.0.0.1:8008\n"
        "patctl api PATCH /config --data loop_wait.json -c /etc/patroni.yml",
        run_api},
    CommandRow{"discover", "[SOURCE] [SCOPE]", "list the REST API of every member",
               "Prints host:port of every member's REST API with the identity that the source "
               "knows.\nMembers are not asked; a seed (--api) answers GET /cluster.",
               "patctl discover --registrator etcd://127.0.0.1:2379/dingo-postgresql95-8008\n"
               "patctl discover --etcd3 10.0.0.1:2379,10.0.0.2:2379 batman -f json",
               run_discover},
    CommandRow{
        "health", "MEMBER PATH [SOURCE] [SCOPE]", "what a health check answers, and why",
        "Asks a member for a health check as a load balancer does (/replica?lag=1MB, /sync, "
        "/read-only, ...)\nand explains the answer: each condition of that version of Patroni, "
        "whether it holds, and what that\nrests on. Exit codes: 0 the member answered 200, 1 "
        "another status.",
        "patctl health pg2 /replica?lag=1MB --api 10.0.0.1:8008\n"
        "patctl health pg1 /primary -c /etc/patroni.yml",
        run_health},
    CommandRow{"status", "[SOURCE] [SCOPE]", "who is primary, and how well is each replica",
               "Asks every member concurrently and judges the cluster. The first line is the whole "
               "answer:\nOK, DEGRADED, NO LEADER, SPLIT or UNKNOWN, who leads, how many replicas "
               "are well.",
               "patctl status --api http://10.0.0.1:8008\n"
               "patctl status -c /etc/patroni.yml --check",
               run_status},
    CommandRow{
        "doctor", "[SOURCE] [SCOPE]", "why it does not work, and what to do about it",
        "Looks at the configuration (which value comes from where), at each endpoint of the "
        "store,\nat the scope in its namespace, and at the REST API of each member from here. "
        "What fails is\ntold with the next step. Three times the timeout at most.",
        "patctl doctor -c /etc/patroni.yml\n"
        "patctl doctor --etcd3 10.0.0.1:2379 batman -f json",
        run_doctor},
    CommandRow{
        "watch", "[SOURCE] SCOPE|--all", "tell every change of a cluster as it happens",
        "Prints one line for each event of the store, until it is interrupted: who holds the "
        "leader\nlock, members, configuration. A line says so when the store could not tell "
        "all changes.",
        "patctl watch --etcd3 10.0.0.1:2379 batman\n"
        "patctl watch -c /etc/patroni.yml --all -f json",
        run_watch},
    CommandRow{
        "dcs dump", "[SOURCE] SCOPE", "all keys of a cluster in its store",
        "Prints every key below the cluster's path with its revision and value, read in one\n"
        "consistent state.",
        "patctl dcs dump --etcd3 10.0.0.1:2379 batman\n"
        "patctl dcs dump -c /etc/patroni.yml batman -f json",
        run_dcs_dump},
};

}  // namespace

std::span<const CommandRow> command_rows() {
    return k_rows;
}

}  // namespace patctl
