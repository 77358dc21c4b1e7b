#include "patronictl/commands.hpp"

#include <array>

namespace patronictl {
namespace {

constexpr std::array k_table{
    &k_dsn, &k_history, &k_list, &k_remove, &k_show_config, &k_topology, &k_version_command,
};

}  // namespace

std::span<const CommandSpec* const> command_table() {
    return k_table;
}

}  // namespace patronictl
