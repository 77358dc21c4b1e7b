#include <patroni/value.hpp>

#include <algorithm>
#include <charconv>
#include <limits>

namespace patroni {

namespace {

/// Whether a decimal number that no double holds is too small (and not too large): whether its
/// first digit other than 0 stands behind the point.
bool is_tiny(std::string_view text) {
    const std::size_t end = std::min(text.find_first_of("eE"), text.size());
    const std::string_view digits = text.substr(0, end);
    std::string_view exponent = text.substr(std::min(end + 1, text.size()));
    const bool is_negative = exponent.starts_with('-');
    exponent.remove_prefix(is_negative || exponent.starts_with('+') ? 1 : 0);
    long long shift = 0;
    const char* last = exponent.data() + exponent.size();
    if (std::from_chars(exponent.data(), last, shift).ec == std::errc::result_out_of_range) {
        return is_negative;
    }
    const std::size_t first = std::min(digits.find_first_of("123456789"), digits.size());
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const auto place = static_cast<long long>(point) - static_cast<long long>(first);
    return place + (is_negative ? -shift : shift) <= 0;
}

}  // namespace

double Value::Number::as_double() const {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) {
        // from_chars leaves the value alone.
        const double magnitude = is_tiny(text) ? 0.0 : std::numeric_limits<double>::infinity();
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
