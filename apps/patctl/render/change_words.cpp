#include "patctl/render/change_words.hpp"

#include "codec/json.hpp"
#include "patctl/render/words.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace patctl::render {
namespace {

using patroni::KeyChange;
using patroni::StoreEvent;
using patroni::Value;

constexpr std::size_t k_max_value = 60;

/// A value, escaped and short.
std::string brief(const std::string& text) {
    const std::string shown = safe(text.substr(0, k_max_value));
    return text.size() > k_max_value ? shown + "..." : shown;
}

std::string word(const Value* value) {
    if (value == nullptr || value->is_null()) {
        return "none";
    }
    return brief(value->if_string() != nullptr ? *value->if_string()
                                               : patroni::codec::to_json(*value));
}

/// Positions change all the time, and say nothing to people who look at events.
bool is_position(const std::string& field) {
    constexpr std::array<std::string_view, 3> k_fields = {"xlog_location", "receive_lsn",
                                                          "replay_lsn"};
    return std::find(k_fields.begin(), k_fields.end(), field) != k_fields.end();
}

/// "role replica -> primary, timeline 3 -> 4".
std::string field_changes(const Value& before, const Value& now) {
    std::vector<std::string> fields;
    for (const Value* side : {&now, &before}) {
        for (const auto& [field, value] : *side->if_object()) {
            if (std::find(fields.begin(), fields.end(), field) == fields.end()) {
                fields.push_back(field);
            }
        }
    }
    std::string text;
    for (const std::string& field : fields) {
        const Value* old = before.find(field);
        const Value* fresh = now.find(field);
        const bool same = old != nullptr && fresh != nullptr && *old == *fresh;
        if (!same && !is_position(field)) {
            text +=
                (text.empty() ? "" : ", ") + safe(field) + " " + word(old) + " -> " + word(fresh);
        }
    }
    return text.empty() ? "position" : text;
}

std::string change_of(const std::string& name, const KeyChange& change) {
    if (!change.now) {
        return name + " removed";
    }
    const auto now = patroni::codec::parse_json(change.now->value);
    const bool is_object = now && now->if_object() != nullptr;
    if (!change.before) {
        return name + " set to " + brief(change.now->value);
    }
    if (change.before->value == change.now->value) {
        return name + " written again";
    }
    const auto before = patroni::codec::parse_json(change.before->value);
    if (is_object && before && before->if_object() != nullptr) {
        return name + ": " + field_changes(*before, *now);
    }
    return name + " " + brief(change.before->value) + " -> " + brief(change.now->value);
}

std::string leader_change(const KeyChange& change) {
    const std::string before = change.before ? brief(change.before->value) : "none";
    const std::string now = change.now ? brief(change.now->value) : "none";
    return before == now ? "leader " + now + " holds the lock again"
                         : "leader " + before + " -> " + now;
}

std::string whole(const patroni::Cluster& cluster) {
    return "leader " + (cluster.leader ? safe(*cluster.leader) : std::string("none")) + ", " +
           std::to_string(cluster.members.size()) +
           (cluster.members.size() == 1 ? " member" : " members") +
           (cluster.paused.value_or(false) ? ", paused" : "");
}

}  // namespace

std::string change_words(const StoreEvent& event) {
    if (event.kind == StoreEvent::Kind::cluster && event.cluster == nullptr) {
        return "the cluster is gone";
    }
    const bool all_new =
        std::all_of(event.changes.begin(), event.changes.end(),
                    [](const KeyChange& change) { return !change.before && change.now; });
    // The first picture of a cluster, not a key that was added.
    if (event.cluster && all_new && event.changes.size() == event.cluster->keys.size()) {
        return whole(*event.cluster);
    }
    std::string text;
    for (const KeyChange& change : event.changes) {
        std::string_view name = change.key;
        if (event.cluster && name.starts_with(event.cluster->path)) {
            name.remove_prefix(event.cluster->path.size());
        }
        text += text.empty() ? "" : "; ";
        if (event.cluster && name == "leader") {
            text += leader_change(change);
        } else if (event.cluster && name.starts_with("members/")) {
            text += change_of("member " + safe(name.substr(8)), change);
        } else {
            text += change_of(safe(name), change);
        }
    }
    return text;
}

}  // namespace patctl::render
