#include <patroni/value.hpp>

#include <charconv>
#include <limits>

namespace patroni {

double Value::Number::as_double() const {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) {
        // from_chars leaves the value alone; a JSON number that is too small has a negative
        // exponent.
        const std::size_t exponent = text.find_first_of("eE");
        const bool tiny = exponent != std::string::npos && exponent + 1 < text.size() &&
                          text[exponent + 1] == '-';
        const double magnitude = tiny ? 0.0 : std::numeric_limits<double>::infinity();
        return text.front() == '-' ? -magnitude : magnitude;
    }
    return value;
}

Value::Value(std::uint64_t value) {
    // One number has one form, so that equal numbers compare equal.
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        data_ = static_cast<std::int64_t>(value);
    } else {
        data_ = value;
    }
}

Value Value::object(std::initializer_list<Field> fields) {
    Value result = object();
    for (const Field& field : fields) {
        result.set(field.first, field.second);
    }
    return result;
}

const Value* Value::find(std::string_view key) const noexcept {
    if (const Object* fields = if_object()) {
        for (const Field& field : *fields) {
            if (field.first == key) {
                return &field.second;
            }
        }
    }
    return nullptr;
}

Value* Value::find(std::string_view key) noexcept {
    return const_cast<Value*>(std::as_const(*this).find(key));
}

Value& Value::set(std::string_view key, Value value) {
    if (!if_object()) {
        data_ = Object{};
    }
    if (Value* existing = find(key)) {
        *existing = std::move(value);
    } else {
        if_object()->emplace_back(std::string(key), std::move(value));
    }
    return *this;
}

void Value::push_back(Value value) {
    if (!if_array()) {
        data_ = Array{};
    }
    if_array()->push_back(std::move(value));
}

}  // namespace patroni
