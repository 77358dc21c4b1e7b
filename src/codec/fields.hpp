#pragma once

#include <patroni/lsn.hpp>
#include <patroni/timestamp.hpp>
#include <patroni/url.hpp>
#include <patroni/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patroni::codec {

// Typed views of the fields of an object. A field that is absent, null or of another type is
// nullopt: servers of ten years mix them.

std::optional<std::string> string_field(const Value& object, std::string_view key);
/// The text itself, without a copy; nullptr without one.
const std::string* find_text(const Value& object, std::string_view key);
/// The text, or "" without one.
std::string text_field(const Value& object, std::string_view key);
std::optional<std::int64_t> int_field(const Value& object, std::string_view key);
std::optional<std::uint64_t> natural_field(const Value& object, std::string_view key);
std::optional<bool> bool_field(const Value& object, std::string_view key);
/// True only for a literal true: Patroni leaves out what is false.
bool flag_field(const Value& object, std::string_view key);
/// A count of bytes.
std::optional<Lsn> lsn_field(const Value& object, std::string_view key);
std::optional<Timestamp> timestamp_field(const Value& object, std::string_view key);
/// A copy of the object, or null.
Value object_field(const Value& object, std::string_view key);

/// Host and port of a pair of fields; of comma lists the first. A port is a number or its digits.
std::optional<HostPort> address_fields(const Value& object, std::string_view host_key,
                                       std::string_view port_key, std::uint16_t default_port);
/// The base of `api_url`; without a port that of the scheme.
std::optional<Origin> api_field(const Value& object, std::string_view key);

}  // namespace patroni::codec
