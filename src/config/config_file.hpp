#pragma once

#include "config/environment.hpp"

#include <patroni/result.hpp>

#include <optional>
#include <string>
#include <vector>

namespace patroni::config {

/// Finds the configuration file that a command without a source uses: PATRONICTL_CONFIG_FILE, then
/// `$XDG_CONFIG_HOME/patroni/patronictl.yaml` (or `~/.config/...`), then `/etc/patroni/*.yml` and
/// `*.yaml`, then `/etc/patroni.yml`. nullopt when there is none; `looked_for` lists what was
/// tried. Error `config` when a named file does not exist, or when a folder holds several: it lists
/// them.
Result<std::optional<std::string>> find_config_file(const Environment& environment,
                                                    std::vector<std::string>& looked_for);

/// The files of a configuration: the file itself, or every *.yml and *.yaml of a folder, in the
/// order of their bytes; empty: the folder has none.
std::vector<std::string> config_files(const std::string& path);

/// Reads a file of at most 16 MiB. A file that may not be read gives an Error with its owner, its
/// mode and the `sudo` that would help.
Result<std::string> read_config_file(const std::string& path);

}  // namespace patroni::config
