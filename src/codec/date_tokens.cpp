#include "codec/date_tokens.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace patroni::codec {
namespace {

bool is_word_character(char c) {
    return is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
}

bool is_blank(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == ' ' || (byte >= 0x09 && byte <= 0x0d) || (byte >= 0x1c && byte <= 0x1f);
}

/// What a token has been so far.
enum class Kind { none, word, number, dotted_word, dotted_number };

class Lexer {
public:
    explicit Lexer(std::string_view text) : rest_(text) {}

    std::vector<std::string> run() {
        std::vector<std::string> tokens;
        while (!rest_.empty()) {
            for (std::string& part : parts_of(read())) {
                tokens.push_back(std::move(part));
            }
        }
        return tokens;
    }

private:
    /// The longest token at the front; dots are settled afterwards.
    std::string read() {
        std::string token(1, rest_.front());
        rest_.remove_prefix(1);
        has_letters_ = false;
        const char first = token.front();
        kind_ = is_word_character(first) ? Kind::word : is_digit(first) ? Kind::number : Kind::none;
        if (kind_ == Kind::none) {
            return is_blank(first) ? " " : token;
        }
        while (!rest_.empty() && goes_on(token, rest_.front())) {
            token += rest_.front();
            rest_.remove_prefix(1);
        }
        return token;
    }

    bool goes_on(const std::string& token, char next) {
        const bool word = is_word_character(next);
        const bool digit = is_digit(next);
        has_letters_ = has_letters_ || kind_ == Kind::word || kind_ == Kind::dotted_word;
        switch (kind_) {
            case Kind::word:
                return word || switch_to(Kind::dotted_word, next == '.');
            case Kind::number:
                return digit || switch_to(Kind::dotted_number,
                                          next == '.' || (next == ',' && token.size() >= 2));
            case Kind::dotted_word:
                return word || next == '.' ||
                       switch_to(Kind::dotted_number, digit && token.back() == '.');
            case Kind::dotted_number:
                return digit || next == '.' ||
                       switch_to(Kind::dotted_word, word && token.back() == '.');
            case Kind::none:
                break;
        }
        return false;
    }

    bool switch_to(Kind kind, bool yes) {
        kind_ = yes ? kind : kind_;
        return yes;
    }

    /// A dot or comma is a decimal point only within one number.
    std::vector<std::string> parts_of(std::string token) const {
        const bool dotted = kind_ == Kind::dotted_word || kind_ == Kind::dotted_number;
        const auto dots = std::ranges::count(token, '.');
        if (dotted && (has_letters_ || dots > 1 || token.back() == '.' || token.back() == ',')) {
            std::vector<std::string> parts(1);
            for (const char c : token) {
                if (c == '.' || c == ',') {
                    parts.emplace_back(1, c);
                    parts.emplace_back();
                } else {
                    parts.back() += c;
                }
            }
            std::erase_if(parts, [](const std::string& part) { return part.empty(); });
            return parts;
        }
        if (kind_ == Kind::dotted_number && dots == 0) {
            std::ranges::replace(token, ',', '.');
        }
        return {std::move(token)};
    }

    std::string_view rest_;
    Kind kind_ = Kind::none;
    bool has_letters_ = false;
};

}  // namespace

std::vector<std::string> date_tokens(std::string_view text) {
    return Lexer(text).run();
}

}  // namespace patroni::codec
