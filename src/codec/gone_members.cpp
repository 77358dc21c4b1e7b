#include "codec/gone_members.hpp"

#include "base/text.hpp"
#include "codec/dcs_values.hpp"

#include <algorithm>
#include <utility>

namespace patroni::codec {

GoneMembers::GoneMembers(const std::vector<PublishedMember>& members, std::string path)
    : path_(std::move(path)) {
    for (const PublishedMember& member : members) {
        known_.insert(to_lower(member.name));
        known_slots_.insert(slot_name_from_member_name(member.name));
    }
}

void GoneMembers::add(std::string_view name, std::string_view key, std::optional<Origin> api) {
    std::string lower = to_lower(name);
    if (name.empty() || known_.contains(lower)) {
        return;
    }
    const auto [entry, added] = gone_.try_emplace(std::move(lower));
    GoneMember& member = entry->second;
    if (added) {
        member.name = name;
        member.named_by = path_ + std::string(key);
        known_slots_.insert(slot_name_from_member_name(name));
    }
    if (!member.api) {
        member.api = std::move(api);
    }
}

void GoneMembers::add_slot(std::string_view slot, std::string_view key) {
    if (!known_slots_.contains(slot)) {
        add(slot, key);
    }
}

std::vector<GoneMember> GoneMembers::take() && {
    std::vector<GoneMember> members;
    members.reserve(gone_.size());
    for (auto& [lower, member] : gone_) {
        members.push_back(std::move(member));
    }
    std::sort(members.begin(), members.end(), [](const GoneMember& left, const GoneMember& right) {
        return left.name < right.name;
    });
    return members;
}

}  // namespace patroni::codec
