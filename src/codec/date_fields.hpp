#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::codec {

/// A part of a text that cannot be a date. Thrown and caught within the reading of one date only.
struct NoDate {};

/// A whole number as Python's int() reads it from a token; throws NoDate.
int date_number(std::string_view text);

/// The numbers of a date in the order in which they were written, and what is known of each.
class DateFields {
public:
    /// As text: more than two digits are a year.
    void add(std::string_view digits);
    /// By its value: more than 100 is a year.
    void add(int value);
    void add_month(int month);
    void add_year(std::string_view digits);

    std::size_t size() const { return values_.size(); }
    /// Whether the number can be the day that is missing.
    bool could_be_day(int value, bool has_fraction) const;
    /// Whether a year was written with its century.
    bool has_century() const { return has_century_; }

    struct Date {
        std::optional<int> year, month, day;
    };
    /// Which number is what; throws NoDate.
    Date resolve() const;

private:
    using Index = std::optional<std::size_t>;

    void claim(Index& index);
    Date resolve_known(Index year, Index month, Index day) const;
    Date resolve_few() const;
    Date resolve_three() const;

    std::vector<int> values_;
    Index year_, month_;
    bool has_century_ = false;
};

/// 28 to 31; throws NoDate for a month that is none.
int days_of_month(int year, int month);

}  // namespace patroni::codec
