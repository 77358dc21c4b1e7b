#include "simulator/restart_filter.hpp"

#include "base/text.hpp"

#include <vector>

namespace patroni::simulation {

std::optional<std::int64_t> postgres_version_number(std::string_view text) {
    std::vector<std::int64_t> parts;
    while (true) {
        const std::size_t dot = text.find('.');
        const auto number = parse_integer<std::int64_t>(text.substr(0, dot));
        if (!number) {
            return std::nullopt;
        }
        parts.push_back(*number);
        if (dot == std::string_view::npos) {
            break;
        }
        text.remove_prefix(dot + 1);
    }
    if (parts.size() < 2 || parts.size() > 3 || (parts.size() == 2 && parts[0] < 10)) {
        return std::nullopt;
    }
    if (parts.size() == 2) {
        parts.insert(parts.begin() + 1, 0);
    }
    return parts[0] * 10000 + parts[1] * 100 + parts[2];
}

bool restart_matches(const ClusterState& cluster, const MemberState& member, const Value& request) {
    if (const Value* role = request.find("role")) {
        const std::string* word = role->if_string();
        if (word != nullptr && !word->empty() && *word != role_word(cluster, member)) {
            return false;
        }
    }
    if (const Value* version = request.find("postgres_version")) {
        const std::string* text = version->if_string();
        const auto number = postgres_version_number(text == nullptr ? "" : *text);
        if (number && *number <= cluster.server_version()) {
            return false;
        }
    }
    // That the key is there is what counts.
    return request.find("restart_pending") == nullptr || !member.pending_restart.is_null();
}

std::chrono::milliseconds restart_timeout(const ClusterState& cluster, const Value& request) {
    const Value* asked = request.find("timeout");
    const std::int64_t* seconds = asked == nullptr ? nullptr : asked->if_int();
    const std::int64_t usual = config_integer(cluster, "primary_start_timeout",
                                              config_integer(cluster, "master_start_timeout", 300));
    return std::chrono::seconds(seconds != nullptr ? *seconds : usual);
}

}  // namespace patroni::simulation
