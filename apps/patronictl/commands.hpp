#pragma once

#include "patronictl/grammar.hpp"

#include <span>

namespace patronictl {

/// Every command, sorted by name. Each has a file of its own, which ends with its specification.
std::span<const CommandSpec* const> command_table();

/// Options and arguments that several commands have.
namespace shared {
inline constexpr OptionSpec group{"group", "--group", OptionKind::integer,
                                  "Group of a Citus cluster"};
inline constexpr OptionSpec force{"force", "--force", OptionKind::flag, "Ask nothing"};
inline constexpr OptionSpec format{"format", "--format,-f", OptionKind::choice, "How to print",
                                   "pretty,tsv,json,yaml,yml"};
inline constexpr OptionSpec watch_2s{"w", "-W", OptionKind::flag, "Repeat every 2 seconds"};
inline constexpr OptionSpec watch{"watch", "-w,--watch", OptionKind::real,
                                  "Repeat every X seconds"};
inline constexpr OptionSpec role{"role", "--role,-r", OptionKind::choice,
                                 "Only members with this role",
                                 "leader,primary,standby-leader,replica,standby,any"};
inline constexpr ArgumentSpec optional_cluster{"cluster_name", "CLUSTER_NAME", false, false};
inline constexpr ArgumentSpec cluster{"cluster_name", "CLUSTER_NAME", true, false};
inline constexpr ArgumentSpec member_names{"member_names", "MEMBER_NAMES", false, true};
}  // namespace shared

extern const CommandSpec k_demote_cluster;
extern const CommandSpec k_dsn;
extern const CommandSpec k_edit_config;
extern const CommandSpec k_failover;
extern const CommandSpec k_flush;
extern const CommandSpec k_history;
extern const CommandSpec k_list;
extern const CommandSpec k_pause;
extern const CommandSpec k_promote_cluster;
extern const CommandSpec k_query;
extern const CommandSpec k_reinit;
extern const CommandSpec k_reload;
extern const CommandSpec k_remove;
extern const CommandSpec k_restart;
extern const CommandSpec k_resume;
extern const CommandSpec k_show_config;
extern const CommandSpec k_switchover;
extern const CommandSpec k_topology;
extern const CommandSpec k_version_command;

}  // namespace patronictl
