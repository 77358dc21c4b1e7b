#pragma once

#include "rest/encode.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace patroni::rest {

/// An Error with nothing sent.
Error refuse(ErrorKind kind, std::string message);

/// Error `unsupported` when the version is known and older: "the parameter lag needs Patroni 2.0 or
/// later; this is 1.6.5".
std::optional<Error> refuse_before(const Version& since, const KnownVersion& version,
                                   std::string_view what);

/// The request of a row of the table, which must exist; refused when the version is too old for it.
Result<Encoded> encode_plain(std::string_view method, std::string_view path,
                             const KnownVersion& version);

}  // namespace patroni::rest
