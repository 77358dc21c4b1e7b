#pragma once

#include "patctl/checkup.hpp"
#include "patctl/options.hpp"

#include <string>

namespace patctl::render {

/// What `doctor` prints.
std::string checkup_text(const Checkup& checkup, Format format);

}  // namespace patctl::render
