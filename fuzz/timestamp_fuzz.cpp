#include "check.hpp"

#include <patroni/lsn.hpp>
#include <patroni/timestamp.hpp>
#include <patroni/version.hpp>

using namespace patroni;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text(data, size);
    if (const auto timestamp = Timestamp::parse(text)) {
        fuzz::check(timestamp->text == text, "the text is kept");
        const auto again = Timestamp::parse(timestamp->iso());
        // An offset can lead out of the years of four digits.
        const bool four_digits = timestamp->iso().find('-') == 4;
        fuzz::check(!four_digits || (again && again->time == timestamp->time), "a time reads back");
    }
    if (const auto lsn = Lsn::parse(text)) {
        fuzz::check(Lsn::parse(lsn->text()) == lsn, "a position reads back");
    }
    if (const auto version = Version::parse(text)) {
        fuzz::check(version->major >= 0 && version->minor >= 0 && version->patch >= 0,
                    "a version has no negative parts");
    }
    return 0;
}
