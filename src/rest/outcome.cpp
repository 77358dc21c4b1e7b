#include "rest/outcome.hpp"

#include "codec/json.hpp"
#include "protocol/response_end.hpp"
#include "rest/outcome_words.hpp"

#include <utility>

namespace patroni::rest {
namespace {

constexpr std::size_t k_max_server_text = 1024;
constexpr std::string_view k_write_failed =
    "Patroni saw no success of its write to the store, which may have done it all the same";

// Patroni says the same of both.
constexpr std::string_view k_conflict =
    "somebody changed it at the same time, or the store was slow and may have written it";

/// Pages that Python's server makes itself: only their status says something.
bool is_page(const protocol::Response& response) {
    const std::string_view type = response.header("Content-Type").value_or("");
    return type.find("charset") != std::string_view::npos || response.body.starts_with('<');
}

/// Patroni 1.1 to 1.3 says "Can't schedule failover in the paused state", goes on, and writes a
/// second answer behind the first. The last one tells what it did.
protocol::Response last_response(const protocol::Response& response) {
    const auto begin = response.body.rfind("HTTP/1.");
    const auto head_end = response.body.find("\r\n\r\n", begin);
    if (begin == std::string::npos || head_end == std::string::npos || is_page(response)) {
        return response;
    }
    const int status = protocol::status_of_line(std::string_view(response.body).substr(begin));
    if (status == 0) {
        return response;
    }
    protocol::Response last = response;
    last.status = status;
    last.body = response.body.substr(head_end + 4);
    return last;
}

Outcome rejected(Reason reason, std::string message) {
    Outcome outcome;
    outcome.kind = OutcomeKind::rejected;
    outcome.reason = reason;
    outcome.message = std::move(message);
    return outcome;
}

/// Patroni's word does not settle whether it was done.
Outcome in_doubt(Reason reason, std::string message) {
    Outcome outcome;
    outcome.reason = reason;
    outcome.message = std::move(message);
    return outcome;
}

/// Refusals that come before the call itself is looked at.
std::optional<Outcome> judge_access(const Capability& row, const protocol::Response& response) {
    switch (response.status) {
        case 401:
            return rejected(Reason::not_authenticated,
                            "the REST API wants a user name and password, or others than these");
        case 403:
            if (response.body.find("certificate") != std::string::npos) {
                return rejected(Reason::certificate_required,
                                "the REST API wants a client certificate");
            }
            return rejected(Reason::access_denied,
                            "this address is not in the allowlist of the REST API");
        case 400:
            if (row.path == "/reinitialize") {
                return in_doubt(Reason::bad_request,  // It says so, and starts it all the same.
                                "refused as malformed, yet Patroni may have started it");
            }
            [[fallthrough]];
        case 411:
            if (is_page(response) || response.status == 411) {
                return rejected(Reason::bad_request, "refused as malformed");
            }
            return std::nullopt;
        case 501: {
            Outcome outcome;
            outcome.kind = OutcomeKind::unsupported;
            outcome.message = std::string(row.method) + " " + std::string(row.path) +
                              " needs Patroni " + to_string(row.since) + " or later";
            return outcome;
        }
        default:
            return std::nullopt;
    }
}

std::optional<Outcome> judge_config(const Capability& row, const protocol::Response& response) {
    switch (response.status) {
        case 200: {
            auto config = codec::parse_json(response.body);
            if (!config || config->if_object() == nullptr) {
                return std::nullopt;
            }
            Outcome outcome;
            outcome.kind = OutcomeKind::done;
            outcome.config = std::move(*config);
            outcome.message = "written; members apply it within loop_wait";
            return outcome;
        }
        case 409:
            return in_doubt(Reason::conflict, std::string(k_conflict) + "; look at GET /config");
        case 502:
            return row.method == "PUT"
                       ? std::optional(in_doubt(Reason::write_failed, std::string(k_write_failed) +
                                                                          "; it can be repeated"))
                       : std::nullopt;
        case 503:
            return rejected(Reason::no_config, "the store has no dynamic configuration");
        default:
            return std::nullopt;
    }
}

std::string message_of(const KnownWords& words) {
    switch (words.reason) {
        case Reason::none:
            return words.kind == OutcomeKind::scheduled ? "waits for its time" : "carried out";
        case Reason::other_member_won:
            return "another member than the candidate leads now";
        case Reason::status_unknown:
            return "Patroni lost sight of it: ask GET /cluster who leads before anything else";
        case Reason::still_starting:
            return "PostgreSQL was restarted and did not come up in time; it goes on starting";
        case Reason::restart_failed:
            return "tried, and it failed: look at GET /patroni whether PostgreSQL runs";
        case Reason::switchover_failed:
            return "tried, and it failed: the leader is still the same";
        case Reason::busy:
            return "the member is busy with something else; try again when that has ended";
        case Reason::nothing_changed:
            return "its configuration has no change to take over";
        case Reason::nothing_to_do:
            return "nothing was scheduled";
        case Reason::write_failed:
            return std::string(k_write_failed) +
                   ": ask GET /cluster who leads and what is scheduled";
        case Reason::paused:
            return "not possible in maintenance mode";
        default:
            return "refused";
    }
}

Outcome judge_words(const Capability& row, const protocol::Response& response) {
    Outcome outcome;
    if (const auto words = find_words(row.path, response.status, response.body)) {
        outcome.kind = words->kind;
        outcome.reason = words->reason;
        outcome.new_leader = words->new_leader;
        outcome.message = message_of(*words);
        return outcome;
    }
    if (response.status == 409) {
        return in_doubt(Reason::conflict,
                        std::string(k_conflict) + "; ask GET /cluster what is scheduled");
    }
    if (response.status == 404) {
        return rejected(Reason::nothing_to_do, "there is no such thing");
    }
    if (row.path == "/failsafe" && response.status == 502) {
        return rejected(Reason::conditions_not_met, "failsafe_mode is off");
    }
    if (row.path == "/reload" && response.status == 500) {
        return rejected(Reason::unrecognized, "the configuration file could not be read");
    }
    outcome.reason = Reason::unrecognized;
    if (response.status >= 300 && response.status < 500) {
        outcome.kind = OutcomeKind::rejected;
        outcome.message = response.status < 400
                              ? "redirects are not followed: name the member's own address"
                              : "refused with HTTP " + std::to_string(response.status);
    } else {
        // A proxy between us can say this of a request that Patroni carries out.
        outcome.message =
            "HTTP " + std::to_string(response.status) + " with words that no known Patroni says";
    }
    return outcome;
}

Reason reason_of(const Error& error) {
    switch (error.kind) {
        case ErrorKind::timeout:
            return Reason::no_answer;
        case ErrorKind::cancelled:
            return Reason::cancelled;
        case ErrorKind::reset:
            return !error.code && error.server_text.empty() && error.http_status == 0
                       ? Reason::empty_reply
                       : Reason::connection_lost;
        default:
            return Reason::connection_lost;
    }
}

}  // namespace

Outcome judge(const Capability& row, const protocol::Response& response) {
    const protocol::Response answer = last_response(response);
    std::optional<Outcome> outcome = judge_access(row, answer);
    if (!outcome && row.path == "/config") {
        outcome = judge_config(row, answer);
    }
    if (!outcome) {
        outcome = judge_words(row, answer);
    }
    outcome->http_status = answer.status;
    if (!is_page(response) && outcome->config.is_null()) {
        outcome->server_text = response.body.substr(0, k_max_server_text);
    } else if (outcome->kind == OutcomeKind::unknown) {
        outcome->server_text = response.reason.substr(0, k_max_server_text);
    }
    return *std::move(outcome);
}

Outcome judge_unlisted(std::string_view method, const protocol::Response& response) {
    Capability row;
    row.method = method;
    const std::string status = std::to_string(response.status);
    std::optional<Outcome> outcome = judge_access(row, response);
    if (response.status == 501) {
        outcome->message = "this Patroni has no such call";
    } else if (!outcome && response.status >= 300 && response.status < 500) {
        outcome = rejected(Reason::unrecognized, "refused with HTTP " + status);
    } else if (!outcome) {
        outcome = in_doubt(Reason::unrecognized,
                           "HTTP " + status + " to a call that no known Patroni has");
    }
    outcome->http_status = response.status;
    outcome->server_text =
        (is_page(response) ? response.reason : response.body).substr(0, k_max_server_text);
    return *std::move(outcome);
}

Outcome judge(const Capability& row, Error error) {
    Outcome outcome;
    outcome.reason = reason_of(error);
    switch (outcome.reason) {
        case Reason::empty_reply:
            outcome.message =
                "the member closed without an answer: it cannot reach its store (then nothing was "
                "done), or it died";
            break;
        case Reason::no_answer:
            outcome.message = "no answer in time; the member may still be at it";
            break;
        case Reason::cancelled:
            outcome.message = "given up after the request was sent";
            break;
        default:
            outcome.message = "the connection was lost after the request was sent";
            break;
    }
    outcome.message += row.path == "/switchover" || row.path == "/failover"
                           ? ": ask GET /cluster who leads"
                       : row.idempotent ? ": it can be repeated"
                                        : ": look at GET /patroni before it is repeated";
    outcome.http_status = error.http_status;
    outcome.server_text = error.server_text.substr(0, k_max_server_text);
    outcome.error = std::move(error);
    return outcome;
}

}  // namespace patroni::rest
