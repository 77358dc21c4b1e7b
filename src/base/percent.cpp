#include "base/percent.hpp"

namespace patroni {

std::string percent_encode_path(std::string_view path) {
    constexpr std::string_view k_plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/:@,";
    constexpr std::string_view k_digits = "0123456789ABCDEF";
    std::string text;
    text.reserve(path.size());
    for (const char c : path) {
        if (k_plain.find(c) != std::string_view::npos) {
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

}  // namespace patroni
