#pragma once

#include "patctl/options.hpp"

#include <patroni/fleet.hpp>

#include <string>

namespace patctl::render {

/// One line for each cluster, the worst first (JSON: docs/schema/fleet-1.json).
std::string fleet_text(const patroni::Fleet& fleet, const std::string& source, Format format);

}  // namespace patctl::render
