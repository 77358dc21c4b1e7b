#pragma once

#include "dcs/read_dialogue.hpp"
#include "dcs/write_dialogue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace patroni::testing {

/// The step as what it must be; a failure and an empty value when it is something else.
template <class T, class AnyStep>
T expect_step(const AnyStep& step) {
    if (const T* wanted = std::get_if<T>(&step)) {
        return *wanted;
    }
    const auto* refusal = std::get_if<dcs::Refusal>(&step);
    ADD_FAILURE() << "another step" << (refusal ? ": " + refusal->error.message : "");
    return T{};
}

inline std::vector<std::string> keys_of(const dcs::Snapshot& snapshot) {
    std::vector<std::string> keys;
    for (const auto& entry : snapshot.entries) {
        keys.push_back(entry.key);
    }
    return keys;
}

inline std::string value_of(const dcs::Snapshot& snapshot, std::string_view key) {
    for (const auto& entry : snapshot.entries) {
        if (entry.key == key) {
            return entry.value;
        }
    }
    ADD_FAILURE() << "no key " << key;
    return {};
}

inline std::string header_of(const protocol::Request& request, std::string_view name) {
    for (const auto& [key, value] : request.headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

}  // namespace patroni::testing
