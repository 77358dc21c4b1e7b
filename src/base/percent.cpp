#include "base/percent.hpp"

#include <algorithm>

namespace patroni {
namespace {

constexpr std::string_view k_plain =
    " ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/:@,";
constexpr std::string_view k_form = k_plain.substr(0, k_plain.find('/'));
constexpr std::string_view k_path = k_plain.substr(1);
constexpr std::string_view k_query = k_form.substr(1);

std::string encode(std::string_view path, std::string_view plain) {
    constexpr std::string_view k_digits = "0123456789ABCDEF";
    std::string text;
    text.reserve(path.size());
    for (const char c : path) {
        if (plain.find(c) != std::string_view::npos) {
            text += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            text += '%';
            text += k_digits[byte >> 4];
            text += k_digits[byte & 15];
        }
    }
    return text;
}

}  // namespace

std::string percent_encode_path(std::string_view path) {
    return encode(path, k_path);
}

std::string percent_encode_query(std::string_view text) {
    return encode(text, k_query);
}

std::string encode_form(std::string_view text) {
    std::string encoded = encode(text, k_form);
    std::replace(encoded.begin(), encoded.end(), ' ', '+');
    return encoded;
}

}  // namespace patroni
