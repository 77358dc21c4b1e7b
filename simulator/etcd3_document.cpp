// The JSON documents of a request's body, as Go's decoder takes one after the other.
#include "base/text.hpp"
#include "codec/json.hpp"
#include "simulator/etcd3_fields.hpp"

#include <algorithm>
#include <utility>

namespace patroni::simulation {
namespace {

constexpr int invalid_argument = 3;

GrpcError unreadable(std::string message) {
    return {.code = invalid_argument, .message = std::move(message), .by_gateway = true};
}

/// Where the first document ends: an object or array with its last bracket, anything else with a
/// blank. npos: it is not complete.
std::size_t document_end(std::string_view text) {
    if (text.front() != '{' && text.front() != '[') {
        return std::min(text.find_first_of(" \t\r\n"), text.size());
    }
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            i += c == '\\' ? 1 : 0;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return i + 1;
        }
    }
    return std::string_view::npos;
}

std::string invalid_character(char c) {
    return std::string("invalid character '") + c + "' looking for beginning of value";
}

/// Go's word for what begins like `true`, `false` or `null` and is none; empty: it is one.
std::string broken_literal(std::string_view text) {
    for (const std::string_view literal : {"true", "false", "null"}) {
        if (text.front() != literal.front()) {
            continue;
        }
        for (std::size_t i = 1; i < literal.size(); ++i) {
            if (i >= text.size()) {
                return "unexpected EOF";
            }
            if (text[i] != literal[i]) {
                return std::string("invalid character '") + text[i] + "' in literal " +
                       std::string(literal) + " (expecting '" + literal[i] + "')";
            }
        }
    }
    return {};
}

}  // namespace

NextDocument next_document(std::string_view& body) {
    body.remove_prefix(std::min(body.find_first_not_of(" \t\r\n"), body.size()));
    if (body.empty()) {
        return {.end = true, .error = std::nullopt};
    }
    const char first = body.front();
    const bool may_begin = first == '{' || first == '[' || first == '"' || first == '-' ||
                           is_digit(first) || first == 't' || first == 'f' || first == 'n';
    if (!may_begin) {
        return {.error = unreadable(invalid_character(first))};
    }
    if (std::string broken = broken_literal(body); !broken.empty()) {
        return {.error = unreadable(std::move(broken))};
    }
    const std::size_t end = document_end(body);
    if (end == std::string_view::npos) {
        return {.error = unreadable("unexpected EOF")};
    }
    Result<Value> value = codec::parse_json(body.substr(0, end));
    body.remove_prefix(end);
    if (!value) {
        return {.error = unreadable("invalid character in the request")};
    }
    if (value->if_object() == nullptr && !value->is_null()) {
        return {.error = unreadable("json: cannot unmarshal " + std::string(go_type(*value)) +
                                    " into Go value of type map[string]json.RawMessage")};
    }
    return {.value = std::move(*value), .error = std::nullopt};
}

}  // namespace patroni::simulation
