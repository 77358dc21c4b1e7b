#pragma once

#include "config/environment.hpp"
#include "config/layer.hpp"

#include <patroni/result.hpp>

#include <optional>
#include <string_view>

namespace patroni::config {

/// What the PATRONI_* variables say that a client of Patroni needs, each in the form of its kind
/// (an integer, a list, a map, a switch). A variable whose text is not of its kind is passed over
/// by Patroni and an Error for patctl.
Result<Layer> read_variables(const Environment& environment, Dialect dialect);

/// What is read of the environment for a section that a configuration has by other means, and makes
/// no section itself: user and password of etcd (which Patroni reads beside another variable of the
/// section only), the scheme of Consul (which its documentation promises).
void add_to_sections(const Environment& environment, Layer& configuration);

/// on, true, yes, 1 or off, false, no, 0, whatever the case; nullopt for anything else.
std::optional<bool> parse_truth(std::string_view text);

}  // namespace patroni::config
