#pragma once

#include "patctl/terminal.hpp"

#include <patroni/cluster.hpp>
#include <patroni/error.hpp>

#include <string>

namespace patctl {

/// What the caller asked for cannot be: kind `config`.
patroni::Error misuse(std::string message);

/// Prints why a command could not do its work, and returns its exit code: 2 for configuration and
/// what this build cannot do, 1 for what was given up, 5 for what could not be reached or read.
/// `tls_advice` is told beside an error of TLS.
int report_failure(const patroni::Error& error, Terminal& terminal,
                   const std::string& tls_advice = {});

/// The same failure as an entry of the `problems` of a document: programs read one in any case.
patroni::Problem problem_of(const patroni::Error& error);

}  // namespace patctl
