#include "base/text.hpp"

#include <patroni/outcome.hpp>

namespace patroni {

std::string_view to_string(OutcomeKind kind) noexcept {
    switch (kind) {
        case OutcomeKind::done:
            return "done";
        case OutcomeKind::scheduled:
            return "scheduled";
        case OutcomeKind::rejected:
            return "rejected";
        case OutcomeKind::unsupported:
            return "unsupported";
        case OutcomeKind::unknown:
            return "unknown";
    }
    return "unknown";
}

std::string_view to_string(Reason reason) noexcept {
    switch (reason) {
        case Reason::none:
            return "none";
        case Reason::unrecognized:
            return "unrecognized";
        case Reason::not_authenticated:
            return "not_authenticated";
        case Reason::access_denied:
            return "access_denied";
        case Reason::certificate_required:
            return "certificate_required";
        case Reason::bad_request:
            return "bad_request";
        case Reason::paused:
            return "paused";
        case Reason::time_in_past:
            return "time_in_past";
        case Reason::bad_time:
            return "bad_time";
        case Reason::nothing_to_do:
            return "nothing_to_do";
        case Reason::already_scheduled:
            return "already_scheduled";
        case Reason::busy:
            return "busy";
        case Reason::conditions_not_met:
            return "conditions_not_met";
        case Reason::still_starting:
            return "still_starting";
        case Reason::restart_failed:
            return "restart_failed";
        case Reason::no_leader:
            return "no_leader";
        case Reason::is_leader:
            return "is_leader";
        case Reason::nothing_changed:
            return "nothing_changed";
        case Reason::leader_mismatch:
            return "leader_mismatch";
        case Reason::candidate_unknown:
            return "candidate_unknown";
        case Reason::candidate_not_sync:
            return "candidate_not_sync";
        case Reason::candidate_required:
            return "candidate_required";
        case Reason::leader_required:
            return "leader_required";
        case Reason::same_member:
            return "same_member";
        case Reason::no_sync_standby:
            return "no_sync_standby";
        case Reason::no_other_member:
            return "no_other_member";
        case Reason::no_candidate:
            return "no_candidate";
        case Reason::not_schedulable:
            return "not_schedulable";
        case Reason::switchover_failed:
            return "switchover_failed";
        case Reason::other_member_won:
            return "other_member_won";
        case Reason::conflict:
            return "conflict";
        case Reason::no_config:
            return "no_config";
        case Reason::write_failed:
            return "write_failed";
        case Reason::status_unknown:
            return "status_unknown";
        case Reason::empty_reply:
            return "empty_reply";
        case Reason::connection_lost:
            return "connection_lost";
        case Reason::no_answer:
            return "no_answer";
        case Reason::cancelled:
            return "cancelled";
    }
    return "unrecognized";
}

std::string to_line(const Outcome& outcome) {
    std::string line(to_string(outcome.kind));
    if (outcome.reason != Reason::none) {
        line.append(" (").append(to_string(outcome.reason)).append(")");
    }
    if (!outcome.message.empty()) {
        line += ": " + outcome.message;
    }
    if (outcome.new_leader) {
        line += "; the leader is \"" + escape_untrusted(*outcome.new_leader, 128) + '"';
    }
    if (!outcome.server_text.empty()) {
        line += ": \"" + escape_untrusted(outcome.server_text, 1024) + '"';
    } else if (outcome.http_status != 0 && outcome.kind != OutcomeKind::done) {
        line += ": HTTP " + std::to_string(outcome.http_status);
    }
    if (outcome.error) {
        line += ": " + to_line(*outcome.error);
    }
    return line;
}

}  // namespace patroni
