// Serves the simulator's etcd for tests in other languages: prints its address, carries out one
// command a line, answers each with "ok" or "error: ...", and ends with its input.
//
//     cluster SCOPE VERSION etcd2|etcd3     quorum on|off     login USER PASSWORD [PREFIX]
//     advance MILLISECONDS                  compact           run SCALE
//     kill MEMBER                           cut
#include <patroni/simulator.hpp>

#include <exception>
#include <iostream>
#include <sstream>
#include <string>

namespace {

using patroni::SimulatedStore;
using patroni::Simulator;

/// Whether there is such a command.
bool carry_out(Simulator& sim, const std::string& line) {
    std::istringstream words(line);
    std::string command;
    std::string first;
    std::string second;
    std::string third;
    words >> command >> first >> second >> third;
    if (command == "cluster") {
        sim.add_cluster({.scope = first,
                         .patroni_version = second,
                         .store = third == "etcd2" ? SimulatedStore::etcd2 : SimulatedStore::etcd3,
                         .automatic_failover = true});
    } else if (command == "quorum") {
        sim.etcd_quorum(first == "on");
    } else if (command == "login") {
        sim.require_etcd_login(first, second, third);
    } else if (command == "advance") {
        sim.advance(std::chrono::milliseconds(std::stol(first)));
    } else if (command == "run") {
        sim.run_real_time(std::stod(first));
    } else if (command == "compact") {
        sim.compact_etcd();
    } else if (command == "kill") {
        sim.kill(first);
    } else if (command == "cut") {
        sim.cut_etcd_watches();
    } else {
        return false;
    }
    return true;
}

}  // namespace

int main() {
    Simulator sim;
    std::cout << sim.etcd().text() << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {
        try {
            std::cout << (carry_out(sim, line) ? "ok" : "error: no such command") << std::endl;
        } catch (const std::exception& error) {
            std::cout << "error: " << error.what() << std::endl;
        }
    }
    return 0;
}
