#include <patroni/status.hpp>

namespace patroni {

std::string_view to_string(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::ok:
            return "ok";
        case Verdict::degraded:
            return "degraded";
        case Verdict::no_leader:
            return "no_leader";
        case Verdict::split:
            return "split";
        case Verdict::unknown:
            return "unknown";
    }
    return "unknown";
}

std::string_view to_string(FactSource source) noexcept {
    switch (source) {
        case FactSource::none:
            return "";
        case FactSource::live:
            return "live";
        case FactSource::cluster:
            return "cluster";
        case FactSource::dcs:
            return "dcs";
    }
    return "";
}

}  // namespace patroni
