#pragma once

#include "patctl/commands.hpp"

#include <string>

namespace patctl {

std::string overview();
std::string command_help(const CommandRow& command);

}  // namespace patctl
