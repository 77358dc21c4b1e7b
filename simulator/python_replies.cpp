#include "simulator/python_replies.hpp"

#include "simulator/python_json.hpp"
#include "simulator/time_text.hpp"

namespace patroni::simulation {
namespace {

/// html.escape(quote=False)
std::string escape_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else {
            out += c;
        }
    }
    return out;
}

/// Python's http.HTTPStatus
std::string_view explanation(int status) {
    switch (status) {
        case 400:
            return "Bad request syntax or unsupported method";
        case 409:
            return "Request conflict";
        case 411:
            return "Client must specify Content-Length";
        case 502:
            return "Invalid responses from another server/proxy";
        default:
            return "The server cannot process the request due to a high load";
    }
}

}  // namespace

Replies::Replies(WallTime now) : date_(http_date(now)) {}

HttpReply Replies::json(int status, const Value& value) const {
    return with_body(status, "", "application/json", python_json(value));
}

HttpReply Replies::text(int status, std::string_view body, std::string_view more_headers,
                        std::string_view type) const {
    return with_body(status, more_headers, type, std::string(body));
}

HttpReply Replies::status_only(bool ok, bool with_empty_line) {
    const int status = ok ? 200 : 503;
    return {.segments = {"HTTP/1.0 " + std::to_string(status) + " " +
                         std::string(reason_phrase(status)) +
                         (with_empty_line ? "\r\n\r\n" : "\r\n")}};
}

HttpReply Replies::page(int status, const std::string& message, const std::string& explanation,
                        bool with_text) const {
    const std::string code = std::to_string(status);
    std::string body =
        "<!DOCTYPE HTML>\n<html lang=\"en\">\n    <head>\n        <meta charset=\"utf-8\">\n"
        "        <title>Error response</title>\n    </head>\n    <body>\n"
        "        <h1>Error response</h1>\n        <p>Error code: " +
        code + "</p>\n        <p>Message: " + escape_html(message) +
        ".</p>\n        <p>Error code explanation: " + code + " - " + explanation +
        ".</p>\n    </body>\n</html>\n";
    std::string head =
        first_lines(status, message) +
        "Connection: close\r\nContent-Type: text/html;charset=utf-8\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n";
    HttpReply reply;
    reply.segments.push_back(std::move(head));
    if (with_text) {
        reply.segments.push_back(std::move(body));
    }
    return reply;
}

HttpReply Replies::unsupported_method(const std::string& method) const {
    return page(501, "Unsupported method ('" + method + "')",
                "Server does not support this operation", method != "HEAD");
}

HttpReply Replies::bad_gateway() const {
    return error(502);
}

HttpReply Replies::error(int status) const {
    return page(status, std::string(reason_phrase(status)), std::string(explanation(status)));
}

std::string Replies::first_lines(int status, std::string_view reason) const {
    return "HTTP/1.0 " + std::to_string(status) + " " + std::string(reason) +
           "\r\nServer: BaseHTTP/0.6 Python/3.11.2\r\nDate: " + date_ + "\r\n";
}

HttpReply Replies::with_body(int status, std::string_view more_headers, std::string_view type,
                             std::string body) const {
    std::string head = first_lines(status, reason_phrase(status));
    head += more_headers;
    ((head += "Content-Type: ") += type) += "\r\n\r\n";
    return {.segments = {std::move(head), std::move(body)}};
}

}  // namespace patroni::simulation
