#pragma once

#include <patroni/error.hpp>

#include <string_view>
#include <system_error>

namespace patroni::transport {

/// The kind and the words for a failed connect(); `code` is of the system category.
Error connect_error(std::error_code code, std::string_view address);

}  // namespace patroni::transport
