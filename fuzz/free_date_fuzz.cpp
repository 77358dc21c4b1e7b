#include "check.hpp"
#include "codec/date_tokens.hpp"
#include "codec/free_date.hpp"

using namespace patroni;
using namespace std::chrono;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text(data, size);
    std::size_t length = 0;
    for (const auto& token : codec::date_tokens(text)) {
        fuzz::check(!token.empty(), "a token has characters");
        length += token.size();
    }
    fuzz::check(length == text.size(), "no character gets lost");
    const auto date =
        codec::parse_free_date(text, {year(2026) / 11 / 29, {std::string("CET"), "CEST"}});
    if (date) {
        const year_month_day day(date->day);
        fuzz::check(day.year() >= year(1) && day.year() <= year(9999), "a year has four digits");
        fuzz::check(date->time >= seconds(0) && date->time < days(1), "a day has 24 hours");
        fuzz::check(!date->offset || abs(*date->offset) < days(1),
                    "a zone is less than a day away");
    }
    return 0;
}
