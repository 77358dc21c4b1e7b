#pragma once

#include <patroni/error.hpp>
#include <patroni/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace patroni {

/// What became of a write.
enum class OutcomeKind {
    done,         ///< Carried out, or accepted where Patroni carries it out later (reload).
    scheduled,    ///< Waits for its time.
    rejected,     ///< Not carried out; `reason` and `server_text` say why.
    unsupported,  ///< Not carried out: this version of Patroni cannot.
    unknown,      ///< May have been carried out, in part or later: look before repeating it.
};

/// Why a write ended as it did. Patroni's texts differ from version to version; these do not.
enum class Reason {
    none,
    unrecognized,  ///< The server's words are not known: read `server_text`.

    // access
    not_authenticated,     ///< 401: no credentials, or wrong ones.
    access_denied,         ///< 403: not in `restapi.allowlist`.
    certificate_required,  ///< 403: `restapi.verify_client` wants a client certificate.

    // the request
    bad_request,        ///< Refused as malformed, or as a value that the server does not know.
    paused,             ///< Not in maintenance mode.
    time_in_past,       ///< The time of a schedule has passed.
    bad_time,           ///< The time of a schedule cannot be read, or has no zone.
    nothing_to_do,      ///< Nothing was scheduled that could be cancelled.
    already_scheduled,  ///< One restart is scheduled already.

    // one member
    busy,                ///< Another action is in progress.
    conditions_not_met,  ///< The conditions of the restart do not hold.
    still_starting,      ///< PostgreSQL did not come up in the time given.
    restart_failed,
    no_leader,        ///< There is no leader to copy from.
    is_leader,        ///< The leader cannot be reinitialized.
    nothing_changed,  ///< Reload found the configuration unchanged (Patroni < 1.6.1).

    // switchover and failover
    leader_mismatch,     ///< The named leader does not lead.
    candidate_unknown,   ///< No such member.
    candidate_not_sync,  ///< The candidate is not a synchronous standby.
    candidate_required,
    leader_required,
    same_member,        ///< Leader and candidate are one.
    no_sync_standby,    ///< Nobody is synchronous.
    no_other_member,    ///< The leader is alone.
    no_candidate,       ///< No member answers and may be promoted.
    not_schedulable,    ///< A failover cannot wait for a time.
    switchover_failed,  ///< Tried; the leader is still the same.
    other_member_won,   ///< Done, but another member than the candidate leads now.

    // the store
    conflict,        ///< Somebody changed it at the same time, or the store answered too late.
    no_config,       ///< The store has no dynamic configuration.
    write_failed,    ///< Patroni saw its store refuse the write, or did not see what it did.
    status_unknown,  ///< Patroni itself, or the store, lost sight of it.

    // no answer
    empty_reply,      ///< Closed without a byte: Patroni without its store does that, or it died.
    connection_lost,  ///< Reset, or closed within the answer.
    no_answer,        ///< The deadline passed.
    cancelled,        ///< The caller gave up after the request was sent.
};

/// The word of the enumerator, such as "other_member_won".
std::string_view to_string(OutcomeKind kind) noexcept;
std::string_view to_string(Reason reason) noexcept;

/// The truth about one write, with its evidence. (What certainly was not sent is no Outcome but an
/// Error: see `Member::call`.)
struct Outcome {
    OutcomeKind kind = OutcomeKind::unknown;
    Reason reason = Reason::none;
    /// What happened and what to do next, in our words.
    std::string message;
    /// The server's words, untrusted: escape before printing. At most 1 KiB.
    std::string server_text;
    int http_status = 0;  ///< 0 without an answer.
    /// Who leads now, as the server said it: after a switchover or failover that is done.
    std::optional<std::string> new_leader;
    /// The dynamic configuration as it is now: after PATCH and PUT /config; else null.
    Value config;
    /// What ended the request; for `unknown` without an answer.
    std::optional<Error> error;

    /// Done or scheduled exactly as it was asked for.
    bool as_asked() const noexcept {
        return (kind == OutcomeKind::done || kind == OutcomeKind::scheduled) &&
               reason != Reason::other_member_won;
    }
};

/// One line for people: kind, reason, message, server text (escaped).
std::string to_line(const Outcome& outcome);

}  // namespace patroni
