// A safe switchover: look, say what would happen, do it, and look again.
//     06_switchover ETCD SCOPE CANDIDATE [USER PASSWORD]     (etcd v3,
//     "10.0.0.1:2379,10.0.0.2:2379")
#include <patroni/operations.hpp>

#include <iostream>

int main(int argc, char** argv) {
    if (argc != 4 && argc != 6) {
        std::cerr << "usage: 06_switchover ETCD SCOPE CANDIDATE [USER PASSWORD]\n";
        return 2;
    }
    try {
        patroni::OperationsOptions options;
        if (argc == 6) {
            options.member.user = argv[4];
            options.member.password = patroni::Secret(argv[5]);
        }
        patroni::Operations operations{patroni::Seeds::etcd3(argv[1]).value(), options};
        const auto plan = operations.prepare(argv[2], patroni::SwitchLeader{.candidate = argv[3]});
        std::cout << plan.summary << '\n';
        for (const auto& warning : plan.warnings) {
            std::cout << "  " << warning << '\n';
        }
        const auto result = operations.execute(plan);  // does nothing when the plan is refused
        const auto outcome = operations.verify(plan, result, std::chrono::seconds(60));
        std::cout << to_line(outcome) << '\n';
        return outcome.as_asked() ? 0 : outcome.kind == patroni::OutcomeKind::unknown ? 4 : 1;
    } catch (const patroni::Failure& failure) {  // nothing was done
        std::cerr << failure.what() << '\n';
        return 5;
    }
}
