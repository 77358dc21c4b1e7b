#include "config/section.hpp"

#include "base/text.hpp"
#include "config/layer.hpp"
#include "config/variables.hpp"

#include <algorithm>
#include <filesystem>

namespace patroni::config {
namespace {

bool is_container(const Value& value) {
    return value.if_object() != nullptr || value.if_array() != nullptr;
}

/// The known key that is within two changes of an unknown one: added, missing or other letters.
std::string_view closest(std::string_view word, std::span<const std::string_view> known) {
    std::string_view best;
    std::size_t best_distance = word.size() < 5 ? 2 : 3;
    for (const auto candidate : known) {
        std::vector<std::size_t> row(candidate.size() + 1);
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i] = i;
        }
        for (std::size_t i = 0; i < word.size() && i < 64; ++i) {
            std::size_t diagonal = row[0]++;
            for (std::size_t k = 0; k < candidate.size(); ++k) {
                const std::size_t above = row[k + 1];
                const std::size_t changed = diagonal + (word[i] == candidate[k] ? 0U : 1U);
                row[k + 1] = std::min({above + 1, row[k] + 1, changed});
                diagonal = above;
            }
        }
        if (row.back() < best_distance) {
            best_distance = row.back();
            best = candidate;
        }
    }
    return best;
}

}  // namespace

Section::Section(const Configuration& configuration, std::string name)
    : configuration_(configuration), name_(std::move(name)) {
    const Value* value = configuration_.value().find(name_);
    if (value != nullptr && value->if_object() == nullptr) {
        wrong("", "expected a section: keys and values, indented below the name");
    }
}

const Value* Section::find(std::string_view key) const {
    const Value* section = configuration_.value().find(name_);
    const Value* value = section != nullptr ? section->find(key) : nullptr;
    return value != nullptr && !value->is_null() ? value : nullptr;
}

bool Section::has(std::string_view key) const {
    return find(key) != nullptr;
}

std::string Section::path(std::string_view key) const {
    return key.empty() ? name_ : name_ + "." + std::string(key);
}

std::string Section::place(std::string_view key) const {
    const Place* place = configuration_.place(path(key));
    return place != nullptr ? place->text() : std::string();
}

void Section::wrong(std::string_view key, const std::string& message, ErrorKind kind) {
    if (!error_) {
        error_ = configuration_.wrong(path(key), message, kind);
    }
}

std::optional<std::string> Section::scalar(const Value& value, std::string_view key) {
    if (is_container(value)) {
        wrong(key, "expected a text or a number, not a list or a map");
        return std::nullopt;
    }
    return value.is_null() ? std::string() : python_text(value);
}

std::string Section::text(std::string_view key) {
    const Value* value = find(key);
    return value != nullptr ? scalar(*value, key).value_or("") : std::string();
}

std::vector<std::string> Section::list(std::string_view key) {
    std::vector<std::string> items;
    const Value* value = find(key);
    if (value == nullptr) {
        return items;
    }
    const auto add = [&](std::string_view item) {
        item = trim(item);
        if (!item.empty()) {
            items.emplace_back(item);
        }
    };
    if (const auto* array = value->if_array()) {
        for (std::size_t i = 0; i < array->size(); ++i) {
            add(scalar((*array)[i], std::string(key) + "[" + std::to_string(i) + "]").value_or(""));
        }
        return items;
    }
    if (value->if_object() != nullptr) {
        wrong(key, "expected a list, such as [\"10.0.0.1\", \"10.0.0.2\"]");
        return items;
    }
    const std::string whole = python_text(*value);
    for (std::size_t start = 0; start <= whole.size();) {
        const auto comma = std::min(whole.find(',', start), whole.size());
        add(std::string_view(whole).substr(start, comma - start));
        start = comma + 1;
    }
    return items;
}

std::string Section::item(std::string_view key, std::string_view name) {
    std::string path(key);
    if (name.find(':') == std::string_view::npos) {
        path.append(".").append(name);
    }
    return path;
}

std::vector<std::pair<std::string, std::string>> Section::map(std::string_view key) {
    std::vector<std::pair<std::string, std::string>> fields;
    const Value* value = find(key);
    if (value == nullptr) {
        return fields;
    }
    if (value->if_object() == nullptr) {
        wrong(key, "expected a map, such as {name: value}");
        return fields;
    }
    for (const auto& [name, given] : *value->if_object()) {
        const std::string place = item(key, name);
        std::string joined;
        if (const auto* array = given.if_array()) {
            for (const auto& part : *array) {
                joined += (joined.empty() ? "" : ",") + scalar(part, place).value_or("");
            }
        } else {
            joined = scalar(given, place).value_or("");
        }
        fields.emplace_back(name, std::move(joined));
    }
    return fields;
}

std::uint16_t Section::port(std::string_view key, std::uint16_t fallback) {
    const std::string written = text(key);
    if (written.empty()) {
        return fallback;
    }
    const auto number = parse_integer<std::uint16_t>(trim(written));
    if (!number || *number == 0) {
        wrong(key, "expected a port, 1 to 65535");
        return fallback;
    }
    return *number;
}

std::int64_t Section::seconds(std::string_view key, std::int64_t fallback) {
    const std::string written = text(key);
    const auto number = parse_integer<std::int64_t>(trim(written));
    if (!written.empty() && (!number || *number <= 0 || *number > 86400)) {
        wrong(key, "expected seconds, 1 to 86400");
        return fallback;
    }
    return number.value_or(fallback);
}

bool Section::flag(std::string_view key, bool fallback) {
    const Value* value = find(key);
    if (value == nullptr) {
        return fallback;
    }
    if (dialect() == Dialect::patronictl) {
        return is_truthy(*value);
    }
    return truth(key).value_or(fallback);
}

std::optional<bool> Section::truth(std::string_view key) {
    const Value* value = find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto known = is_container(*value) ? std::nullopt : parse_truth(python_text(*value));
    if (!known && dialect() == Dialect::patctl) {
        wrong(key, "expected true or false");
    }
    return known;
}

void Section::authorities(std::string_view key, TlsSettings& tls) {
    std::string path = text(key);
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        tls.ca_directory = std::move(path);
    } else {
        tls.ca_file = std::move(path);
    }
}

std::vector<std::string> Section::strangers(std::span<const std::string_view> known) const {
    std::vector<std::string> sentences;
    const Value* section = configuration_.value().find(name_);
    if (section == nullptr || section->if_object() == nullptr) {
        return sentences;
    }
    for (const auto& [key, value] : *section->if_object()) {
        if (std::find(known.begin(), known.end(), key) != known.end()) {
            continue;
        }
        const auto close = closest(key, known);
        sentences.push_back(
            place(key) + ": " + escape_untrusted(path(key), 80) + " is no key that is read here" +
            (close.empty() ? std::string() : "; did you mean " + std::string(close) + "?"));
    }
    return sentences;
}

}  // namespace patroni::config
