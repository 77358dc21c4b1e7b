#include "protocol/response_end.hpp"

#include "base/text.hpp"

namespace patroni::protocol {
namespace {

bool is_json(const Response& response) {
    return response.header("Content-Type").value_or("").find("json") != std::string_view::npos;
}

bool ends_like_json(const BodyBuffer& body) {
    const char last = body.last_character();
    return last == '}' || last == ']';
}

}  // namespace

int status_of_line(std::string_view head) {
    if (head.size() < 12 || head.find("\r\n") == std::string_view::npos ||
        head.substr(0, 5) != "HTTP/" || head[8] != ' ') {
        return 0;
    }
    int status = 0;
    for (const char c : head.substr(9, 3)) {
        if (!is_digit(c)) {
            return 0;
        }
        status = status * 10 + (c - '0');
    }
    return status;
}

bool looks_complete(const Response& head, const BodyBuffer& body, StreamEnd end) {
    if (head.headers.empty() && body.size() == 0) {
        return true;  // A status-only reply: nothing follows.
    }
    if (is_json(head)) {
        return ends_like_json(body);
    }
    if (head.status >= 400) {
        return true;  // The status is the answer, its text only explains.
    }
    return end == StreamEnd::tls_truncated && body.size() != 0;
}

}  // namespace patroni::protocol
