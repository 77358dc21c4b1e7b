#include "simulator/http_message.hpp"

#include "base/text.hpp"

namespace patroni::simulation {
namespace {

/// The next line without its end; nullopt when it is not complete.
std::optional<std::string_view> next_line(std::string_view text, std::size_t& position) {
    const std::size_t end = text.find('\n', position);
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view line = text.substr(position, end - position);
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    position = end + 1;
    return line;
}

void read_line(HttpRequest& request, std::string_view line) {
    request.line = line;
    const std::size_t first = line.find(' ');
    request.method = line.substr(0, first);
    if (first == std::string_view::npos) {
        return;
    }
    const std::size_t last = line.rfind(' ');
    if (line.substr(last + 1).starts_with("HTTP/")) {
        request.version = line.substr(last + 1);
        request.target = last > first ? trim(line.substr(first + 1, last - first - 1)) : "";
    } else {
        request.target = trim(line.substr(first + 1));
    }
}

}  // namespace

bool HttpRequest::is_well_formed() const {
    const bool has_target = !target.empty() && target.find(' ') == std::string::npos;
    return has_target && (!version.empty() || method == "GET");
}

std::optional<std::string_view> HttpRequest::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (equals_ignoring_case(key, name)) {
            return value;
        }
    }
    return std::nullopt;
}

std::optional<HttpRequest> take_request(std::string& received) {
    HttpRequest request;
    std::size_t position = 0;
    const auto line = next_line(received, position);
    if (!line) {
        return std::nullopt;
    }
    read_line(request, *line);
    if (!request.is_well_formed()) {
        received.erase(0, position);
        return request;
    }
    while (true) {
        const auto header = next_line(received, position);
        if (!header) {
            return std::nullopt;
        }
        if (header->empty()) {
            break;
        }
        const std::size_t colon = header->find(':');
        if (colon != std::string_view::npos) {
            request.headers.emplace_back(trim(header->substr(0, colon)),
                                         trim(header->substr(colon + 1)));
        }
    }
    std::size_t length = 0;
    if (const auto text = request.header("Content-Length")) {
        length = parse_integer<std::size_t>(*text).value_or(0);
    }
    if (received.size() - position < length) {
        return std::nullopt;
    }
    request.body = received.substr(position, length);
    received.erase(0, position + length);
    return request;
}

std::string_view reason_phrase(int status) noexcept {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 301:
            return "Moved Permanently";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 409:
            return "Conflict";
        case 411:
            return "Length Required";
        case 412:
            return "Precondition Failed";
        case 415:
            return "Unsupported Media Type";
        case 422:
            return "Unprocessable Entity";
        case 429:
            return "Too Many Requests";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        default:
            return "";
    }
}

}  // namespace patroni::simulation
