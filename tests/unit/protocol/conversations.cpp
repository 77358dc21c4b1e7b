#include "unit/protocol/conversation.hpp"

namespace patroni::protocol::test {
namespace {

using End = Conversation::End;

constexpr auto k_patroni_head =
    "HTTP/1.0 503 Service Unavailable\r\nServer: BaseHTTP/0.6 Python/3.11.2\r\n"
    "Date: Mon, 05 Aug 2024 10:00:00 GMT\r\nContent-Type: application/json\r\n\r\n";
constexpr auto k_text_head = "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n";
constexpr auto k_denied_head = "HTTP/1.0 401 Unauthorized\r\nContent-Type: text/html\r\n\r\n";

std::string with(std::string_view head, std::string_view body) {
    return std::string(head).append(body);
}

std::vector<Conversation> patroni_answers() {
    return {
        {"json_to_eof", with(k_patroni_head, R"({"state": "stopped"})"), End::eof,
         R"(503 Service Unavailable; 3 headers; body {"state": "stopped"}; close)"},
        {"empty_body_to_eof", k_patroni_head, End::eof,
         "503 Service Unavailable; 3 headers; body ; close"},
        {"status_only", "HTTP/1.0 200 OK\r\n\r\n", End::eof, "200 OK; 0 headers; body ; close"},
        {"status_only_then_reset", "HTTP/1.0 200 OK\r\n\r\n", End::reset,
         "200 OK; 0 headers; body ; close"},
        {"status_line_without_empty_line", "HTTP/1.0 200 OK\r\n", End::eof,
         "200 OK; 0 headers; body ; close"},
        {"status_line_without_reason", "HTTP/1.0 503 \r\n\r\n", End::eof,
         "503 ; 0 headers; body ; close"},
        {"old_tls_without_close_notify", with(k_patroni_head, "{\"a\": 1}"), End::tls_truncated,
         "503 Service Unavailable; 3 headers; body {\"a\": 1}; close"},
        {"old_tls_text", with(k_text_head, "restarted successfully"), End::tls_truncated,
         "200 OK; 1 headers; body restarted successfully; close"},
        {"truncated_tls_json", with(k_patroni_head, "{\"a\": "), End::tls_truncated,
         "failed reset 503 answered: the connection ended within the body of the answer, after 6 "
         "bytes of it"},
        {"truncated_tls_empty", with(k_text_head, ""), End::tls_truncated,
         "failed reset 200 answered: the connection ended within the body of the answer, after 0 "
         "bytes of it"},
        {"reset_behind_complete_json", with(k_patroni_head, "{\"a\": 1}"), End::reset,
         "503 Service Unavailable; 3 headers; body {\"a\": 1}; close"},
        {"reset_behind_denial", with(k_denied_head, "no auth header received"), End::reset,
         "401 Unauthorized; 1 headers; body no auth header received; close"},
        {"reset_within_text", with(k_text_head, "Switched ov"), End::reset,
         "failed reset 200 answered: the connection ended within the body of the answer, after 11 "
         "bytes of it"},
        {"second_response",
         "HTTP/1.0 400 Bad\r\nContent-Length: 2\r\n\r\nnoHTTP/1.0 200 OK\r\n\r\n", End::eof,
         "400 Bad; 1 headers; body no; close"},
        {"html_without_status_line", "<!DOCTYPE HTML>\n<html>", End::eof,
         "failed protocol 0 may_have_been_sent: the server did not answer with HTTP/1.x"},
        {"head_reply", "HTTP/1.0 200 OK\r\nContent-Length: 500\r\n\r\n", End::open,
         "200 OK; 1 headers; body ; close", "HEAD"},
    };
}

std::vector<Conversation> keep_alive_answers() {
    return {
        {"content_length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", End::open,
         "200 OK; 1 headers; body hello; keep"},
        {"content_length_zero", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", End::open,
         "200 OK; 1 headers; body ; keep"},
        {"reset_after_complete", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", End::reset,
         "200 OK; 1 headers; body hello; keep"},
        {"server_closes", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
         End::open, "200 OK; 2 headers; body hello; close"},
        {"http_1_0_length", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", End::open,
         "200 OK; 1 headers; body hello; close"},
        {"extra_bytes", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello!", End::open,
         "200 OK; 1 headers; body hello; close"},
        {"chunked",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0"
         "\r\nTrailer: t\r\n\r\n",
         End::open, "200 OK; 1 headers; body hello world; keep"},
        {"chunked_empty", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         End::open, "200 OK; 1 headers; body ; keep"},
        {"chunked_empty_cut", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n ",
         End::eof,
         "failed reset 200 answered: the connection ended within the body of the answer, after 0 "
         "bytes of it"},
        {"chunked_extra",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n0\r\n\r\nx", End::open,
         "200 OK; 1 headers; body h; close"},
        {"no_content", "HTTP/1.1 204 No Content\r\n\r\n", End::open,
         "204 No Content; 0 headers; body ; keep"},
        {"not_modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", End::open,
         "304 Not Modified; 1 headers; body ; keep"},
        {"interim",
         "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
         "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
         End::open, "200 OK; 1 headers; body ok; keep"},
        {"waits_for_more", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", End::open, "read"},
    };
}

std::vector<Conversation> failures() {
    return {
        {"nothing", "", End::eof,
         "failed reset 0 may_have_been_sent: the server closed the connection without an answer"},
        {"nothing_reset", "", End::reset,
         "failed reset 0 may_have_been_sent: the server closed the connection without an answer"},
        {"only_interim", "HTTP/1.1 100 Continue\r\n\r\n", End::eof,
         "failed reset 0 may_have_been_sent: the connection ended within the head of the answer"},
        {"cut_in_status_line", "HTTP/1.0 20", End::eof,
         "failed reset 0 may_have_been_sent: the connection ended within the head of the answer"},
        {"cut_in_head", "HTTP/1.0 200 OK\r\nServer: x\r\n", End::eof,
         "failed reset 200 answered: the connection ended within the head of the answer"},
        {"status_line_then_reset", "HTTP/1.0 200 OK\r\n", End::reset,
         "failed reset 200 answered: the connection ended within the head of the answer"},
        {"cut_by_length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", End::eof,
         "failed reset 200 answered: the connection ended within the body of the answer, after 3 "
         "bytes of it"},
        {"cut_in_chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", End::eof,
         "failed reset 200 answered: the connection ended within the body of the answer, after 3 "
         "bytes of it"},
        {"cut_before_last_chunk",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n", End::eof,
         "failed reset 200 answered: the connection ended within the body of the answer, after 3 "
         "bytes of it"},
        {"bad_chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", End::open,
         "failed protocol 200 answered: the answer is not valid HTTP (bad chunk)"},
        {"two_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
         End::open,
         "failed protocol 200 answered: the answer is not valid HTTP (multiple Content-Length)"},
        {"bad_header", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", End::open,
         "failed protocol 200 answered: the answer is not valid HTTP (bad field)"},
        {"http_2", "HTTP/2.0 200 OK\r\n\r\n", End::open,
         "failed protocol 0 may_have_been_sent: the answer is not valid HTTP (bad version)"},
        {"tls_alert", std::string("\x15\x03\x01\x00\x02\x02\x46", 7), End::eof,
         "failed protocol 0 may_have_been_sent: the server answered with a TLS alert, not with "
         "HTTP: it may want https"},
        {"switching", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", End::open,
         "failed protocol 0 may_have_been_sent: the server switched to another protocol unasked"},
        {"head_limit",
         "HTTP/1.1 200 OK\r\nX: 0123456789\r\n\r\n",
         End::open,
         "failed limit 200 answered: the head of the answer is larger than 30 bytes",
         "GET",
         {30, 100}},
        {"head_limit_over_interims",
         "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
         End::open,
         "failed limit 0 may_have_been_sent: the head of the answer is larger than 40 bytes",
         "GET",
         {40, 100}},
        {"announced_body_limit",
         "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n01234567890",
         End::open,
         "failed limit 200 answered: the body of the answer is larger than 10 bytes",
         "GET",
         {1000, 10}},
        {"body_limit_to_eof",
         "HTTP/1.0 200 OK\r\n\r\n01234567890",
         End::open,
         "failed limit 200 answered: the body of the answer is larger than 10 bytes",
         "GET",
         {1000, 10}},
        {"body_at_its_limit",
         "HTTP/1.0 200 OK\r\n\r\n0123456789",
         End::eof,
         "200 OK; 0 headers; body 0123456789; close",
         "GET",
         {1000, 10}},
        {"chunk_over_limit",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890",
         End::open,
         "failed limit 200 answered: the body of the answer is larger than 10 bytes",
         "GET",
         {1000, 10}},
        {"endless_chunk_header",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(60, 'x'),
         End::open,
         "failed limit 200 answered: a chunk header or trailer of the answer is larger than 50 "
         "bytes",
         "GET",
         {50, 10}},
    };
}

}  // namespace

const std::vector<Conversation>& conversations() {
    static const std::vector<Conversation> all = [] {
        std::vector<Conversation> result = patroni_answers();
        for (const auto& more : {keep_alive_answers(), failures()}) {
            result.insert(result.end(), more.begin(), more.end());
        }
        return result;
    }();
    return all;
}

}  // namespace patroni::protocol::test
