#include "patronictl/scheduled_at.hpp"

#include "patronictl/failure.hpp"

#include "base/text.hpp"

namespace patronictl {
namespace {

/// The first digits of the text, exactly so many.
std::string take(std::string_view& text, std::size_t count) {
    if (text.size() < count ||
        text.substr(0, count).find_first_not_of("0123456789") != std::string_view::npos) {
        throw Fail("Unknown string format");
    }
    std::string digits(text.substr(0, count));
    text.remove_prefix(count);
    return digits;
}

bool skip(std::string_view& text, std::string_view one_of) {
    const bool found = !text.empty() && one_of.find(text.front()) != std::string_view::npos;
    text.remove_prefix(found ? 1 : 0);
    return found;
}

std::string zone(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    if (text == "Z" || text == "z" || text == "UTC") {
        return "+00:00";
    }
    std::string out(1, text.front());
    if (out != "+" && out != "-") {
        throw Fail("Unknown string format");
    }
    text.remove_prefix(1);
    out += take(text, 2) + ":";
    skip(text, ":");
    out += text.empty() ? "00" : take(text, 2);
    return out == "-00:00" ? "+00:00" : out;
}

}  // namespace

std::string iso_of_scheduled_at(std::string_view text) {
    text = patroni::trim(text);
    std::string out = take(text, 4) + "-";
    skip(text, "-");
    out += take(text, 2) + "-";
    skip(text, "-");
    out += take(text, 2) + "T";
    if (!skip(text, "T ")) {
        return out + "00:00:00";
    }
    out += take(text, 2) + ":";
    skip(text, ":");
    out += take(text, 2) + ":";
    std::string fraction;
    if (skip(text, ":")) {
        out += take(text, 2);
        if (skip(text, ".")) {
            while (!text.empty() && patroni::is_digit(text.front())) {
                fraction += take(text, 1);
            }
            fraction.resize(6, '0');
        }
    } else {
        out += "00";
    }
    if (fraction.find_first_not_of('0') != std::string::npos) {
        out += "." + fraction;
    }
    skip(text, " ");
    return out + zone(text);
}

}  // namespace patronictl
