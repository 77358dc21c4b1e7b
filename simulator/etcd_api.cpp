#include "simulator/etcd_api.hpp"

#include "base/text.hpp"
#include "simulator/time_text.hpp"

#include <array>
#include <charconv>

namespace patroni::simulation {
namespace {

// Go's net/http announces the length of what fits into its buffer, and chunks the rest.
constexpr std::size_t buffered_bytes = 2048;

std::string chunked(std::string_view body) {
    std::string out;
    while (!body.empty()) {
        const std::string_view chunk = body.substr(0, 2 * buffered_bytes);
        std::array<char, 16> size{};
        const auto end =
            std::to_chars(size.data(), size.data() + size.size(), chunk.size(), 16).ptr;
        out.append(size.data(), end).append("\r\n").append(chunk).append("\r\n");
        body.remove_prefix(chunk.size());
    }
    return out + "0\r\n\r\n";
}

EtcdAnswer not_found() {
    return {.status = 404,
            .body = "404 page not found\n",
            .more_headers = "X-Content-Type-Options: nosniff\r\n",
            .content_type = "text/plain; charset=utf-8"};
}

EtcdAnswer wrong_method() {
    return {.status = 405,
            .body = "Method Not Allowed\n",
            .more_headers = "X-Content-Type-Options: nosniff\r\n",
            .content_type = "text/plain; charset=utf-8"};
}

EtcdAnswer answer_to(const EtcdStore& v2, const EtcdStore& v3, const HttpRequest& request,
                     WallTime now, std::string_view own_address) {
    const std::string_view target = request.target;
    const std::string_view path = target.substr(0, target.find('?'));
    const bool get = request.method == "GET";
    if (path == "/v2/keys" || path.starts_with("/v2/keys/")) {
        return get ? etcd2_get(v2, target, now) : wrong_method();
    }
    if (path == "/v2/machines" && get) {
        return {.body = "http://" + std::string(own_address),
                .content_type = "text/plain; charset=utf-8"};
    }
    if (path == "/v3/kv/range") {
        return get ? wrong_method() : etcd3_range(v3, request.body);
    }
    if (path == "/version" && get) {
        return {.body = R"({"etcdserver":"3.4.23","etcdcluster":"3.4.0"})"};
    }
    return not_found();
}

}  // namespace

HttpReply etcd_reply(const EtcdStore& v2, const EtcdStore& v3, const HttpRequest& request,
                     WallTime now, std::string_view own_address) {
    const EtcdAnswer answer = answer_to(v2, v3, request, now, own_address);
    const auto connection = request.header("Connection").value_or("");
    const bool close =
        equals_ignoring_case(connection, "close") ||
        (request.version != "HTTP/1.1" && !equals_ignoring_case(connection, "keep-alive"));
    std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " " +
                       std::string(reason_phrase(answer.status)) +
                       "\r\nAccess-Control-Allow-Headers: accept, content-type, authorization\r\n"
                       "Access-Control-Allow-Methods: POST, GET, OPTIONS, PUT, DELETE\r\n"
                       "Access-Control-Allow-Origin: *\r\nContent-Type: ";
    (((text += answer.content_type) += "\r\n") += answer.more_headers) +=
        "Date: " + http_date(now) + "\r\n";
    if (close) {
        text += "Connection: close\r\n";
    }
    const bool fits = answer.body.size() <= buffered_bytes;
    text += fits ? "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n"
                 : "Transfer-Encoding: chunked\r\n\r\n";
    text += fits ? answer.body : chunked(answer.body);
    return {.segments = {std::move(text)}, .close = close};
}

}  // namespace patroni::simulation
