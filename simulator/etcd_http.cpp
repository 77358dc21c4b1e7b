#include "simulator/etcd_http.hpp"

#include "base/text.hpp"
#include "simulator/time_text.hpp"

#include <array>
#include <charconv>

namespace patroni::simulation {
namespace {

// Go's net/http announces the length of what fits into its buffer, and chunks the rest.
constexpr std::size_t buffered_bytes = 2048;

/// Whether the connection ends with the answer.
bool closes(const HttpRequest& request) {
    const auto connection = request.header("Connection").value_or("");
    return equals_ignoring_case(connection, "close") ||
           (request.version != "HTTP/1.1" && !equals_ignoring_case(connection, "keep-alive"));
}

std::string head(const EtcdAnswer& answer, const HttpRequest& request, WallTime now) {
    std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " " +
                       std::string(reason_phrase(answer.status)) +
                       "\r\nAccess-Control-Allow-Headers: accept, content-type, authorization\r\n"
                       "Access-Control-Allow-Methods: POST, GET, OPTIONS, PUT, DELETE\r\n"
                       "Access-Control-Allow-Origin: *\r\n";
    if (!answer.content_type.empty()) {
        ((text += "Content-Type: ") += answer.content_type) += "\r\n";
    }
    (text += answer.more_headers) += "Date: " + http_date(now) + "\r\n";
    if (closes(request)) {
        text += "Connection: close\r\n";
    }
    return text;
}

std::string chunked(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const std::string_view chunk = bytes.substr(0, 2 * buffered_bytes);
        std::array<char, 16> size{};
        const auto end =
            std::to_chars(size.data(), size.data() + size.size(), chunk.size(), 16).ptr;
        out.append(size.data(), end).append("\r\n").append(chunk).append("\r\n");
        bytes.remove_prefix(chunk.size());
    }
    return out;
}

}  // namespace

HttpReply etcd_reply(const EtcdAnswer& answer, const HttpRequest& request, WallTime now) {
    std::string text = head(answer, request, now);
    const bool with_body = request.method != "HEAD";
    if (answer.body.size() <= buffered_bytes || !with_body) {
        text += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n";
        text += with_body ? answer.body : "";
    } else {
        text += "Transfer-Encoding: chunked\r\n\r\n" + chunked(answer.body) + "0\r\n\r\n";
    }
    return {.segments = {std::move(text)}, .close = closes(request)};
}

EtcdAnswer etcd_text_answer(int status, std::string_view text) {
    return {.status = status,
            .body = std::string(text) + "\n",
            .more_headers = "X-Content-Type-Options: nosniff\r\n",
            .content_type = "text/plain; charset=utf-8"};
}

}  // namespace patroni::simulation
