#pragma once

#include "protocol/http_message.hpp"

#include <string>

namespace patroni::testing {

/// The answer in dcs-samples/NAME.json: one request, one response.
protocol::Response store_sample(const std::string& name);
/// One exchange of dcs-samples/NAME.json, where many are in one file.
protocol::Response store_sample(const std::string& name, const std::string& exchange);

/// The request in dcs-samples/NAME.json: method, target, body and the content type.
protocol::Request sample_request(const std::string& name);

/// An answer with this body.
protocol::Response response(int status, std::string body);

}  // namespace patroni::testing
