#pragma once

#include "config/configuration.hpp"
#include "config/environment.hpp"

#include <patroni/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace patroni::config {

/// What a command line says about the configuration. Absent: the environment or the default.
struct Choices {
    std::optional<std::string> path = {};  ///< -c; else PATRONICTL_CONFIG_FILE, else the default.
    std::optional<std::string> dcs_url = {};  ///< -d; else DCS_URL.
    bool insecure = false;                    ///< -k: beside `ctl.insecure`.
};

/// The configuration of `patronictl` 4.1: the file, or all *.yml and *.yaml of the folder in the
/// order of their bytes, each patched over the one before; over them the PATRONI_* variables; then
/// the effective configuration (ttl, loop_wait and retry_timeout are 30, 10, 10; a wrong `citus` is
/// dropped, empty values are {}, `ctl.auth` and `restapi.auth` are made), and the DCS URL instead
/// of a store's section. Without a file (the default one may be missing): PATRONI_CONFIGURATION, or
/// the other variables alone.
///
/// Errors are of kind `config`. Those of which scripts know the text have it as their `message`,
/// and no endpoint (an unknown scheme in the URL, a file that is missing); print `to_line(error)`.
Result<Configuration> load_as_patronictl(const Choices& choices, const Environment& environment);

/// The same for `patctl`, to which everything that Patroni would pass over in silence is an error,
/// with its place. The caller finds the file (`find_config_file`): without a path there is none.
Result<Configuration> load_for_patctl(const Choices& choices, const Environment& environment);

/// The same for the text of one file, without an environment.
Result<Configuration> load_text(std::string_view text, const std::string& file, Dialect dialect);

}  // namespace patroni::config
