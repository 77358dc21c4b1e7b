#include "arguments.hpp"

#include "codec/json.hpp"

#include <charconv>

namespace patroni::tour {

Arguments::Arguments(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        const auto end = text.find('=');
        if (end == std::string::npos || end == 0) {
            throw WrongArgument("not NAME=VALUE: " + text);
        }
        values_[text.substr(0, end)] = text.substr(end + 1);
    }
}

std::optional<std::string> Arguments::text(const std::string& name) {
    taken_.insert(name);
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::string Arguments::text_or(const std::string& name, std::string otherwise) {
    return text(name).value_or(std::move(otherwise));
}

bool Arguments::flag(const std::string& name) {
    const auto value = text(name);
    if (value && *value != "true") {
        throw WrongArgument(name + " is true, or absent");
    }
    return value.has_value();
}

std::optional<std::int64_t> Arguments::number(const std::string& name) {
    const auto value = text(name);
    if (!value) {
        return std::nullopt;
    }
    std::int64_t number = 0;
    const char* end = value->data() + value->size();
    if (const auto read = std::from_chars(value->data(), end, number);
        read.ec != std::errc() || read.ptr != end) {
        throw WrongArgument(name + " is no number: " + *value);
    }
    return number;
}

std::optional<WallTime> Arguments::time(const std::string& name) {
    const auto value = text(name);
    if (!value) {
        return std::nullopt;
    }
    const auto read = Timestamp::parse(*value);
    if (!read || !read->time) {
        throw WrongArgument(name + " is no time: " + *value);
    }
    return read->time;
}

Value Arguments::json(const std::string& name) {
    auto value = codec::parse_json(text_or(name, ""));
    if (!value) {
        throw WrongArgument(name + " is no JSON: " + value.error().message);
    }
    return *std::move(value);
}

void Arguments::expect_all_taken() const {
    for (const auto& [name, value] : values_) {
        if (!taken_.contains(name)) {
            throw WrongArgument("the call takes no " + name);
        }
    }
}

}  // namespace patroni::tour
