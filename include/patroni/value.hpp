#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace patroni {

/// A JSON (or YAML) value whose shape is not known beforehand: tags, unknown fields, dynamic
/// configuration. Objects keep their order; integers keep 64 bits; other numbers keep their text.
class Value {
public:
    using Array = std::vector<Value>;
    using Field = std::pair<std::string, Value>;
    /// In the order of the document. A repeated key keeps its first place and its last value.
    using Object = std::vector<Field>;
    /// A number that is no 64-bit integer, as written ("1.4", "1e3", "18446744073709551616").
    struct Number {
        std::string text;
        double as_double() const;
        friend bool operator==(const Number&, const Number&) = default;
    };

    Value() = default;  ///< null
    Value(std::nullptr_t) {}
    Value(bool value) : data_(value) {}
    Value(int value) : data_(std::int64_t{value}) {}
    Value(std::int64_t value) : data_(value) {}
    Value(std::uint64_t value);
    Value(Number value) : data_(std::move(value)) {}
    Value(std::string value) : data_(std::move(value)) {}
    Value(std::string_view value) : data_(std::string(value)) {}
    Value(const char* value) : data_(std::string(value)) {}
    Value(Array value) : data_(std::move(value)) {}
    Value(Object value) : data_(std::move(value)) {}

    static Value array() { return Value(Array{}); }
    static Value object() { return Value(Object{}); }
    static Value object(std::initializer_list<Field> fields);

    bool is_null() const noexcept { return data_.index() == 0; }
    const bool* if_bool() const noexcept { return std::get_if<bool>(&data_); }
    const std::int64_t* if_int() const noexcept { return std::get_if<std::int64_t>(&data_); }
    const std::uint64_t* if_uint() const noexcept { return std::get_if<std::uint64_t>(&data_); }
    const Number* if_number() const noexcept { return std::get_if<Number>(&data_); }
    const std::string* if_string() const noexcept { return std::get_if<std::string>(&data_); }
    const Array* if_array() const noexcept { return std::get_if<Array>(&data_); }
    Array* if_array() noexcept { return std::get_if<Array>(&data_); }
    const Object* if_object() const noexcept { return std::get_if<Object>(&data_); }
    Object* if_object() noexcept { return std::get_if<Object>(&data_); }

    /// The field of an object; nullptr when it is absent or this is no object.
    const Value* find(std::string_view key) const noexcept;
    Value* find(std::string_view key) noexcept;
    /// Sets a field of an object (a null becomes an object first): in place, or at the end. Returns
    /// this value, not the field.
    Value& set(std::string_view key, Value value);
    /// Appends to an array (a null becomes an array first).
    void push_back(Value value);

    friend bool operator==(const Value&, const Value&) = default;

private:
    std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, Number, std::string, Array,
                 Object>
        data_ = nullptr;
};

}  // namespace patroni
