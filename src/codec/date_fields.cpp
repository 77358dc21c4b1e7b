#include "codec/date_fields.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace patroni::codec {
namespace {

constexpr int k_last_day = 31;

}  // namespace

int date_number(std::string_view text) {
    const auto value = parse_integer<int>(text);
    if (!value || !is_digit(text.front())) {
        throw NoDate{};
    }
    return *value;
}

int days_of_month(int year, int month) {
    using namespace std::chrono;
    if (month < 1 || month > 12) {
        throw NoDate{};
    }
    const year_month_day_last last = std::chrono::year(year) /
                                     std::chrono::month(static_cast<unsigned>(month)) /
                                     std::chrono::last;
    return static_cast<int>(static_cast<unsigned>(last.day()));
}

void DateFields::add(std::string_view digits) {
    if (digits.size() > 2 && std::ranges::all_of(digits, is_digit)) {
        return add_year(digits);
    }
    values_.push_back(date_number(digits));
}

void DateFields::add(int value) {
    values_.push_back(value);
    if (value > 100) {
        has_century_ = true;
        claim(year_);
    }
}

void DateFields::add_month(int month) {
    values_.push_back(month);
    claim(month_);
}

void DateFields::add_year(std::string_view digits) {
    has_century_ = has_century_ || digits.size() > 2;
    values_.push_back(date_number(digits));
    claim(year_);
}

void DateFields::claim(Index& index) {
    if (index) {
        throw NoDate{};  // Two years, or two months.
    }
    index = values_.size() - 1;
}

bool DateFields::could_be_day(int value, bool has_fraction) const {
    int last = k_last_day;
    if (month_) {
        last = days_of_month(year_ ? values_[*year_] : 2000, values_[*month_]);
    }
    return value >= 1 && (value < last || (value == last && !has_fraction));
}

DateFields::Date DateFields::resolve() const {
    const std::size_t known = (year_ ? 1U : 0U) + (month_ ? 1U : 0U);
    if (known > 0 && known == size()) {
        return resolve_known(year_, month_, std::nullopt);
    }
    if (size() == 3 && known == 2) {
        return resolve_known(year_, month_, 3 - *year_ - *month_);
    }
    if (size() > 3) {
        throw NoDate{};
    }
    return size() == 3 ? resolve_three() : resolve_few();
}

DateFields::Date DateFields::resolve_known(Index year, Index month, Index day) const {
    const auto at = [this](Index index) {
        return index ? std::optional(values_[*index]) : std::nullopt;
    };
    return {at(year), at(month), at(day)};
}

/// None, one or two numbers.
DateFields::Date DateFields::resolve_few() const {
    Date date;
    if (values_.empty()) {
        return date;
    }
    if (size() == 1 || month_) {
        const int other = month_ ? values_[1 - *month_] : values_[0];
        date.month = month_ ? std::optional(values_[*month_]) : std::nullopt;
        (other > k_last_day ? date.year : date.day) = other;
    } else if (values_[0] > k_last_day) {
        date = {values_[0], values_[1], std::nullopt};
    } else if (values_[1] > k_last_day) {
        date = {values_[1], values_[0], std::nullopt};
    } else {
        date = {std::nullopt, values_[0], values_[1]};
    }
    return date;
}

DateFields::Date DateFields::resolve_three() const {
    const int a = values_[0];
    const int b = values_[1];
    const int c = values_[2];
    if (month_ == 0U) {
        return b > k_last_day ? Date{b, a, c} : Date{c, a, b};
    }
    if (month_ == 1U) {
        return a > k_last_day ? Date{a, b, c} : Date{c, b, a};
    }
    if (month_ == 2U) {
        return b > k_last_day ? Date{b, c, a} : Date{a, c, b};
    }
    if (a > k_last_day || year_ == 0U) {
        return {a, b, c};
    }
    return a > 12 ? Date{c, b, a} : Date{c, a, b};
}

}  // namespace patroni::codec
