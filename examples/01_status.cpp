// Who is the primary, and how are the replicas?  01_status http://10.0.0.1:8008[,URL...]
#include <patroni/client.hpp>

#include <chrono>
#include <iostream>

int main(int argc, char** argv) {
    try {
        patroni::Client client{argc > 1 ? argv[1] : "http://127.0.0.1:8008"};
        for (const auto& cluster : client.status(std::chrono::seconds(2)).clusters) {
            std::cout << cluster.scope << ": " << to_string(cluster.verdict) << ", primary "
                      << cluster.primary.value_or("none") << '\n';
            for (const auto& member : cluster.members) {
                std::cout << "  " << member.name << "  " << to_string(member.role) << "  "
                          << (member.healthy ? "well" : "not well") << "  lag "
                          << (member.lag_bytes ? std::to_string(*member.lag_bytes) : "?") << '\n';
            }
        }
    } catch (const patroni::Failure& failure) {
        std::cerr << to_line(failure.error()) << '\n';
        return 1;
    }
}
