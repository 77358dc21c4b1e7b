#include "rest/gate.hpp"

#include <utility>

namespace patroni::rest {

Error refuse(ErrorKind kind, std::string message) {
    Error error;
    error.kind = kind;
    error.message = std::move(message);
    return error;
}

std::optional<Error> refuse_before(const Version& since, const KnownVersion& version,
                                   std::string_view what) {
    if (!version || *version >= since) {
        return std::nullopt;
    }
    return refuse(ErrorKind::unsupported, std::string(what) + " needs Patroni " + to_string(since) +
                                              " or later; this is " + to_string(*version));
}

Result<Encoded> encode_plain(std::string_view method, std::string_view path,
                             const KnownVersion& version) {
    const Capability* row = find_capability(method, path);
    if (row == nullptr) {
        return refuse(ErrorKind::internal, "no row for " + std::string(path));
    }
    const std::string what = std::string(method).append(" ").append(path);
    if (auto refusal = refuse_before(row->since, version, what)) {
        return std::move(*refusal);
    }
    Encoded encoded;
    encoded.capability = row;
    encoded.request.method = method;
    encoded.request.target = path;
    encoded.request.headers.emplace_back(
        "Accept", row->answers == "metrics" ? "text/plain" : "application/json");
    return encoded;
}

}  // namespace patroni::rest
