#include "rest/outcome_words.hpp"

#include "base/text.hpp"

#include <array>
#include <span>

namespace patroni::rest {
namespace {

enum class Match { whole, begin, end, within };

struct Row {
    Match match;
    std::string_view text;  ///< In lower case.
    OutcomeKind kind;
    Reason reason;
};

using enum OutcomeKind;

// The first row that matches holds.
constexpr std::array k_restart = {
    Row{Match::whole, "restarted successfully", done, Reason::none},
    Row{Match::whole, "restart scheduled", scheduled, Reason::none},
    Row{Match::whole, "another restart is already scheduled", rejected, Reason::already_scheduled},
    Row{Match::begin, "cannot schedule restart in the past", rejected, Reason::time_in_past},
    Row{Match::begin, "unable to parse scheduled timestamp", rejected, Reason::bad_time},
    Row{Match::begin, "timezone information is mandatory", rejected, Reason::bad_time},
    Row{Match::within, "paused state", rejected, Reason::paused},
    Row{Match::whole, "restart conditions are not satisfied", rejected, Reason::conditions_not_met},
    // The server gave up waiting, PostgreSQL goes on starting.
    Row{Match::whole, "postgres is still starting", unknown, Reason::still_starting},
    Row{Match::whole, "restart failed", rejected, Reason::restart_failed},
    Row{Match::end, " already in progress", rejected, Reason::busy},
    Row{Match::begin, "unknown filter", rejected, Reason::bad_request},
    Row{Match::begin, "postgresql role should be", rejected, Reason::bad_request},
    Row{Match::begin, "timeout should be", rejected, Reason::bad_request},
    Row{Match::begin, "invalid postgresql version", rejected, Reason::bad_request},
    Row{Match::begin, "postgresql version should be", rejected, Reason::bad_request},
    Row{Match::whole, "scheduled restart deleted", done, Reason::none},
    Row{Match::whole, "no restarts are scheduled", rejected, Reason::nothing_to_do},
};

constexpr std::array k_reinitialize = {
    Row{Match::whole, "reinitialize started", done, Reason::none},
    Row{Match::whole, "reinitialize scheduled", done, Reason::none},
    Row{Match::begin, "cluster has no leader", rejected, Reason::no_leader},
    Row{Match::begin, "i am the leader", rejected, Reason::is_leader},
    Row{Match::end, " already in progress", rejected, Reason::busy},
};

constexpr std::array k_switchover = {
    Row{Match::within, "status unknown", unknown, Reason::status_unknown},
    Row{Match::whole, "switchover scheduled", scheduled, Reason::none},
    Row{Match::whole, "failover scheduled", scheduled, Reason::none},
    Row{Match::whole, "switchover failed", rejected, Reason::switchover_failed},
    Row{Match::whole, "failover failed", rejected, Reason::switchover_failed},
    // Also when the store was slow to answer: then it may have written it, and the members act.
    Row{Match::begin, "failed to write ", unknown, Reason::write_failed},
    Row{Match::whole, "leader name does not match", rejected, Reason::leader_mismatch},
    Row{Match::begin, "candidate name does not match with sync_standby", rejected,
        Reason::candidate_not_sync},
    Row{Match::begin, "candidate does not exist", rejected, Reason::candidate_unknown},
    Row{Match::end, "can not find sync_standby", rejected, Reason::no_sync_standby},
    Row{Match::end, "cluster does not have members except leader", rejected,
        Reason::no_other_member},
    Row{Match::end, "no good candidates have been found", rejected, Reason::no_candidate},
    Row{Match::within, "possible only to a specific candidate", rejected,
        Reason::candidate_required},
    Row{Match::begin, "failover could be performed only to a specific candidate", rejected,
        Reason::candidate_required},
    Row{Match::begin, "no values given for required parameters", rejected, Reason::leader_required},
    Row{Match::within, "only from a specific leader", rejected, Reason::leader_required},
    Row{Match::begin, "failover can't be scheduled", rejected, Reason::not_schedulable},
    Row{Match::within, "paused state", rejected, Reason::paused},
    Row{Match::begin, "switchover target and source are the same", rejected, Reason::same_member},
    Row{Match::begin, "cannot schedule ", rejected, Reason::time_in_past},
    Row{Match::begin, "unable to parse scheduled timestamp", rejected, Reason::bad_time},
    Row{Match::begin, "timezone information is mandatory", rejected, Reason::bad_time},
    Row{Match::whole, "scheduled switchover deleted", done, Reason::none},
    Row{Match::whole, "no switchover is scheduled", rejected, Reason::nothing_to_do},
};

constexpr std::array k_others = {
    Row{Match::whole, "reload scheduled", done, Reason::none},
    Row{Match::whole, "nothing changed", done, Reason::nothing_changed},
    Row{Match::whole, "accepted", done, Reason::none},
    Row{Match::whole, "running as a leader", rejected, Reason::is_leader},
    Row{Match::whole, "ok", done, Reason::none},
    Row{Match::whole, "shutdown scheduled", done, Reason::none},
};

bool matches(const Row& row, std::string_view text) {
    switch (row.match) {
        case Match::whole:
            return text == row.text;
        case Match::begin:
            return text.starts_with(row.text);
        case Match::end:
            return text.ends_with(row.text);
        case Match::within:
            return text.find(row.text) != std::string_view::npos;
    }
    return false;
}

/// `Successfully switched over to "NAME"` and `Failed over to "NAME" instead of "CANDIDATE"`. Names
/// are not escaped by the server.
std::optional<KnownWords> new_leader(std::string_view text) {
    constexpr std::string_view k_over = " over to \"";
    constexpr std::string_view k_instead = "\" instead of \"";
    const auto over = text.find(k_over);
    if (over == std::string_view::npos || !text.ends_with('"')) {
        return std::nullopt;
    }
    const std::string verb = to_lower(text.substr(0, over));
    std::string_view name = text.substr(over + k_over.size());
    if (name.empty()) {
        return std::nullopt;
    }
    name.remove_suffix(1);
    if (verb == "successfully switched" || verb == "successfully failed") {
        return KnownWords{done, Reason::none, std::string(name)};
    }
    const auto instead = name.find(k_instead);
    if ((verb != "switched" && verb != "failed") || instead == std::string_view::npos) {
        return std::nullopt;
    }
    return KnownWords{done, Reason::other_member_won, std::string(name.substr(0, instead))};
}

}  // namespace

std::optional<KnownWords> find_words(std::string_view path, int status, std::string_view text) {
    const bool is_success = status >= 200 && status < 300;
    const std::string words = to_lower(trim(text));
    const auto find_in = [&](std::span<const Row> rows) -> std::optional<KnownWords> {
        for (const Row& row : rows) {
            const bool says_success = row.kind == done || row.kind == scheduled;
            if (says_success == is_success && matches(row, words)) {
                return KnownWords{row.kind, row.reason, std::nullopt};
            }
        }
        return std::nullopt;
    };
    if (path == "/restart") {
        return find_in(k_restart);
    }
    if (path == "/reinitialize") {
        return find_in(k_reinitialize);
    }
    if (path == "/switchover" || path == "/failover") {
        if (auto found = is_success ? new_leader(trim(text)) : std::nullopt) {
            return found;
        }
        return find_in(k_switchover);
    }
    return find_in(k_others);
}

}  // namespace patroni::rest
