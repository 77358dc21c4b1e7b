#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patroni::protocol {

using Header = std::pair<std::string, std::string>;

/// One HTTP request. The exchange adds Host, Connection, User-Agent and Content-Length.
struct Request {
    std::string method = "GET";
    std::string target = "/";  ///< Path and query, percent-encoded.
    std::vector<Header> headers;
    std::string body;
};

/// One complete HTTP response. A status code is data here: no status is an error.
struct Response {
    int status = 0;
    std::string reason;
    std::vector<Header> headers;  ///< Empty for Patroni's status-only replies.
    std::string body;

    /// The value of the first header of that name (any case).
    std::optional<std::string_view> header(std::string_view name) const;
};

/// What a peer may make us hold.
struct ResponseLimits {
    std::size_t head_bytes = 64 * 1024;
    std::size_t body_bytes = 16 * 1024 * 1024;
};

}  // namespace patroni::protocol
