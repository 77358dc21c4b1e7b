#include "patronictl/prompts.hpp"

#include "base/text.hpp"
#include "patronictl/failure.hpp"
#include "patronictl/python_text.hpp"

#include <atomic>

namespace patronictl {
namespace {

std::atomic<bool> g_asking{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler reads it");

std::string ask(const Streams& streams, const std::string& prompt) {
    g_asking = true;  // From the first letter of the question on.
    streams.out(prompt);
    auto line = streams.read_line();
    g_asking = false;
    if (!line) {
        throw Abort();
    }
    return std::move(*line);
}

}  // namespace

bool is_asking() noexcept {
    return g_asking;
}

std::string prompt(const Streams& streams, std::string_view text,
                   const std::optional<std::string>& fallback) {
    const std::string shown =
        std::string(text) + (fallback ? " [" + *fallback + "]" : std::string()) + ": ";
    while (true) {
        std::string line = ask(streams, shown);
        if (!line.empty()) {
            return line;
        }
        if (fallback) {
            return *fallback;
        }
    }
}

std::int64_t prompt_integer(const Streams& streams, std::string_view text) {
    while (true) {
        const std::string line = prompt(streams, text);
        if (const auto number = python_int(line)) {
            return *number;
        }
        streams.out("Error: " + python_repr(std::string_view(line)) + " is not a valid integer.\n");
    }
}

bool confirm(const Streams& streams, std::string_view text) {
    while (true) {
        const std::string line = ask(streams, std::string(text) + " [y/N]: ");
        const std::string word = patroni::to_lower(patroni::trim(line));
        if (word == "y" || word == "yes") {
            return true;
        }
        if (word.empty() || word == "n" || word == "no") {
            return false;
        }
        streams.out("Error: invalid input\n");
    }
}

std::string prompt_hidden(const Streams& streams, std::string_view text) {
    while (true) {
        // As click does: the text on standard output, the blank behind it where the answer is
        // typed.
        streams.out(std::string(text) + ":");
        const auto line = streams.ask_hidden(" ");
        if (!line) {
            streams.out("\n");
            throw Abort();
        }
        if (!line->empty()) {
            return *line;
        }
    }
}

}  // namespace patronictl
