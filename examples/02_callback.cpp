// One thread, nothing blocks: a callback, and a cancelled call.  02_callback http://10.0.0.1:8008
#include <patroni/client.hpp>
#include <patroni/runtime.hpp>

#include <chrono>
#include <iostream>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
    auto seeds = patroni::Seeds::api(argc > 1 ? argv[1] : "http://127.0.0.1:8008");
    if (!seeds) {
        std::cerr << to_line(seeds.error()) << '\n';
        return 2;
    }

    patroni::Runtime runtime;
    patroni::Client client{runtime, *seeds};
    int exit_code = 1;

    client.start_status(2s, [&](patroni::Result<patroni::StatusReport> report) {
        if (!report) {
            std::cerr << to_line(report.error()) << '\n';
            return;
        }
        for (const auto& cluster : report->clusters) {
            std::cout << cluster.scope << ": " << to_string(cluster.verdict) << '\n';
        }
        exit_code = 0;
    });

    // What is not needed any more is cancelled: its callback still comes, with that error.
    auto second = client.start_discover(2s, [](patroni::Result<patroni::Discovery> members) {
        std::cout << "discover: " << (members ? "done" : to_string(members.error().kind)) << '\n';
    });
    second.cancel();

    runtime.run();  // until nothing is under way any more
    return exit_code;
}
