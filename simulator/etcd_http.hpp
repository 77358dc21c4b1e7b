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
    std::string more_headers = {};  ///< Lines with their ends.
    std::string_view content_type = "application/json";
};

/// The answer to that request as etcd's Go server sends it: chunked when it is long.
HttpReply etcd_reply(const EtcdAnswer& answer, const HttpRequest& request, WallTime now);

/// 404, 405 and their like with a text for humans.
EtcdAnswer etcd_text_answer(int status, std::string_view text);

}  // namespace patroni::simulation
