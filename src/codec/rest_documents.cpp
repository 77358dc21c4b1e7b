#include "codec/rest_documents.hpp"

#include "codec/dcs_values.hpp"
#include "codec/json.hpp"

#include <patroni/error.hpp>

#include <utility>

namespace patroni::codec {
namespace {

Error not_a_document(const char* message) {
    Error error;
    error.kind = ErrorKind::decode;
    error.message = message;
    return error;
}

}  // namespace

Result<Value> decode_config(std::string_view body) {
    auto document = parse_json(body);
    if (document && !document->if_object()) {
        return not_a_document("the configuration is not a JSON object");
    }
    return document;
}

Result<History> decode_history(std::string_view body) {
    auto document = parse_json(body);
    if (!document) {
        return std::move(document).error();
    }
    if (!document->if_array()) {
        return not_a_document("the history is not a JSON array");
    }
    return history_of(*document).value;
}

Result<std::map<std::string, std::optional<Origin>>> decode_failsafe(std::string_view body) {
    auto document = parse_json(body);
    if (!document) {
        return std::move(document).error();
    }
    // Of a version without this endpoint the answer is the status document.
    const Value* patroni = document->find("patroni");
    if (!document->if_object() || (patroni && patroni->if_object())) {
        return not_a_document("the failsafe members are not a JSON object of names and URLs");
    }
    return failsafe_of(*document).value;
}

}  // namespace patroni::codec
