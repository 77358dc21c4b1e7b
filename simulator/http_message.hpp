#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patroni::simulation {

/// A request as it came in. `words` of the request line that is no HTTP/1 are for the server to
/// judge: Patroni's and etcd's do it differently.
struct HttpRequest {
    std::string line;
    std::string method;
    std::string target;
    std::string version;  ///< "HTTP/1.1"; empty when the line does not end in such a word.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    /// Whether the line has a method, a target and "HTTP/..." (or is "GET target", as HTTP/0.9).
    bool is_well_formed() const;
    /// The value of the first header of that name (any case).
    std::optional<std::string_view> header(std::string_view name) const;
};

/// Takes one complete request (lines may end in \r\n or \n) from the front of what was received;
/// nullopt when more bytes are needed. A line that is not well formed is taken alone: real servers
/// do not wait for more, and a TLS handshake may hold the end of a line.
std::optional<HttpRequest> take_request(std::string& received);

/// What a server sends: each segment in a write of its own. Without segments the connection is
/// closed without a byte.
struct HttpReply {
    std::vector<std::string> segments;
    bool close = true;
};

/// "OK" for 200 and so on, as Python's http.server names them.
std::string_view reason_phrase(int status) noexcept;

}  // namespace patroni::simulation
