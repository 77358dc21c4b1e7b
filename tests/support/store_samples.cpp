#include "support/store_samples.hpp"

#include "codec/json.hpp"
#include "support/recordings.hpp"

#include <patroni/value.hpp>

#include <stdexcept>

namespace patroni::testing {
namespace {

Value sample(const std::string& name) {
    return codec::parse_json(read_test_file("dcs-samples/" + name + ".json")).value();
}

const Value& field(const Value& value, std::string_view name) {
    const Value* found = value.find(name);
    if (found == nullptr) {
        throw std::runtime_error("sample without " + std::string(name));
    }
    return *found;
}

/// The body of a recorded answer: lines of documents, a document, or a text.
std::string body_of(const Value& recorded) {
    if (const Value* lines = recorded.find("ndjson")) {
        std::string body;
        for (const Value& line : *lines->if_array()) {
            body += codec::to_json(line) + "\n";
        }
        return body;
    }
    if (const Value* json = recorded.find("json")) {
        return codec::to_json(*json);
    }
    const Value* text = recorded.find("text");
    return *(text != nullptr ? *text : field(recorded, "body")).if_string();
}

protocol::Response answer_of(const Value& recorded) {
    auto answer =
        response(static_cast<int>(*field(recorded, "status").if_int()), body_of(recorded));
    if (const Value* headers = recorded.find("headers"); headers && headers->if_object()) {
        for (const auto& [name, value] : *headers->if_object()) {
            if (const std::string* header = value.if_string()) {
                answer.headers.emplace_back(name, *header);
            }
        }
    }
    return answer;
}

}  // namespace

protocol::Response response(int status, std::string body) {
    protocol::Response answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

protocol::Request sample_request(const std::string& name) {
    const Value document = sample(name);
    const Value& recorded = field(document, "request");
    protocol::Request request;
    request.method = *field(recorded, "method").if_string();
    request.target = *field(recorded, "path").if_string();
    if (const std::string* body = field(recorded, "body").if_string()) {
        request.body = *body;
    }
    if (const Value* type = field(recorded, "headers").find("Content-Type")) {
        request.headers.emplace_back("Content-Type", *type->if_string());
    }
    return request;
}

protocol::Response store_sample(const std::string& name) {
    return answer_of(field(sample(name), "response"));
}

protocol::Response store_sample(const std::string& name, const std::string& exchange) {
    return answer_of(field(field(sample(name), "exchanges"), exchange));
}

}  // namespace patroni::testing
