// A safe switchover with nothing but URLs: look, do it, and look again.
//     08_switchover_by_url http://10.0.0.1:8008[,URL...] CANDIDATE [USER PASSWORD]
#include <patroni/client.hpp>
#include <patroni/member.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>

using std::chrono::seconds;

int main(int argc, char** argv) {
    if (argc != 3 && argc != 5) {
        std::cerr << "usage: 08_switchover_by_url URLS CANDIDATE [USER PASSWORD]\n";
        return 2;
    }
    try {
        const std::string candidate = argv[2];
        patroni::Client client{argv[1]};
        const auto leader = client.writable_primary(seconds(10));
        const auto report = client.status(seconds(2));
        const auto& members = report.clusters.at(0).members;
        const auto next = std::ranges::find(members, candidate, &patroni::MemberHealth::name);
        if (next == members.end() || !next->healthy || candidate == leader.member) {
            std::cerr << candidate << " is no replica that is well\n";
            return 1;
        }

        patroni::MemberOptions options;
        if (argc == 5) {
            options.user = argv[3];
            options.password = patroni::Secret(argv[4]);
        }
        patroni::Member member{leader.api.value().text(), options};
        const patroni::Switchover request{.leader = leader.member, .candidate = candidate};
        const auto outcome = member.call(request).data;  // is never sent twice
        std::cout << to_line(outcome) << '\n';
        if (outcome.kind == patroni::OutcomeKind::unknown || outcome.as_asked()) {
            const auto now = client.writable_primary(seconds(60));
            std::cout << now.member << " takes writes\n";
            return now.member == candidate ? 0 : outcome.as_asked() ? 1 : 4;
        }
        return 1;
    } catch (const patroni::Failure& failure) {
        std::cerr << failure.what() << '\n';
        return 5;
    }
}
