#include "patronictl/cluster_role.hpp"
#include "patronictl/commands.hpp"

#include <array>

namespace patronictl {
namespace {

using patroni::Value;

int run_demote(Session& session, const Parsed& parsed) {
    const auto given = [&](std::string_view key) {
        auto text = parsed.text(key);
        return text && !text->empty() ? text : std::nullopt;
    };
    const auto host = given("host");
    const auto port = parsed.integer("port").value_or(0);
    const auto restore_command = given("restore_command");
    if (!host && port == 0 && !restore_command) {
        throw Fail("At least --host, --port or --restore-command should be specified");
    }
    Value standby = Value::object();
    if (host) {
        standby.set("host", *host);
    }
    if (port != 0) {
        standby.set("port", port);
    }
    if (const auto slot = given("primary_slot_name")) {
        standby.set("primary_slot_name", *slot);
    }
    if (restore_command) {
        standby.set("restore_command", *restore_command);
    }
    return change_cluster_role(session, session.scope(parsed), parsed.flag("force"), standby);
}

constexpr std::array k_options{
    shared::force,
    OptionSpec{"host", "--host", OptionKind::text, "Where the other server is"},
    OptionSpec{"port", "--port", OptionKind::integer, "Its port"},
    OptionSpec{"restore_command", "--restore-command", OptionKind::text,
               "Command that fetches its WAL"},
    OptionSpec{"primary_slot_name", "--primary-slot-name", OptionKind::text,
               "Replication slot over there"},
};
constexpr std::array k_arguments{shared::optional_cluster};

}  // namespace

const CommandSpec k_demote_cluster{"demote-cluster", "Make a cluster the standby of another server",
                                   k_arguments, k_options, &run_demote};

}  // namespace patronictl
