#include <patroni/member_status.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace patroni {

std::string_view to_string(Role role) noexcept {
    switch (role) {
        case Role::unknown:
            return "unknown";
        case Role::primary:
            return "primary";
        case Role::standby_leader:
            return "standby_leader";
        case Role::sync_standby:
            return "sync_standby";
        case Role::quorum_standby:
            return "quorum_standby";
        case Role::replica:
            return "replica";
        case Role::demoted:
            return "demoted";
        case Role::promoted:
            return "promoted";
        case Role::uninitialized:
            return "uninitialized";
        case Role::gone:
            return "gone";
    }
    return "unknown";
}

Role parse_role(std::string_view word) noexcept {
    using Row = std::pair<std::string_view, Role>;
    constexpr std::array<Row, 10> words{{
        {"primary", Role::primary},
        {"master", Role::primary},
        {"leader", Role::primary},
        {"replica", Role::replica},
        {"standby_leader", Role::standby_leader},
        {"sync_standby", Role::sync_standby},
        {"quorum_standby", Role::quorum_standby},
        {"demoted", Role::demoted},
        {"promoted", Role::promoted},
        {"uninitialized", Role::uninitialized},
    }};
    for (const Row& row : words) {
        if (row.first == word) {
            return row.second;
        }
    }
    return Role::unknown;
}

std::optional<Lsn> MemberStatus::standby_position() const {
    // nullopt compares less than every position.
    return std::max(received_location, replayed_location);
}

}  // namespace patroni
