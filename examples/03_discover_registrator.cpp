// The members that registrator wrote into etcd, with the names of their containers:
//     03_discover_registrator etcd://127.0.0.1:2379/dingo-postgresql95-8008
#include <patroni/client.hpp>

#include <iostream>

int main(int argc, char** argv) {
    auto seeds = patroni::Seeds::registrator(
        argc > 1 ? argv[1] : "etcd://127.0.0.1:2379/dingo-postgresql95-8008");
    if (!seeds) {
        std::cerr << to_line(seeds.error()) << '\n';
        return 2;
    }
    try {
        const patroni::Discovery found = patroni::Client{*seeds}.discover();
        for (const auto& member : found.members) {
            std::cout << member.display_name() << "  "
                      << (member.api ? member.api->text() : "no address") << "  PostgreSQL "
                      << (member.postgres ? member.postgres->text() : "?") << '\n';
        }
        for (const auto& problem : found.problems) {
            std::cerr << problem.where << ": " << problem.message << '\n';
        }
    } catch (const patroni::Failure& failure) {
        std::cerr << to_line(failure.error()) << '\n';
        return 1;
    }
}
