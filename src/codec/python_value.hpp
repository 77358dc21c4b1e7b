#pragma once

#include <patroni/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace patroni::codec {

/// A value as Python holds it, for what Patroni's own programs print: keys of any type, integers of
/// any size, dates, and containers that may stand at several places. Copies share their containers,
/// as Python's names do.
class PythonValue {
public:
    /// Decimal digits, with a minus in front where it is negative.
    struct Integer {
        std::string digits;
    };
    struct Bytes {
        std::string data;
    };
    /// What has no form in JSON: dates, intervals, decimals.
    struct Other {
        enum class Kind { date, timestamp, timestamp_with_zone, time, interval, decimal, opaque };
        Kind kind = Kind::opaque;
        std::string str;   ///< Python's `str`: "2020-01-02".
        std::string repr;  ///< Python's `repr`: "datetime.date(2020, 1, 2)".
    };
    using List = std::vector<PythonValue>;
    using Item = std::pair<PythonValue, PythonValue>;
    /// In the order of insertion. Equal keys (1, 1.0 and True) are one.
    struct Dict {
        std::vector<Item> items;

        PythonValue* find(const PythonValue& key);
        const PythonValue* find(const PythonValue& key) const;
        void set(const PythonValue& key, PythonValue value);
        /// What the key had; nullopt when it was not there.
        std::optional<PythonValue> pop(const PythonValue& key);
    };
    /// In the order of the document; Python's own order is arbitrary.
    struct Set {
        List items;
    };

    PythonValue() = default;  ///< None
    explicit PythonValue(bool value) : data_(value) {}
    explicit PythonValue(std::int64_t value) : data_(Integer{std::to_string(value)}) {}
    explicit PythonValue(Integer value) : data_(std::move(value)) {}
    explicit PythonValue(double value) : data_(value) {}
    explicit PythonValue(std::string value) : data_(std::move(value)) {}
    explicit PythonValue(std::string_view value) : data_(std::string(value)) {}
    explicit PythonValue(const char* value) : data_(std::string(value)) {}
    explicit PythonValue(Bytes value) : data_(std::move(value)) {}
    explicit PythonValue(List value) : data_(std::make_shared<List>(std::move(value))) {}
    explicit PythonValue(Dict value) : data_(std::make_shared<Dict>(std::move(value))) {}
    explicit PythonValue(Set value) : data_(std::make_shared<Set>(std::move(value))) {}
    explicit PythonValue(Other value) : data_(std::make_shared<const Other>(std::move(value))) {}
    /// A number of JSON becomes what Python's `json.loads` makes of it.
    explicit PythonValue(const Value& value);

    bool is_none() const noexcept { return data_.index() == 0; }
    const bool* if_bool() const noexcept { return std::get_if<bool>(&data_); }
    const Integer* if_integer() const noexcept { return std::get_if<Integer>(&data_); }
    const double* if_real() const noexcept { return std::get_if<double>(&data_); }
    const std::string* if_text() const noexcept { return std::get_if<std::string>(&data_); }
    const Bytes* if_bytes() const noexcept { return std::get_if<Bytes>(&data_); }
    const List* if_list() const noexcept { return pointer<List>(); }
    const Dict* if_dict() const noexcept { return pointer<Dict>(); }
    Dict* if_dict() noexcept { return pointer<Dict>(); }
    const Set* if_set() const noexcept { return pointer<Set>(); }
    const Other* if_other() const noexcept {
        const auto* shared = std::get_if<std::shared_ptr<const Other>>(&data_);
        return shared ? shared->get() : nullptr;
    }
    /// Equal for two references to one container; nullptr for what Python does not tell apart.
    const void* identity() const noexcept;

    /// A copy with containers of its own; what stood at several places still does.
    PythonValue deep_copy() const;
    /// A copy in which every container stands at one place.
    PythonValue unshared_copy() const;

private:
    template <class T>
    T* pointer() const noexcept {
        const auto* shared = std::get_if<std::shared_ptr<T>>(&data_);
        return shared ? shared->get() : nullptr;
    }

    std::variant<std::monostate, bool, Integer, double, std::string, Bytes, std::shared_ptr<List>,
                 std::shared_ptr<Dict>, std::shared_ptr<Set>, std::shared_ptr<const Other>>
        data_;
};

/// Python's `==`: by value, so that 30 == 30.0 and True == 1.
bool operator==(const PythonValue& left, const PythonValue& right);

/// What Python's `str` and `repr` give: `None`, `True`, `1.5`, `{'a': [1]}`.
std::string python_str(const PythonValue& value);
std::string python_repr(const PythonValue& value);
std::string python_repr(std::string_view text);

}  // namespace patroni::codec
