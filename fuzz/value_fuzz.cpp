#include "check.hpp"
#include "codec/json.hpp"
#include "codec/python_float.hpp"
#include "codec/yaml.hpp"

#include <charconv>

using namespace patroni;

namespace {

/// Python's text of every number is one, and the shortest that reads back.
void check_numbers(const Value& value) {
    if (const Value::Number* number = value.if_number()) {
        const double before = number->as_double();
        const std::string text = codec::python_repr(before);
        fuzz::check(Value::Number{text}.as_double() == before || text.ends_with("inf"),
                    "a float that was written as Python does reads back");
        fuzz::check(text.find_first_of(".en") != std::string::npos, "it is not taken for an int");
        char shortest[64];
        const auto end = std::to_chars(shortest, shortest + sizeof shortest, before).ptr;
        fuzz::check(Value::Number{std::string(shortest, end)}.as_double() == before ||
                        text.ends_with("inf"),
                    "the number is what its text says");
    }
    if (const Value::Array* items = value.if_array()) {
        for (const Value& item : *items) {
            check_numbers(item);
        }
    }
    if (const Value::Object* fields = value.if_object()) {
        for (const auto& [key, field] : *fields) {
            check_numbers(field);
        }
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto value = codec::parse_json(fuzz::text(data, size));
    if (!value) {
        return 0;
    }
    const auto line = codec::parse_json(codec::to_json(*value));
    fuzz::check(line && *line == *value, "JSON on one line reads back");
    const auto pretty = codec::parse_json(codec::to_pretty_json(*value));
    fuzz::check(pretty && *pretty == *value, "pretty JSON reads back");
    check_numbers(*value);
    const std::string yaml = codec::to_yaml(*value);
    const auto document = codec::parse_yaml(yaml, "dump");
    fuzz::check(document.has_value(), "YAML that was written can be read");
    fuzz::check(codec::to_yaml(document->value) == yaml, "YAML reads back");
    return 0;
}
