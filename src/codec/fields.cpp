#include "codec/fields.hpp"

#include "base/host.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace patroni::codec {

const std::string* find_text(const Value& object, std::string_view key) {
    const Value* field = object.find(key);
    return field ? field->if_string() : nullptr;
}

std::optional<std::string> string_field(const Value& object, std::string_view key) {
    const std::string* text = find_text(object, key);
    return text ? std::optional(*text) : std::nullopt;
}

std::string text_field(const Value& object, std::string_view key) {
    return string_field(object, key).value_or(std::string());
}

std::optional<std::int64_t> int_field(const Value& object, std::string_view key) {
    const Value* field = object.find(key);
    const std::int64_t* number = field ? field->if_int() : nullptr;
    return number ? std::optional(*number) : std::nullopt;
}

std::optional<std::uint64_t> natural_field(const Value& object, std::string_view key) {
    const Value* field = object.find(key);
    if (const std::uint64_t* number = field ? field->if_uint() : nullptr) {
        return *number;
    }
    const auto number = int_field(object, key);
    return number && *number >= 0 ? std::optional(static_cast<std::uint64_t>(*number))
                                  : std::nullopt;
}

std::optional<bool> bool_field(const Value& object, std::string_view key) {
    const Value* field = object.find(key);
    const bool* value = field ? field->if_bool() : nullptr;
    return value ? std::optional(*value) : std::nullopt;
}

bool flag_field(const Value& object, std::string_view key) {
    return bool_field(object, key).value_or(false);
}

std::optional<Lsn> lsn_field(const Value& object, std::string_view key) {
    const auto bytes = natural_field(object, key);
    return bytes ? std::optional(Lsn(*bytes)) : std::nullopt;
}

std::optional<Timestamp> timestamp_field(const Value& object, std::string_view key) {
    const auto text = string_field(object, key);
    return text ? Timestamp::parse(*text) : std::nullopt;
}

Value object_field(const Value& object, std::string_view key) {
    const Value* field = object.find(key);
    return field && field->if_object() ? *field : Value();
}

std::optional<HostPort> address_fields(const Value& object, std::string_view host_key,
                                       std::string_view port_key, std::uint16_t default_port) {
    std::string host = text_field(object, host_key);
    host.resize(std::min(host.find(','), host.size()));
    if (!is_host(host)) {
        return std::nullopt;
    }
    std::optional<std::uint64_t> port = natural_field(object, port_key);
    if (const auto text = string_field(object, port_key)) {
        port = parse_integer<std::uint64_t>(std::string_view(*text).substr(0, text->find(',')));
    } else if (const Value* field = object.find(port_key); !field || field->is_null()) {
        port = default_port;
    }
    if (!port || *port == 0 || *port > 65535) {
        return std::nullopt;
    }
    return HostPort{std::move(host), static_cast<std::uint16_t>(*port)};
}

std::optional<Origin> api_field(const Value& object, std::string_view key) {
    const auto text = string_field(object, key);
    if (!text || text->find("://") == std::string::npos) {
        return std::nullopt;
    }
    auto origin = parse_origin(*text, 0);
    return origin ? std::optional(std::move(*origin)) : std::nullopt;
}

}  // namespace patroni::codec
