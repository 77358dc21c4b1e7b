#pragma once

#include "patctl/options.hpp"
#include "patctl/terminal.hpp"

#include <span>
#include <string_view>

namespace patctl {

/// One command: a row of the table that dispatch and help share.
struct CommandRow {
    std::string_view name;
    std::string_view arguments;
    std::string_view summary;
    std::string_view description;
    std::string_view examples;  ///< One per line.
    int (*run)(const Options& options, Terminal& terminal);
};

std::span<const CommandRow> command_rows();

int run_api(const Options& options, Terminal& terminal);
int run_discover(const Options& options, Terminal& terminal);
int run_dcs_dump(const Options& options, Terminal& terminal);
int run_watch(const Options& options, Terminal& terminal);
/// `status --all`.
int run_fleet(const Options& options, Terminal& terminal);
int run_health(const Options& options, Terminal& terminal);
int run_status(const Options& options, Terminal& terminal);
int run_doctor(const Options& options, Terminal& terminal);

}  // namespace patctl
