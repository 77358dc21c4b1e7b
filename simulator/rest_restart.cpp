// POST and DELETE /restart, POST /reinitialize.
#include "codec/dcs_values.hpp"
#include "simulator/rest_call.hpp"
#include "simulator/restart_filter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace patroni::simulation {
namespace {

struct Refusal {
    int status = 0;  ///< 0: go on.
    std::string text = {};
    bool fails = false;  ///< The handler fails: no answer.
};

/// `parse_int(value, 's')`; 0 for what it cannot read.
std::int64_t seconds_of(const Value& value) {
    static constexpr std::array<std::pair<std::string_view, double>, 7> units{
        {{"", 1}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}}};
    const std::string text = python_text(value);
    char* end = nullptr;
    auto number = static_cast<double>(std::strtoll(text.c_str(), &end, 0));
    if (end == text.c_str() || *end == '.' || *end == 'e' || *end == 'E') {
        number = std::strtod(text.c_str(), &end);
    }
    if (end == text.c_str()) {
        return 0;
    }
    while (*end == ' ') {
        ++end;
    }
    const auto unit = std::ranges::find(units, std::string_view(end),
                                        &std::pair<std::string_view, double>::first);
    const double seconds = unit == units.end() ? 0 : std::nearbyint(number * unit->second);
    return std::abs(seconds) < 1e15 ? static_cast<std::int64_t>(seconds) : 0;
}

Refusal check_role(const RestCall& call, const Value& value) {
    const std::string role = python_text(value);
    if (call.has(Feature::standby_leader_filter)) {
        const bool good = role == "primary" || role == "standby_leader" || role == "replica";
        return good ? Refusal{}
                    : Refusal{400,
                              "PostgreSQL role should be either primary, standby_leader, or "
                              "replica"};
    }
    const bool primary = call.has(Feature::primary_filter);
    const bool good = role == "master" || role == "replica" || (primary && role == "primary");
    return good ? Refusal{}
                : Refusal{400, "PostgreSQL role should be either " +
                                   std::string(primary ? "primary" : "master") + " or replica"};
}

Refusal check_version(const Value& value) {
    const std::string* text = value.if_string();
    if (text == nullptr) {
        return {.fails = true};
    }
    const bool numbers =
        !text->empty() &&
        std::ranges::all_of(*text, [](char c) { return (c >= '0' && c <= '9') || c == '.'; }) &&
        text->find("..") == std::string::npos && text->front() != '.' && text->back() != '.';
    if (!numbers) {
        return {400, "Invalid PostgreSQL version: " + *text};
    }
    if (!postgres_version_number(*text)) {
        return {400, "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: " + *text};
    }
    return {};
}

/// Checks one key of a request, and puts into it what Patroni makes of the value.
Refusal check(const RestCall& call, const std::string& key, Value& value, Schedule& schedule) {
    if (key == "schedule") {
        schedule = parse_schedule(call, value, "restart");
        value = schedule.text;
        return {schedule.status, schedule.error};
    }
    if (key == "role") {
        return check_role(call, value);
    }
    if (key == "postgres_version") {
        return check_version(value);
    }
    if (key == "timeout") {
        const std::int64_t seconds = seconds_of(value);
        value = seconds;
        return seconds > 0 ? Refusal{}
                           : Refusal{400, "Timeout should be a positive number of seconds"};
    }
    return key == "restart_pending"
               ? Refusal{}
               : Refusal{400, "Unknown filter for the scheduled restart: " + key};
}

void restart_now(const RestCall& call, const Value& request) {
    MemberState& member = call.member;
    if (!restart_matches(call.cluster(), member, request)) {
        call.text(503, "restart conditions are not satisfied");
        return;
    }
    if (const std::string busy = call.ha.busy(member); !busy.empty()) {
        call.text(503, busy);
        return;
    }
    call.ha.restart(
        member, restart_timeout(call.cluster(), request),
        [&clock = call.ha.clock(), responder = call.responder](bool good, const std::string& text) {
            responder.reply(Replies{clock.wall()}.text(good ? 200 : 503, text));
        });
}

}  // namespace

void post_restart(const RestCall& call) {
    std::optional<Value> request = Value::object();
    if (call.has(Feature::restart_filters)) {
        request = read_object(call, true);
        if (!request || call.fails_without_store()) {
            return;
        }
    }
    const bool scheduled = request->find("schedule") != nullptr;
    if (call.cluster().paused && scheduled) {
        call.text(500, "Can't schedule restart in the paused state");
        return;
    }
    Schedule schedule;
    for (auto& [key, value] : *request->if_object()) {
        const Refusal refusal = check(call, key, value, schedule);
        if (refusal.fails) {
            call.nothing();
            return;
        }
        if (refusal.status != 0) {
            call.text(refusal.status, refusal.text);
            return;
        }
    }
    if (!scheduled) {
        restart_now(call, *request);
        return;
    }
    MemberState& member = call.member;
    if (member.scheduled_restart) {
        call.text(409, "Another restart is already scheduled");
        return;
    }
    member.scheduled_restart = ScheduledRestart{
        .request = *request, .at = schedule.at, .postmaster_started = member.started_at};
    call.ha.changed(member);
    call.text(202, "Restart scheduled");
}

void delete_restart(const RestCall& call) {
    if (!call.member.scheduled_restart) {
        call.text(404, "no restarts are scheduled");
        return;
    }
    call.member.scheduled_restart.reset();
    call.ha.changed(call.member);
    call.text(200, "scheduled restart deleted");
}

void post_reinitialize(const RestCall& call) {
    HttpReply answer;
    Value request = Value::object();
    if (call.has(Feature::reinitialize_force)) {
        // What is wrong with the body is said, and then it goes on.
        if (auto body = read_object(call, true, answer)) {
            request = *std::move(body);
        }
    }
    if (call.fails_without_store()) {
        return;
    }
    const bool force = codec::is_truthy(request.find("force"));
    std::string problem;
    if (!call.cluster().lock) {
        problem = "Cluster has no leader, can not reinitialize";
    } else if (call.cluster().lock == call.member.name) {
        problem = "I am the leader, can not reinitialize";
    } else if (!force) {
        problem = call.ha.busy(call.member);
    }
    const char* good =
        call.has(Feature::restart_filters) ? "reinitialize started" : "reinitialize scheduled";
    if (problem.empty()) {
        call.ha.reinitialize(call.member);
    }
    HttpReply text =
        call.replies.text(problem.empty() ? 200 : 503, problem.empty() ? good : problem);
    std::ranges::move(text.segments, std::back_inserter(answer.segments));
    call.responder.reply(std::move(answer));
}

}  // namespace patroni::simulation
