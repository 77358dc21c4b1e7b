#include "codec/config_patch.hpp"

#include "base/text.hpp"
#include "codec/python_yaml.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace patroni::codec {
namespace {

using Dict = PythonValue::Dict;

void pop(Value::Object& object, const std::string& key) {
    std::erase_if(object, [&](const Value::Field& field) { return field.first == key; });
}

/// Python's `strip`: beyond ASCII nothing of it stands around a key that anybody means.
std::string_view strip(std::string_view text) {
    constexpr std::string_view blanks = " \t\n\r\v\f\x1c\x1d\x1e\x1f";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string> path_of(std::string_view key) {
    std::vector<std::string> path;
    while (true) {
        const bool is_parameter =
            path.size() == 2 && path[0] == "postgresql" && path[1] == "parameters";
        const std::size_t end = is_parameter ? key.size() : std::min(key.find('.'), key.size());
        path.emplace_back(key.substr(0, end));
        if (end == key.size()) {
            return path;
        }
        key.remove_prefix(end + 1);
    }
}

void set_path(Dict& config, const std::vector<std::string>& path, std::size_t depth,
              const PythonValue& value) {
    const PythonValue key(path[depth]);
    if (depth + 1 == path.size()) {
        if (value.is_none()) {
            config.pop(key);
        } else {
            config.set(key, value);
        }
        return;
    }
    const PythonValue* present = config.find(key);
    if (!present || !present->if_dict()) {
        config.set(key, PythonValue(Dict{}));
    }
    // The container stays where it is, whatever `config` does.
    PythonValue below = *config.find(key);
    set_path(*below.if_dict(), path, depth + 1, value);
    if (below.if_dict()->items.empty()) {
        config.pop(key);
    }
}

}  // namespace

void patch_config(Dict& config, const Dict& patch) {
    for (const auto& [key, value] : patch.items) {
        if (value.is_none()) {
            config.pop(key);
            continue;
        }
        PythonValue* present = config.find(key);
        if (!present) {
            config.items.emplace_back(key, value);
        } else if (value.if_dict() && present->if_dict()) {
            patch_config(*present->if_dict(), *value.if_dict());
        } else if (value.if_dict() || python_str(*present) != python_str(value)) {
            *present = value;
        }
    }
}

bool same_text(const Value& left, const Value& right) {
    return python_str(PythonValue(left)) == python_str(PythonValue(right));
}

void patch_config(Value& config, const Value& patch) {
    Value::Object* target = config.if_object();
    const Value::Object* source = patch.if_object();
    if (!target || !source) {
        return;
    }
    for (const auto& [key, value] : *source) {
        if (value.is_null()) {
            pop(*target, key);
            continue;
        }
        Value* present = config.find(key);
        if (!present) {
            target->emplace_back(key, value);
        } else if (value.if_object() && present->if_object()) {
            patch_config(*present, value);
        } else if (value.if_object() || !same_text(*present, value)) {
            *present = value;
        }
    }
}

Result<void> set_config_pair(Dict& config, std::string_view pair) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
        Error error;
        error.kind = ErrorKind::config;
        error.message = "Invalid parameter setting " + std::string(pair);
        return error;
    }
    auto value = load_python_yaml(pair.substr(equals + 1), std::string(pair.substr(0, equals)));
    if (!value) {
        return std::move(value).error();
    }
    set_path(config, path_of(strip(pair.substr(0, equals))), 0, *value);
    return {};
}

}  // namespace patroni::codec
