// A test of your own program against a network that fails: whatever happens to one member, the
// answer comes in time, and a command that may have been carried out is never sent again.
#include <patroni/client.hpp>
#include <patroni/member.hpp>
#include <patroni/simulator.hpp>

#include <chrono>
#include <iostream>

int main() {
    using patroni::Fault;
    using std::chrono::milliseconds;

    patroni::Simulator simulator;
    simulator.add_cluster({.scope = "batman"});
    patroni::Client client{simulator.api("pg1").text()};
    bool good = true;

    for (const Fault& fault : {Fault::refuse(), Fault::silent(), Fault::truncate(100),
                               Fault::garbage(), Fault::slow(1, milliseconds(20))}) {
        simulator.fault("pg3", fault);
        const auto started = std::chrono::steady_clock::now();
        const auto report = client.status(milliseconds(300));
        const auto took = std::chrono::steady_clock::now() - started;
        good = good && report.clusters.at(0).primary == "pg1" && took < milliseconds(600);
        simulator.clear_fault("pg3");
    }

    // The restart is carried out, and its answer is lost.
    simulator.run_real_time(100);
    patroni::Member member{simulator.api("pg2").text()};
    simulator.fault("pg2", Fault::reset_after_request().on("POST /restart").once());
    const auto before = simulator.traffic("pg2").requests;
    const auto outcome = member.call(patroni::Restart{}).data;
    good = good && outcome.kind == patroni::OutcomeKind::unknown &&
           simulator.traffic("pg2").requests == before + 1;
    std::cout << to_line(outcome) << '\n';
    return good ? 0 : 1;
}
