#include "patronictl/commands.hpp"
#include "patronictl/member_answer.hpp"
#include "patronictl/members.hpp"
#include "patronictl/postgres_version.hpp"
#include "patronictl/prompts.hpp"
#include "patronictl/schedule.hpp"

#include <array>
#include <random>

namespace patronictl {
namespace {

using patroni::Value;
using Members = std::vector<const DcsMember*>;

/// The words of one command line.
struct Restart {
    Selection selection;
    std::optional<std::string> scheduled, version, timeout;
    bool pending = false;
    bool any = false;
};

Restart read(const Session& session, const Parsed& parsed) {
    Restart restart;
    restart.selection.cluster_name = session.scope(parsed);
    restart.selection.group = Session::group(parsed);
    restart.selection.names = parsed.texts("member_names");
    restart.selection.role = role_filter(parsed.text("role").value_or("any"));
    restart.selection.force = parsed.flag("force");
    restart.selection.action = "restart";
    restart.selection.confirm = false;  // Asked when the time is known.
    restart.scheduled = parsed.text("scheduled");
    restart.version = parsed.text("version");
    restart.timeout = parsed.text("timeout");
    restart.pending = parsed.flag("pending");
    restart.any = parsed.flag("p_any");
    return restart;
}

void confirm_restart(const Session& session, const Members& members,
                     const std::optional<Schedule>& schedule, bool pending) {
    const std::string names = joined_names(members);
    std::string question = "Are you sure you want to restart members " + names + "?";
    if (schedule && pending) {
        question =
            "The nodes needing a restart will be identified at the scheduled time, and might be "
            "different from the ones showing pending restart right now. Is this fine?";
    } else if (schedule) {
        question = "Are you sure you want to schedule restart of members " + names + " at " +
                   schedule->text + "?";
    }
    if (!confirm(session.streams(), question)) {
        throw Fail(schedule ? "Aborted scheduled restart" : "Aborted restart");
    }
}

void keep_one(Members& members) {
    if (members.size() > 1) {
        std::random_device random;
        const auto index =
            std::uniform_int_distribution<std::size_t>(0, members.size() - 1)(random);
        members = {members[index]};
    }
}

void restart_member(const Session& session, MemberApi& api, const DcsMember& member,
                    const Value& content, bool force) {
    if (content.find("schedule") != nullptr && force && member.has("scheduled_restart")) {
        report(session, api.ask(member, "DELETE", "restart"), member.name,
               "flush scheduled restart", true);
    }
    const auto answer = api.ask(member, "POST", "restart", &content);
    if (answer.status == 200) {
        session.echo("Success: restart on member " + member.name);
    } else if (answer.status == 202) {
        session.echo("Success: restart scheduled on member " + member.name);
    } else if (answer.status == 409) {
        session.echo("Failed: another restart is already scheduled on member " + member.name);
    } else {
        session.echo("Failed: restart for member " + member.name +
                     ", status code=" + std::to_string(answer.status) + ", (" + answer.body + ")");
    }
}

int run_restart(Session& session, const Parsed& parsed) {
    Restart restart = read(session, parsed);
    const bool force = restart.selection.force;
    const auto cluster =
        session.read_cluster(restart.selection.cluster_name, restart.selection.group);
    Members members = select_members(session, cluster, restart.selection);
    const auto now = session.streams().now();
    if (!restart.scheduled && !force) {
        restart.scheduled =
            prompt(session.streams(),
                   "When should the restart take place (e.g. " + next_hour(now) + ") ", "now");
    }
    const auto schedule = parse_schedule(restart.scheduled.value_or(""), now);
    Value content = Value::object();
    if (restart.pending) {
        content.set("restart_pending", true);
        if (!schedule) {  // What is pending at the time of a schedule is known only then.
            std::erase_if(members,
                          [](const DcsMember* member) { return !member->has("pending_restart"); });
        }
    }
    if (restart.any) {
        keep_one(members);
    }
    if (!force) {
        confirm_restart(session, members, schedule, restart.pending);
        if (!restart.version) {
            restart.version =
                prompt(session.streams(),
                       "Restart if the PostgreSQL version is less than provided (e.g. 9.5.2) ", "");
        }
    }
    if (restart.version && !restart.version->empty()) {
        check_postgres_version(*restart.version);
        content.set("postgres_version", *restart.version);
    }
    if (schedule) {
        if (cluster.paused()) {
            throw Fail("Can't schedule restart in the paused state");
        }
        content.set("schedule", schedule->iso);
    }
    if (restart.timeout) {
        content.set("timeout", *restart.timeout);
    }
    MemberApi api(session);
    for (const DcsMember* member : members) {
        restart_member(session, api, *member, content, force);
    }
    return 0;
}

constexpr std::array k_options{
    shared::group,
    shared::role,
    OptionSpec{"p_any", "--any", OptionKind::flag, "One member only, whichever"},
    OptionSpec{"scheduled", "--scheduled", OptionKind::text,
               "Time of the restart, such as 2030-01-01T10:00:00+02:00"},
    OptionSpec{"version", "--pg-version", OptionKind::text,
               "Only where PostgreSQL is older than this version (e.g. 15.4)"},
    OptionSpec{"pending", "--pending", OptionKind::flag, "Only where a restart is pending"},
    OptionSpec{"timeout", "--timeout", OptionKind::text,
               "Fail, and fail over where it is needed, when a start takes longer than this"},
    shared::force,
};
constexpr std::array k_arguments{shared::cluster, shared::member_names};

}  // namespace

const CommandSpec k_restart{"restart", "Restart PostgreSQL of members", k_arguments, k_options,
                            &run_restart};

}  // namespace patronictl
