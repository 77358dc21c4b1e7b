#include "config/configuration.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace patroni::config {
namespace {

/// Takes the first step off a path: a key, or the number of an item in brackets.
std::string_view take_step(std::string_view& path) {
    const auto end = std::min(path.find_first_of(".[", 1), path.size());
    const auto step = path.substr(0, end);
    path.remove_prefix(end);
    if (path.starts_with('.')) {
        path.remove_prefix(1);
    }
    return step;
}

const Value* step_into(const Value& value, std::string_view step) {
    const auto* items = value.if_array();
    if (items == nullptr || !step.starts_with('[') || !step.ends_with(']')) {
        return value.find(step);
    }
    const auto index = parse_integer<std::size_t>(step.substr(1, step.size() - 2));
    return index && *index < items->size() ? &(*items)[*index] : nullptr;
}

}  // namespace

std::string Place::text() const {
    return line == 0 ? source : source + ":" + std::to_string(line);
}

const Value* Configuration::find(std::string_view path) const noexcept {
    const Value* value = &value_;
    while (value != nullptr && !path.empty()) {
        value = step_into(*value, take_step(path));
    }
    return value;
}

const Place* Configuration::place(std::string_view path) const noexcept {
    while (true) {
        const auto found = places_.find(path);
        if (found != places_.end()) {
            return &found->second;
        }
        if (path.empty()) {
            return nullptr;
        }
        const auto end = path.find_last_of(".[");
        path = path.substr(0, end == std::string_view::npos ? 0 : end);
    }
}

Error Configuration::wrong(std::string_view path, const std::string& message,
                           ErrorKind kind) const {
    Error error;
    error.kind = kind;
    if (const Place* found = place(path)) {
        error.endpoint = found->text();
    }
    constexpr std::size_t k_max_path = 160;
    error.message =
        (path.empty() ? std::string() : escape_untrusted(path, k_max_path) + ": ") + message;
    return error;
}

}  // namespace patroni::config
