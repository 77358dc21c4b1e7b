#include "protocol/response_end.hpp"

#include "base/text.hpp"

namespace patroni::protocol {
namespace {

bool is_json(const Response& response) {
    return response.header("Content-Type").value_or("").find("json") != std::string_view::npos;
}

bool ends_like_json(std::string_view body) {
    body = trim(body);
    return body.ends_with('}') || body.ends_with(']');
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

bool looks_complete(const Response& response, StreamEnd end) {
    if (response.headers.empty() && response.body.empty()) {
        return true;  // A status-only reply: nothing follows.
    }
    if (is_json(response)) {
        return ends_like_json(response.body);
    }
    if (response.status >= 400) {
        return true;  // The status is the answer, its text only explains.
    }
    return end == StreamEnd::tls_truncated && !response.body.empty();
}

}  // namespace patroni::protocol
