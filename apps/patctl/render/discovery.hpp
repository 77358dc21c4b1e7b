#pragma once

#include "patctl/options.hpp"

#include <patroni/discovery.hpp>

#include <string>

namespace patctl::render {

std::string discovery_text(const patroni::Discovery& discovery, Format format);

}  // namespace patctl::render
