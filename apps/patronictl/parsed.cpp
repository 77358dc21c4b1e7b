#include "patronictl/grammar.hpp"

namespace patronictl {

std::optional<std::string> Parsed::text(std::string_view key) const {
    const auto found = texts_.find(key);
    if (found == texts_.end() || found->second.empty()) {
        return std::nullopt;
    }
    return found->second.back();
}

std::optional<std::int64_t> Parsed::integer(std::string_view key) const {
    const auto found = integers_.find(key);
    return found == integers_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> Parsed::real(std::string_view key) const {
    const auto found = reals_.find(key);
    return found == reals_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Parsed::texts(std::string_view key) const {
    const auto found = texts_.find(key);
    return found == texts_.end() ? std::vector<std::string>{} : found->second;
}

void Parsed::set_text(std::string_view key, std::string value) {
    texts_.insert_or_assign(std::string(key), std::vector<std::string>{std::move(value)});
}

void Parsed::add_text(std::string_view key, std::string value) {
    texts_[std::string(key)].push_back(std::move(value));
}

void Parsed::set_integer(std::string_view key, std::int64_t value) {
    integers_.insert_or_assign(std::string(key), value);
}

void Parsed::set_real(std::string_view key, double value) {
    reals_.insert_or_assign(std::string(key), value);
}

}  // namespace patronictl
