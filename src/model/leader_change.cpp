#include <patroni/leader_change.hpp>

namespace patroni {

std::string_view to_string(LeaderRequest::Kind kind) noexcept {
    return kind == LeaderRequest::Kind::switchover ? "switchover" : "failover";
}

}  // namespace patroni
