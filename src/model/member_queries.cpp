#include <patroni/member_queries.hpp>

namespace patroni {

std::string_view path_of(HealthCheck check) noexcept {
    switch (check) {
        case HealthCheck::primary:
            return "/";
        case HealthCheck::leader:
            return "/leader";
        case HealthCheck::standby_leader:
            return "/standby-leader";
        case HealthCheck::replica:
            return "/replica";
        case HealthCheck::read_write:
            return "/read-write";
        case HealthCheck::read_only:
            return "/read-only";
        case HealthCheck::read_only_sync:
            return "/read-only-sync";
        case HealthCheck::read_only_quorum:
            return "/read-only-quorum";
        case HealthCheck::sync:
            return "/sync";
        case HealthCheck::async:
            return "/async";
        case HealthCheck::quorum:
            return "/quorum";
        case HealthCheck::health:
            return "/health";
    }
    return "/";
}

}  // namespace patroni
