#pragma once

namespace patctl {

/// What the program tells its caller. One table for every command.
enum ExitCode : int {
    exit_done = 0,     ///< Done; everything asked answered.
    exit_failed = 1,   ///< Failed or rejected.
    exit_usage = 2,    ///< Wrong options or configuration.
    exit_partly = 3,   ///< Some members did not answer, some did.
    exit_unknown = 4,  ///< The outcome of a write is unknown.
    exit_nothing = 5,  ///< Nothing could be reached or read.
};

/// What `status --check` tells instead.
enum CheckCode : int {
    check_ok = 0,
    check_degraded = 1,
    check_no_leader = 2,  ///< Or split.
    check_unknown = 3,    ///< Also when the source or the options are wrong.
};

}  // namespace patctl
