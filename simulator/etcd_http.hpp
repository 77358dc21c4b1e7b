#pragma once

#include "simulator/http_message.hpp"

#include <patroni/timestamp.hpp>

#include <string>
#include <string_view>

namespace patroni::simulation {

/// One answer of etcd before it is put into HTTP.
struct EtcdAnswer {
    int status = 200;
    std::string body = {};
    std::string first_headers = {};  ///< Lines with their ends, before the type
    std::string more_headers = {};   ///< and after it.
    std::string_view content_type = "application/json";
    bool guessed_type = false;      ///< Go's guess, not the handler's word: it comes later.
    std::string_view trailer = {};  ///< A line after the body, which is then sent in chunks.
};

/// The answer to that request as etcd's Go server sends it: chunked when it is long.
HttpReply etcd_reply(const EtcdAnswer& answer, const HttpRequest& request, WallTime now);

/// The head of an answer whose body follows as `etcd_chunk`s and ends with `etcd_last_chunk`.
std::string etcd_stream_head(const EtcdAnswer& answer, const HttpRequest& request, WallTime now);
std::string etcd_chunk(std::string_view bytes);
inline constexpr std::string_view etcd_last_chunk = "0\r\n\r\n";

/// Whether the connection ends with the answer.
bool etcd_closes(const HttpRequest& request);

/// 404, 405 and their like with a text for humans.
EtcdAnswer etcd_text_answer(int status, std::string_view text);
EtcdAnswer etcd_wrong_method(std::string_view allowed);

}  // namespace patroni::simulation
