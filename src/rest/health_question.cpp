#include "rest/health_question.hpp"

#include <algorithm>
#include <array>

namespace patroni::rest {
namespace {

using enum HealthQuestion;

bool contains(std::string_view path, std::string_view word) {
    return path.find(word) != std::string_view::npos;
}

template <class... Words>
bool is_any(std::string_view path, Words... words) {
    return ((path == words) || ...);
}

/// Patroni before 2.0.0: `path` holds the query, too.
HealthQuestion old_question(std::string_view path, const Version& version) {
    const bool has_leader_paths = version >= Version{1, 5, 0};
    if (contains(path, "master") ||
        (has_leader_paths && (contains(path, "leader") || contains(path, "primary")))) {
        const bool standby = contains(path, "standby_leader") || contains(path, "standby-leader");
        return has_leader_paths && standby ? standby_leader : leader;
    }
    if (version >= Version{1, 6, 0} && contains(path, "read-write")) {
        return leader;
    }
    if (contains(path, "replica")) {
        return replica;
    }
    if (version >= Version{1, 6, 0} && contains(path, "read-only")) {
        return read_only;
    }
    if (version >= Version{1, 6, 0} && contains(path, "health")) {
        return health;
    }
    if (version >= Version{1, 4, 0} && is_any(path, "/sync", "/synchronous")) {
        return sync;
    }
    return version >= Version{1, 4, 0} && is_any(path, "/async", "/asynchronous") ? async : nothing;
}

HealthQuestion question(std::string_view path, const Version& version) {
    const bool knows_quorum = version >= Version{4, 0, 0};
    const bool splits_read_only = version >= Version{2, 1, 5};
    if (contains(path, "standby_leader") || contains(path, "standby-leader")) {
        return standby_leader;
    }
    if (contains(path, "leader")) {
        return version >= Version{2, 1, 0} ? leader : primary;
    }
    if (contains(path, "master") || contains(path, "primary") || contains(path, "read-write")) {
        return primary;
    }
    if (contains(path, "replica")) {
        return replica;
    }
    if (contains(path, "read-only") && !(splits_read_only && contains(path, "sync")) &&
        !(knows_quorum && contains(path, "quorum"))) {
        return read_only;
    }
    if (contains(path, "health")) {
        return health;
    }
    if (is_any(path, "/sync", "/synchronous")) {
        return sync;
    }
    if (is_any(path, "/async", "/asynchronous")) {
        return async;
    }
    if (is_any(path, "/read-only-sync", "/read-only-synchronous")) {
        return read_only_sync;
    }
    if (knows_quorum && path == "/quorum") {
        return quorum;
    }
    return knows_quorum && path == "/read-only-quorum" ? read_only_quorum : nothing;
}

std::string_view first_part(std::string_view path) {
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    return path.substr(0, path.find('/'));
}

/// What somebody who reads the name would not expect of that version.
void remark_on_name(std::string_view path, ReadTarget& read, const Version& version) {
    const auto say = [&](std::string text) {
        read.remarks.push_back("Patroni " + to_string(version) + " " + std::move(text));
    };
    if (read.question == nothing) {
        say("knows no such check, and fails it");
    } else if (contains(path, "read-only") && read.question == read_only && path != "/read-only") {
        if (contains(path, "sync") || contains(path, "quorum")) {
            say("takes it for /read-only");
        }
    } else if (contains(path, "leader") && read.question == primary) {
        say("takes it for /primary: a standby leader fails it");
    } else if (read.question == leader && version < Version{2, 0, 0}) {
        say("answers it for any holder of the leader lock, also in a standby cluster");
    } else if (read.question == standby_leader && version < Version{2, 0, 0}) {
        say("answers it as /leader in a cluster that is no standby cluster");
    }
}

}  // namespace

bool is_own_call(std::string_view target, const Version& version) {
    struct Call {
        std::string_view part;
        Version since;
    };
    constexpr std::array k_calls = {
        Call{"patroni", {0, 90, 0}}, Call{"config", {1, 0, 0}},  Call{"cluster", {1, 6, 1}},
        Call{"history", {1, 6, 1}},  Call{"metrics", {2, 1, 0}}, Call{"failsafe", {3, 0, 0}},
    };
    const bool cuts_query = version >= Version{2, 0, 0};
    const auto part = first_part(cuts_query ? target.substr(0, target.find('?')) : target);
    return std::ranges::any_of(
        k_calls, [&](const Call& call) { return part == call.part && version >= call.since; });
}

ReadTarget read_health_target(std::string_view target, const Version& version) {
    ReadTarget read;
    const auto mark = target.find('?');
    read.has_query = mark != std::string_view::npos;
    if (version < Version{2, 0, 0}) {
        const std::string_view path = target == "/" ? "/master" : target;
        read.question = old_question(path, version);
        if (read.has_query) {
            read.has_query = false;
            read.remarks.push_back("Patroni " + to_string(version) +
                                   " takes the query for a part of the path: no parameter counts");
        }
        remark_on_name(path, read, version);
        return read;
    }
    const std::string_view full = target.substr(0, mark);
    const std::string_view path = full == "/" ? "/primary" : full;
    const auto part = first_part(path);
    if (part == "liveness" || part == "readiness") {
        read.question = part == "liveness" ? liveness : readiness;
        return read;
    }
    read.question = question(path, version);
    remark_on_name(path, read, version);
    return read;
}

}  // namespace patroni::rest
