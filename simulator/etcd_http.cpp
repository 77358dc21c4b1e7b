#include "simulator/etcd_http.hpp"

#include "base/text.hpp"
#include "simulator/time_text.hpp"

#include <array>
#include <charconv>

namespace patroni::simulation {
namespace {

// Go's net/http announces the length of what fits into its buffer, and chunks the rest.
constexpr std::size_t buffered_bytes = 2048;

/// Go sorts what the handler has set; `length` and what it adds itself follow.
std::string head(const EtcdAnswer& answer, const HttpRequest& request, WallTime now,
                 const std::string& length) {
    std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " " +
                       std::string(reason_phrase(answer.status)) +
                       "\r\nAccess-Control-Allow-Headers: accept, content-type, authorization\r\n"
                       "Access-Control-Allow-Methods: POST, GET, OPTIONS, PUT, DELETE\r\n"
                       "Access-Control-Allow-Origin: *\r\n" +
                       answer.first_headers;
    const std::string type = answer.content_type.empty()
                                 ? std::string()
                                 : "Content-Type: " + std::string(answer.content_type) + "\r\n";
    text += answer.guessed_type ? "" : type;
    text += answer.more_headers + "Date: " + http_date(now) + "\r\n" + length;
    text += answer.guessed_type ? type : "";
    if (etcd_closes(request)) {
        text += "Connection: close\r\n";
    }
    return text;
}

}  // namespace

bool etcd_closes(const HttpRequest& request) {
    const auto connection = request.header("Connection").value_or("");
    return equals_ignoring_case(connection, "close") ||
           (request.version != "HTTP/1.1" && !equals_ignoring_case(connection, "keep-alive"));
}

std::string etcd_chunk(std::string_view bytes) {
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

HttpReply etcd_reply(const EtcdAnswer& answer, const HttpRequest& request, WallTime now) {
    const bool with_body = request.method != "HEAD";
    if (answer.trailer.empty() && (answer.body.size() <= buffered_bytes || !with_body)) {
        const std::string length = "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
        return {.segments = {head(answer, request, now, length) + "\r\n" +
                             (with_body ? answer.body : "")},
                .close = etcd_closes(request)};
    }
    std::string text = etcd_stream_head(answer, request, now) + etcd_chunk(answer.body) + "0\r\n";
    ((text += answer.trailer) += answer.trailer.empty() ? "" : "\r\n") += "\r\n";
    return {.segments = {std::move(text)}, .close = etcd_closes(request)};
}

std::string etcd_stream_head(const EtcdAnswer& answer, const HttpRequest& request, WallTime now) {
    return head(answer, request, now, "") + "Transfer-Encoding: chunked\r\n\r\n";
}

EtcdAnswer etcd_wrong_method(std::string_view allowed) {
    EtcdAnswer answer = etcd_text_answer(405, "Method Not Allowed");
    answer.first_headers = "Allow: " + std::string(allowed) + "\r\n";
    return answer;
}

EtcdAnswer etcd_text_answer(int status, std::string_view text) {
    return {.status = status,
            .body = std::string(text) + "\n",
            .more_headers = "X-Content-Type-Options: nosniff\r\n",
            .content_type = "text/plain; charset=utf-8"};
}

}  // namespace patroni::simulation
