#include "patctl/render/call.hpp"

#include "codec/json.hpp"
#include "codec/yaml.hpp"
#include "patctl/render/words.hpp"

#include <algorithm>
#include <chrono>

namespace patctl::render {
namespace {

using patroni::Value;

/// Text of a server for a document: JSON holds UTF-8 alone.
Value text_value(const std::string& text) {
    return Value(safe(text));
}

Value outcome_document(const patroni::Outcome& outcome) {
    return Value::object(
        {{"kind", to_string(outcome.kind)},
         {"reason", to_string(outcome.reason)},
         {"message", outcome.message},
         {"new_leader", outcome.new_leader ? text_value(*outcome.new_leader) : Value()},
         {"error", outcome.error ? Value(to_line(*outcome.error)) : Value()}});
}

/// The body as JSON where it is, else null; the text says it in any case.
Value document_of(const std::string& body) {
    auto value = patroni::codec::parse_json(body);
    return value ? *std::move(value) : Value();
}

Value call_document(const Call& call) {
    Value headers = Value::array();
    for (const auto& [name, value] : call.reply.headers) {
        headers.push_back(
            Value::object({{"name", text_value(name)}, {"value", text_value(value)}}));
    }
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(call.reply.elapsed).count();
    const Value document = document_of(call.reply.body);
    const auto& outcome = call.reply.data.outcome;
    return Value::object({{"format", "patroni.api/1"},
                          {"member", call.member.empty() ? Value() : text_value(call.member)},
                          {"api_url", call.member.empty() ? Value() : Value(call.api.text())},
                          {"method", text_value(call.request.method)},
                          {"path", text_value(call.request.target)},
                          {"status", call.reply.status == 0 ? Value() : Value(call.reply.status)},
                          {"headers", std::move(headers)},
                          {"body", document},
                          {"text", document.is_null() ? text_value(call.reply.body) : Value()},
                          {"error", error_value(call.error)},
                          {"outcome", outcome ? outcome_document(*outcome) : Value()},
                          {"elapsed_ms", static_cast<std::int64_t>(elapsed)}});
}

/// Escaped line by line, so that a text of several lines stays one.
std::string lines_of(const std::string& body) {
    std::string text;
    for (std::size_t begin = 0; begin < body.size();) {
        const std::size_t end = std::min(body.find('\n', begin), body.size());
        text += safe(std::string_view(body).substr(begin, end - begin)) + "\n";
        begin = end + 1;
    }
    return text;
}

}  // namespace

Value error_value(const std::optional<patroni::Error>& error) {
    if (!error) {
        return {};
    }
    return Value::object(
        {{"kind", to_string(error->kind)},
         {"message", error->message},
         {"delivery", to_string(error->delivery)},
         {"http_status", error->http_status == 0 ? Value() : Value(error->http_status)}});
}

std::string call_text(const Call& call, Format format) {
    switch (format) {
        case Format::pretty:
            return lines_of(call.reply.body);
        case Format::tsv:
            return call.reply.body;
        case Format::json:
            return patroni::codec::to_pretty_json(call_document(call)) + "\n";
        case Format::yaml:
            return patroni::codec::to_yaml(call_document(call));
    }
    return {};
}

std::string head_text(const Call& call) {
    std::string text = "HTTP " + std::to_string(call.reply.status) + "\n";
    for (const auto& [name, value] : call.reply.headers) {
        text += safe(name) + ": " + safe(value) + "\n";
    }
    return text;
}

}  // namespace patctl::render
