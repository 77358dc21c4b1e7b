#include "base/text.hpp"
#include "check.hpp"
#include "printable.hpp"

#include <patroni/error.hpp>

#include <algorithm>
#include <string>

using namespace patroni;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text(data, size);
    const std::string shown = escape_untrusted(text);
    fuzz::check(fuzz::is_printable(shown), "what is shown has no control or bidi characters");
    fuzz::check(escape_untrusted(shown) == shown, "what is fit to be shown stays as it is");
    if (fuzz::is_printable(text) && shown != text) {
        // More than the oracle knows is hidden, but never plain ASCII.
        fuzz::check(std::any_of(text.begin(), text.end(), [](char c) { return c < 0; }),
                    "plain text stays as it is");
    }
    const std::size_t limit = size == 0 ? 0 : data[0];
    const std::string cut = escape_untrusted(text, limit);
    fuzz::check(fuzz::is_printable(cut), "a text that was cut is fit to be shown");
    fuzz::check(cut == shown || cut.ends_with("..."), "a cut is shown");
    fuzz::check(cut == shown || shown.starts_with(cut.substr(0, cut.size() - 3)),
                "what is before the cut is the same");
    fuzz::check(cut.size() <= 10 * (limit + 4) + 3, "a cut bounds the length");

    Error error;
    error.server_text = std::string(text);
    error.message = "refused";
    error.endpoint = "http://pg1:8008";
    fuzz::check(fuzz::is_printable(to_line(error)), "an error is one line that is fit to be shown");
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t length = utf8_length(text, i);
        fuzz::check(length <= 4 && i + length <= size, "a character is within the text");
    }
    return 0;
}
