#include "check.hpp"

#include <patroni/url.hpp>

using namespace patroni;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text(data, size);
    if (const auto url = parse_url(text)) {
        const auto again = parse_url(url->text());
        fuzz::check(again.has_value(), "a URL that was written can be read");
        fuzz::check(again->text() == url->text() && again->address == url->address,
                    "a URL reads back");
        fuzz::check(again->user.empty() && again->password.empty(),
                    "the text of a URL has no user and password");
    } else if (text.find("s3cret") != std::string_view::npos) {
        fuzz::check(to_line(url.error()).find("s3cret") == std::string::npos,
                    "an error repeats nothing");
    }
    if (const auto address = parse_host_port(text, 8008)) {
        const auto again = parse_host_port(address->text());
        fuzz::check(again && *again == *address, "an address reads back");
    }
    if (const auto origin = parse_origin(text, 0)) {
        const auto again = parse_origin(origin->text(), 0);
        fuzz::check(again && *again == *origin, "an origin reads back");
        fuzz::check(origin->address.port != 0, "an origin has a port");
    }
    return 0;
}
