// A simulated cluster for examples that are run against it: prints where its etcd and one member
// are, and lives until its standard input ends. Prints who leads then.
#include <patroni/simulator.hpp>

#include <iostream>
#include <string>

int main() {
    patroni::Simulator simulator{{.time = patroni::SimulatedTime::real, .time_scale = 20}};
    simulator.add_cluster({.scope = "demo", .loop_wait = std::chrono::seconds(1)});
    std::cout << simulator.etcd().text() << " http://" << simulator.api("pg3").text() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
    }
    std::cout << simulator.leader("demo").value_or("none") << std::endl;
}
