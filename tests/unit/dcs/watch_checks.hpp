#pragma once

#include "dcs/watch_dialogue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace patroni::testing {

/// What a step tells, one text for each event: "snapshot@7 gap a=1 b=2", "changes@8 a=2 -b".
inline std::vector<std::string> told(const dcs::WatchStep& step) {
    std::vector<std::string> texts;
    for (const auto& event : step.events) {
        std::string text;
        if (const auto* snapshot = std::get_if<dcs::WatchSnapshot>(&event)) {
            text = "snapshot@" + std::to_string(snapshot->now.revision) +
                   (snapshot->gap ? " gap" : "");
            for (const auto& entry : snapshot->now.entries) {
                text += " " + entry.key + "=" + entry.value;
            }
        } else if (const auto* changes = std::get_if<dcs::WatchChanges>(&event)) {
            text = "changes@" + std::to_string(changes->revision);
            for (const auto& change : changes->changes) {
                text += change.removed ? " -" + change.entry.key
                                       : " " + change.entry.key + "=" + change.entry.value;
            }
        } else {
            ADD_FAILURE() << "an event of the runner";
        }
        texts.push_back(std::move(text));
    }
    return texts;
}

/// The word of what the step wants next: listen, read, ask, open, refuse.
inline std::string wants(const dcs::WatchStep& step) {
    constexpr const char* k_words[] = {"listen", "read", "ask", "open", "refuse"};
    return k_words[step.next.index()];
}

/// The message of a refusal.
inline std::string why(const dcs::WatchStep& step) {
    const auto* refusal = std::get_if<dcs::Refusal>(&step.next);
    return refusal != nullptr ? refusal->error.message : "no refusal but " + wants(step);
}

}  // namespace patroni::testing
