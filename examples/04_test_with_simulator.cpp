// A test of your own program without PostgreSQL: a simulated cluster loses its primary.
#include <patroni/client.hpp>
#include <patroni/simulator.hpp>

#include <iostream>
#include <string>

int main() {
    patroni::Simulator simulator;
    simulator.add_cluster({.scope = "batman", .members = {"pg1", "pg2", "pg3"}});
    patroni::Client client{simulator.api("pg2").text()};

    const auto primary = [&] {
        const auto report = client.status();
        const auto& cluster = report.clusters.at(0);
        std::cout << to_string(cluster.verdict) << ", primary " << cluster.primary.value_or("none")
                  << '\n';
        return cluster.primary.value_or("");
    };

    const bool before = primary() == "pg1";
    simulator.kill("pg1");
    const bool without = primary().empty();
    simulator.expire();  // the leader lock's time to live is over
    simulator.promote("pg2");
    const bool after = primary() == "pg2";
    return before && without && after ? 0 : 1;
}
