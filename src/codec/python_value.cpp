#include "codec/python_value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

namespace patroni::codec {
namespace {

using Dict = PythonValue::Dict;
using List = PythonValue::List;

PythonValue number_value(const Value::Number& number) {
    const bool is_integer = number.text.find_first_not_of("-0123456789") == std::string::npos;
    if (is_integer) {
        return PythonValue(PythonValue::Integer{number.text == "-0" ? "0" : number.text});
    }
    if (number.text == "NaN") {
        return PythonValue(std::nan(""));
    }
    if (number.text.ends_with("Infinity")) {
        return PythonValue(number.text.front() == '-' ? -HUGE_VAL : HUGE_VAL);
    }
    return PythonValue(number.as_double());
}

/// A bool counts as a number.
std::optional<PythonValue::Integer> whole_number(const PythonValue& value) {
    if (const auto* boolean = value.if_bool()) {
        return PythonValue::Integer{*boolean ? "1" : "0"};
    }
    if (const auto* integer = value.if_integer()) {
        return *integer;
    }
    return std::nullopt;
}

bool equal_number(const PythonValue::Integer& integer, double real) {
    if (!std::isfinite(real) || real != std::floor(real)) {
        return false;
    }
    // Exact: a double without a fraction has all its digits.
    char digits[350];
    const auto end =
        std::to_chars(digits, digits + sizeof digits, real, std::chars_format::fixed, 0).ptr;
    const std::string_view text(digits, static_cast<std::size_t>(end - digits));
    return text == integer.digits || (text == "-0" && integer.digits == "0");
}

bool equal_items(const Dict& left, const Dict& right) {
    return left.items.size() == right.items.size() &&
           std::all_of(left.items.begin(), left.items.end(), [&](const PythonValue::Item& item) {
               const PythonValue* other = right.find(item.first);
               return other && item.second == *other;
           });
}

bool equal_members(const List& left, const List& right) {
    return left.size() == right.size() &&
           std::all_of(left.begin(), left.end(), [&](const PythonValue& item) {
               return std::find(right.begin(), right.end(), item) != right.end();
           });
}

/// Copies containers; `known` has the copies that are to be shared, nullptr: none are.
PythonValue copy(const PythonValue& value, std::map<const void*, PythonValue>* known) {
    const void* identity = value.identity();
    if (!identity || value.if_other()) {
        return value;
    }
    if (known != nullptr) {
        if (const auto found = known->find(identity); found != known->end()) {
            return found->second;
        }
    }
    PythonValue result;
    if (const auto* list = value.if_list()) {
        List items;
        for (const PythonValue& item : *list) {
            items.push_back(copy(item, known));
        }
        result = PythonValue(std::move(items));
    } else if (const auto* dict = value.if_dict()) {
        Dict items;
        for (const auto& [key, item] : dict->items) {
            items.items.emplace_back(key, copy(item, known));
        }
        result = PythonValue(std::move(items));
    } else if (const auto* set = value.if_set()) {
        result = PythonValue(PythonValue::Set{set->items});
    }
    if (known != nullptr) {
        known->emplace(identity, result);
    }
    return result;
}

}  // namespace

PythonValue* Dict::find(const PythonValue& key) {
    const auto item = std::find_if(items.begin(), items.end(),
                                   [&](const Item& field) { return field.first == key; });
    return item == items.end() ? nullptr : &item->second;
}

const PythonValue* Dict::find(const PythonValue& key) const {
    return const_cast<Dict*>(this)->find(key);
}

void Dict::set(const PythonValue& key, PythonValue value) {
    if (PythonValue* present = find(key)) {
        *present = std::move(value);
    } else {
        items.emplace_back(key, std::move(value));
    }
}

std::optional<PythonValue> Dict::pop(const PythonValue& key) {
    const auto item = std::find_if(items.begin(), items.end(),
                                   [&](const Item& field) { return field.first == key; });
    if (item == items.end()) {
        return std::nullopt;
    }
    std::optional<PythonValue> value = std::move(item->second);
    items.erase(item);
    return value;
}

PythonValue::PythonValue(const Value& value) {
    if (const auto* boolean = value.if_bool()) {
        data_ = *boolean;
    } else if (const auto* integer = value.if_int()) {
        data_ = Integer{std::to_string(*integer)};
    } else if (const auto* natural = value.if_uint()) {
        data_ = Integer{std::to_string(*natural)};
    } else if (const auto* number = value.if_number()) {
        *this = number_value(*number);
    } else if (const auto* text = value.if_string()) {
        data_ = *text;
    } else if (const auto* array = value.if_array()) {
        List items;
        for (const Value& item : *array) {
            items.emplace_back(item);
        }
        data_ = std::make_shared<List>(std::move(items));
    } else if (const auto* object = value.if_object()) {
        Dict items;
        for (const auto& [key, item] : *object) {
            items.items.emplace_back(PythonValue(key), PythonValue(item));
        }
        data_ = std::make_shared<Dict>(std::move(items));
    }
}

const void* PythonValue::identity() const noexcept {
    if (const auto* list = if_list()) {
        return list;
    }
    if (const auto* dict = if_dict()) {
        return dict;
    }
    if (const auto* set = if_set()) {
        return set;
    }
    return if_other();
}

PythonValue PythonValue::deep_copy() const {
    std::map<const void*, PythonValue> known;
    return copy(*this, &known);
}

PythonValue PythonValue::unshared_copy() const {
    return copy(*this, nullptr);
}

bool operator==(const PythonValue& left, const PythonValue& right) {
    if (left.identity() && left.identity() == right.identity()) {
        return true;
    }
    const auto left_number = whole_number(left);
    const auto right_number = whole_number(right);
    if (left_number && right_number) {
        return left_number->digits == right_number->digits;
    }
    if (left_number && right.if_real()) {
        return equal_number(*left_number, *right.if_real());
    }
    if (right_number && left.if_real()) {
        return equal_number(*right_number, *left.if_real());
    }
    if (left.if_real() && right.if_real()) {
        return *left.if_real() == *right.if_real();
    }
    if (left.if_text() && right.if_text()) {
        return *left.if_text() == *right.if_text();
    }
    if (left.if_bytes() && right.if_bytes()) {
        return left.if_bytes()->data == right.if_bytes()->data;
    }
    if (left.if_list() && right.if_list()) {
        return *left.if_list() == *right.if_list();
    }
    if (left.if_dict() && right.if_dict()) {
        return equal_items(*left.if_dict(), *right.if_dict());
    }
    if (left.if_set() && right.if_set()) {
        return equal_members(left.if_set()->items, right.if_set()->items);
    }
    if (left.if_other() && right.if_other()) {
        return left.if_other()->repr == right.if_other()->repr;
    }
    return left.is_none() && right.is_none();
}

}  // namespace patroni::codec
