#pragma once

#include <patroni/outcome.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace patroni::rest {

/// A text of Patroni and what it means. Texts are those of 0.90 to 4.1.
struct KnownWords {
    OutcomeKind kind = OutcomeKind::rejected;
    Reason reason = Reason::none;
    std::optional<std::string> new_leader;
};

/// nullopt: not one of Patroni's texts. `status` tells a success from the failure that has the same
/// words. `path` is that of the table.
std::optional<KnownWords> find_words(std::string_view path, int status, std::string_view text);

}  // namespace patroni::rest
