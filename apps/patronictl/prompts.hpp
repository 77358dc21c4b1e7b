#pragma once

#include "patronictl/streams.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patronictl {

/// Asks until something was typed; an empty line is `fallback` where there is one (also an empty
/// one, which is shown as `[]`). Throws Abort at the end of input.
std::string prompt(const Streams& streams, std::string_view text,
                   const std::optional<std::string>& fallback = std::nullopt);

/// The same for an integer, asked again when it is none.
std::int64_t prompt_integer(const Streams& streams, std::string_view text);

/// `TEXT [y/N]: `, no by default.
bool confirm(const Streams& streams, std::string_view text);

/// Without echo, from the terminal; without one from standard input, after a warning.
std::string prompt_hidden(const Streams& streams, std::string_view text);

/// An answer of prompt() or confirm() is being typed. Also within a signal handler.
bool is_asking() noexcept;

}  // namespace patronictl
