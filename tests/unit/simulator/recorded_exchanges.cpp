#include "recorded_exchanges.hpp"

#include "codec/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace patroni::test {
namespace {

std::string text(const Value& record, std::string_view key) {
    const Value* value = record.find(key);
    const std::string* found = value == nullptr ? nullptr : value->if_string();
    return found == nullptr ? std::string() : *found;
}

std::string text_at(const Value& list, std::size_t index) {
    const std::string* found = (*list.if_array())[index].if_string();
    return found == nullptr ? std::string() : *found;
}

RecordedAnswer read(const Value& record) {
    RecordedAnswer result;
    for (const Value& request : *record.find("requests")->if_array()) {
        result.requests.push_back({.method = text_at(request, 0),
                                   .target = text_at(request, 1),
                                   .authorization = text_at(request, 2),
                                   .body = text_at(request, 3)});
    }
    result.empty_reply = record.find("status")->is_null();
    if (!result.empty_reply) {
        result.answer.status = static_cast<int>(*record.find("status")->if_int());
    }
    result.answer.reason = text(record, "reason");
    result.answer.http_version = text(record, "http_version");
    for (const Value& header : *record.find("headers")->if_array()) {
        result.answer.headers.emplace_back(text_at(header, 0), text_at(header, 1));
    }
    result.answer.body = text(record, "body");
    return result;
}

std::string_view type_of(const Value& value) {
    if (value.if_bool()) {
        return "bool";
    }
    if (value.if_string()) {
        return "string";
    }
    return value.is_null() ? "null" : "number";
}

/// The lines of a metrics page without the values.
std::string metric_names(const std::string& page) {
    std::istringstream lines(page);
    std::string names;
    for (std::string line; std::getline(lines, line);) {
        names += (line.starts_with('#') ? line : line.substr(0, line.rfind(' '))) + "\n";
    }
    return names;
}

/// Without the WAL senders that Patroni itself opened to ask for the timeline: they have no name,
/// and come and go.
Value without_probes(Value document) {
    Value* senders = document.find("replication");
    if (senders != nullptr) {
        Value::Array& items = *senders->if_array();
        std::erase_if(items, [](const Value& sender) {
            return *sender.find("application_name") == Value("");
        });
        if (items.empty()) {
            std::erase_if(*document.if_object(),
                          [](const Value::Field& field) { return field.first == "replication"; });
        }
    }
    return document;
}

std::string comparable_body(const RawAnswer& answer, std::string_view target) {
    const std::string type = answer.header("Content-Type");
    if (type == "application/json") {
        const Result<Value> value = codec::parse_json(answer.body);
        if (!value) {
            return "no JSON: " + answer.body;
        }
        return shape_of(target == "/config" ? sorted_keys(*value) : without_probes(*value));
    }
    return type == "text/plain" ? metric_names(answer.body) : answer.body;
}

std::string head(const RawAnswer& answer) {
    std::string lines = "HTTP/" + answer.http_version + " " + std::to_string(answer.status) + " " +
                        answer.reason + "\n";
    for (const auto& [name, value] : answer.headers) {
        lines += name + ": " + (name == "Date" ? std::string() : value) + "\n";
    }
    return lines;
}

}  // namespace

std::vector<RecordedAnswer> recorded(std::string_view version, std::string_view stage,
                                     std::string_view node, std::string_view role,
                                     std::string_view label) {
    const std::string path = PATRONI_TEST_DATA "/exchanges/" + std::string(version) + ".jsonl";
    std::ifstream file(path);
    std::vector<RecordedAnswer> answers;
    for (std::string line; std::getline(file, line);) {
        const Value record = codec::parse_json(line).value();
        if (text(record, "stage") == stage && text(record, "node") == node &&
            text(record, "role") == role && text(record, "label") == label) {
            answers.push_back(read(record));
        }
    }
    if (answers.empty()) {
        throw std::runtime_error("no such answers in " + path);
    }
    return answers;
}

std::string shape_of(const Value& value) {
    if (const Value::Object* fields = value.if_object()) {
        std::string shape = "{";
        for (const auto& [key, field] : *fields) {
            shape += key + ":" + (key == "tags" ? codec::to_json(field) : shape_of(field)) + " ";
        }
        return shape + "}";
    }
    if (const Value::Array* items = value.if_array()) {
        std::vector<std::string> shapes;
        for (const Value& item : *items) {
            shapes.push_back(shape_of(item));
        }
        std::ranges::sort(shapes);
        shapes.erase(std::ranges::unique(shapes).begin(), shapes.end());
        std::string shape = "[";
        for (const std::string& item : shapes) {
            shape += item + " ";
        }
        return shape + "]";
    }
    return std::string(type_of(value));
}

Value sorted_keys(Value value) {
    if (Value::Object* fields = value.if_object()) {
        std::ranges::sort(*fields, {}, &Value::Field::first);
        for (auto& [key, field] : *fields) {
            field = sorted_keys(std::move(field));
        }
    }
    return value;
}

std::size_t expect_same(const HostPort& server, const std::vector<RecordedAnswer>& answers) {
    std::size_t sent = 0;
    for (const RecordedAnswer& expected : answers) {
        for (const RecordedAnswer::Request& request : expected.requests) {
            SCOPED_TRACE(request.method + " " + request.target + " " + request.authorization);
            const std::string header = request.authorization.empty()
                                           ? std::string()
                                           : "Authorization: " + request.authorization + "\r\n";
            const RawAnswer got = ask(server, request.method, request.target, header, request.body);
            ++sent;
            if (expected.empty_reply) {
                EXPECT_EQ(got.text, "");
                continue;
            }
            EXPECT_EQ(head(got), head(expected.answer));
            EXPECT_EQ(comparable_body(got, request.target),
                      comparable_body(expected.answer, request.target));
        }
    }
    return sent;
}

}  // namespace patroni::test
