#include "patronictl/python_json_error.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstddef>

namespace patronictl {
namespace {

/// Reads as CPython's scanner does, up to the first fault.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    /// Whether the whole text is one value.
    bool scan() {
        if (text_.starts_with("\xEF\xBB\xBF")) {
            return fault("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0);
        }
        skip_blanks();
        if (!value()) {
            return false;
        }
        skip_blanks();
        return at_ == text_.size() || fault("Extra data", at_);
    }

    /// The fault, with its place in characters.
    std::string message() const {
        const std::string_view before = text_.substr(0, place_);
        const std::size_t line = before.rfind('\n');
        const std::string_view row = line == before.npos ? before : before.substr(line + 1);
        return std::string(what_) + ": line " +
               std::to_string(std::count(before.begin(), before.end(), '\n') + 1) + " column " +
               std::to_string(characters(row) + 1) + " (char " +
               std::to_string(characters(before)) + ")";
    }

private:
    static std::ptrdiff_t characters(std::string_view text) {
        return std::count_if(text.begin(), text.end(),
                             [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    }

    bool fault(std::string_view what, std::size_t place) {
        what_ = what;
        place_ = place;
        return false;
    }

    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\n\r", at_), text_.size()); }

    bool value() {
        if (peek() == '"') {
            return string();
        }
        // Python refuses about as many levels.
        if ((peek() == '{' || peek() == '[') && depth_ < 900) {
            ++depth_;
            const bool good = peek() == '{' ? object() : array();
            --depth_;
            return good;
        }
        for (const std::string_view word :
             {"null", "true", "false", "NaN", "Infinity", "-Infinity"}) {
            if (text_.substr(at_).starts_with(word)) {
                at_ += word.size();
                return true;
            }
        }
        return number() || fault("Expecting value", at_);
    }

    void skip_digits() {
        while (patroni::is_digit(peek())) {
            ++at_;
        }
    }

    bool number() {
        const std::size_t sign = peek() == '-' ? 1 : 0;
        if (!patroni::is_digit(peek(sign))) {
            return false;
        }
        at_ += sign;
        if (peek() == '0') {
            ++at_;
        } else {
            skip_digits();
        }
        if (peek() == '.' && patroni::is_digit(peek(1))) {
            ++at_;
            skip_digits();
        }
        const std::size_t exponent_sign = peek(1) == '-' || peek(1) == '+' ? 1 : 0;
        if ((peek() == 'e' || peek() == 'E') && patroni::is_digit(peek(1 + exponent_sign))) {
            at_ += 1 + exponent_sign;
            skip_digits();
        }
        return true;
    }

    /// Behind a value of a container: true at its end, which is passed, or behind a comma.
    bool next(char end, bool& closed) {
        skip_blanks();
        closed = peek() == end;
        if (!closed && peek() != ',') {
            return fault("Expecting ',' delimiter", at_);
        }
        ++at_;
        return true;
    }

    bool object() {
        ++at_;
        skip_blanks();
        bool closed = peek() == '}';
        at_ += closed ? 1 : 0;
        while (!closed) {
            skip_blanks();
            if (peek() != '"') {
                return fault("Expecting property name enclosed in double quotes", at_);
            }
            if (!string()) {
                return false;
            }
            skip_blanks();
            if (peek() != ':') {
                return fault("Expecting ':' delimiter", at_);
            }
            ++at_;
            skip_blanks();
            if (!value() || !next('}', closed)) {
                return false;
            }
        }
        return true;
    }

    bool array() {
        ++at_;
        skip_blanks();
        bool closed = peek() == ']';
        at_ += closed ? 1 : 0;
        while (!closed) {
            skip_blanks();
            if (!value() || !next(']', closed)) {
                return false;
            }
        }
        return true;
    }

    bool string() {
        const std::size_t begin = at_++;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"') {
                ++at_;
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20) {
                return fault("Invalid control character at", at_);
            }
            if (c != '\\') {
                ++at_;
            } else if (at_ + 1 == text_.size()) {
                break;
            } else if (!escape()) {
                return false;
            }
        }
        return fault("Unterminated string starting at", begin);
    }

    bool escape() {
        const std::size_t begin = at_;
        const char c = text_[begin + 1];
        if (c != 'u') {
            at_ += 2;
            return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos ||
                   fault("Invalid \\escape", begin);
        }
        const std::string_view digits = text_.substr(begin + 2, 4);
        at_ += 6;
        // The text has to go on behind the digits.
        const bool good =
            at_ < text_.size() &&
            digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
        return good || fault("Invalid \\uXXXX escape", begin + 1);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::string_view what_;
    std::size_t place_ = 0;
};

}  // namespace

std::optional<std::string> python_json_error(std::string_view text) {
    Scanner scanner(text);
    return scanner.scan() ? std::nullopt : std::optional(scanner.message());
}

}  // namespace patronictl
