#include "simulator/etcd3_fields.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace patroni::simulation {
namespace {

constexpr int invalid_argument = 3;

GrpcError unreadable(std::string message) {
    return {.code = invalid_argument, .message = std::move(message), .by_gateway = true};
}

std::string camel_case(std::string_view name) {
    std::string out;
    bool upper = false;
    for (const char c : name) {
        if (c == '_') {
            upper = true;
        } else {
            out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            upper = false;
        }
    }
    return out;
}

std::string invalid_character(char c) {
    return std::string("invalid character '") + c + "' looking for beginning of value";
}

}  // namespace

std::string_view go_type(const Value& value) {
    return value.if_string() != nullptr   ? "string"
           : value.if_bool() != nullptr   ? "bool"
           : value.if_array() != nullptr  ? "array"
           : value.if_object() != nullptr ? "object"
                                          : "number";
}

GatewayFields::GatewayFields(const Value& object, std::optional<GrpcError>& error)
    : object_(&object), error_(&error) {
    if (object.if_object() == nullptr && !object.is_null()) {
        wrong_type(object, "map[string]json.RawMessage");
    }
}

const Value* GatewayFields::find(std::string_view name) const {
    const Value* value = object_->find(name);
    if (value == nullptr) {
        value = object_->find(camel_case(name));
    }
    return value == nullptr || value->is_null() ? nullptr : value;
}

void GatewayFields::wrong(std::string message) const {
    if (!*error_) {
        *error_ = unreadable(std::move(message));
    }
}

void GatewayFields::wrong_type(const Value& value, std::string_view type) const {
    std::string what(go_type(value));
    if (const Value::Number* number = value.if_number(); number != nullptr && type == "int64") {
        what += " " + number->text;
    }
    wrong("json: cannot unmarshal " + what + " into Go value of type " + std::string(type));
}

std::string GatewayFields::bytes(std::string_view name) const {
    const Value* value = find(name);
    if (value == nullptr) {
        return {};
    }
    const std::string* text = value->if_string();
    if (text == nullptr) {
        wrong_type(*value, "[]uint8");
        return {};
    }
    auto decoded = decode_base64(*text);
    if (!decoded) {
        wrong("illegal base64 data at input byte 0");
    }
    return std::move(decoded).value_or(std::string());
}

std::string GatewayFields::text(std::string_view name) const {
    const Value* value = find(name);
    if (value == nullptr) {
        return {};
    }
    if (value->if_string() == nullptr) {
        wrong_type(*value, "string");
        return {};
    }
    return *value->if_string();
}

std::int64_t GatewayFields::integer(std::string_view name) const {
    const Value* value = find(name);
    if (value == nullptr) {
        return 0;
    }
    if (const std::int64_t* number = value->if_int()) {
        return *number;
    }
    const std::string* text = value->if_string();
    if (text == nullptr) {
        wrong_type(*value, "int64");
        return 0;
    }
    const auto number = parse_integer<std::int64_t>(*text);
    if (!number) {
        wrong(text->empty() ? "unexpected end of JSON input" : invalid_character(text->front()));
    }
    return number.value_or(0);
}

bool GatewayFields::flag(std::string_view name) const {
    const Value* value = find(name);
    if (value == nullptr) {
        return false;
    }
    if (value->if_bool() == nullptr) {
        wrong_type(*value, "bool");
        return false;
    }
    return *value->if_bool();
}

std::int64_t GatewayFields::choice_of(const Value& value,
                                      std::initializer_list<std::string_view> words,
                                      std::string_view type) const {
    if (const std::int64_t* number = value.if_int()) {
        return *number;
    }
    const std::string* text = value.if_string();
    if (text == nullptr) {
        wrong_type(value, "int32");
        return 0;
    }
    const auto* const word = std::ranges::find(words, *text);
    if (word == words.end()) {
        wrong("unknown value \"" + *text + "\" for enum etcdserverpb." + std::string(type));
        return 0;
    }
    return word - words.begin();
}

std::int64_t GatewayFields::choice(std::string_view name,
                                   std::initializer_list<std::string_view> words,
                                   std::string_view type) const {
    const Value* value = find(name);
    return value == nullptr ? 0 : choice_of(*value, words, type);
}

std::vector<std::int64_t> GatewayFields::choices(std::string_view name,
                                                 std::initializer_list<std::string_view> words,
                                                 std::string_view type) const {
    std::vector<std::int64_t> chosen;
    const Value* value = find(name);
    if (value != nullptr && value->if_array() == nullptr) {
        wrong_type(*value, "[]json.RawMessage");
    } else if (value != nullptr) {
        for (const Value& item : *value->if_array()) {
            chosen.push_back(choice_of(item, words, type));
        }
    }
    return chosen;
}

std::optional<GatewayFields> GatewayFields::message(std::string_view name) const {
    const Value* value = find(name);
    return value == nullptr ? std::nullopt : std::optional(GatewayFields(*value, *error_));
}

std::vector<GatewayFields> GatewayFields::messages(std::string_view name) const {
    std::vector<GatewayFields> all;
    const Value* value = find(name);
    if (value != nullptr && value->if_array() == nullptr) {
        wrong_type(*value, "[]json.RawMessage");
    } else if (value != nullptr) {
        for (const Value& item : *value->if_array()) {
            all.emplace_back(item, *error_);
        }
    }
    return all;
}

}  // namespace patroni::simulation
