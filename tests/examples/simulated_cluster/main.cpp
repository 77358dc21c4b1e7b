// A simulated cluster for an example that is run against it: prints where its etcd is, and lives
// until its standard input ends. Prints who leads then.
#include <patroni/simulator.hpp>

#include <iostream>
#include <string>

int main() {
    patroni::Simulator simulator{{.time = patroni::SimulatedTime::real, .time_scale = 20}};
    simulator.add_cluster({.scope = "demo", .loop_wait = std::chrono::seconds(1)});
    std::cout << simulator.etcd().text() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
    }
    std::cout << simulator.leader("demo").value_or("none") << std::endl;
}
