#pragma once

#include "simulator/http_message.hpp"

#include <patroni/timestamp.hpp>
#include <patroni/value.hpp>

#include <string>
#include <string_view>

namespace patroni::simulation {

/// The replies of Python's BaseHTTPRequestHandler as Patroni uses it. Head and body are written one
/// after the other; only HTML pages have a Content-Length.
class Replies {
public:
    explicit Replies(WallTime now);

    HttpReply json(int status, const Value& value) const;
    HttpReply text(int status, std::string_view body, std::string_view more_headers = "",
                   std::string_view type = "text/html") const;
    /// 200 or 503 without any header; Patroni 1.x forgets the empty line that ends the head.
    static HttpReply status_only(bool ok, bool with_empty_line = true);
    /// `send_error`: `message` is also the reason phrase. The answer to HEAD has no text.
    HttpReply page(int status, const std::string& message, const std::string& explanation,
                   bool with_text = true) const;
    HttpReply unsupported_method(const std::string& method) const;
    HttpReply bad_gateway() const;
    /// `send_error` with nothing but the status.
    HttpReply error(int status) const;

private:
    std::string first_lines(int status, std::string_view reason) const;
    HttpReply with_body(int status, std::string_view more_headers, std::string_view type,
                        std::string body) const;

    std::string date_;
};

}  // namespace patroni::simulation
