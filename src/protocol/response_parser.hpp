#pragma once

#include "protocol/http_message.hpp"

#include <patroni/error.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace patroni::protocol {

/// How a connection ended.
enum class StreamEnd {
    eof,
    tls_truncated,  ///< EOF of the TCP connection without TLS close_notify.
    reset,
};

/// Bytes of one HTTP/1.x response in, one Response out. The result does not depend on how the bytes
/// were cut into pieces. Interim (1xx) responses are skipped.
class ResponseParser {
public:
    enum class State { more, done, failed };

    /// `head_request`: the answer has no body, whatever its headers say.
    ResponseParser(bool head_request, ResponseLimits limits);
    ~ResponseParser();
    ResponseParser(ResponseParser&&) noexcept;
    ResponseParser& operator=(ResponseParser&&) noexcept;

    /// Bytes after a complete response are ignored; they make the connection not reusable.
    State put(std::string_view bytes);
    State finish(StreamEnd end);

    /// Of the final response, as soon as its status line was seen; 0 before.
    int status() const;
    /// Head and body, as far as they were received.
    std::size_t received_bytes() const;

    /// Of the final response; nullptr until all of it was received.
    const Response* head() const;
    /// What has arrived of the body and was not taken yet, for answers that are used while they
    /// grow: the limit of a body counts for what was not taken.
    std::string take_body();

    /// In state `done`: the server keeps the connection open and sent nothing beyond the response.
    bool reusable() const;
    Response take_response();
    /// In state `failed`: kind (reset, protocol or limit) and message.
    Error take_error();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace patroni::protocol
