#include "codec/dcs_values.hpp"
#include "codec/json.hpp"
#include "operations/plan.hpp"

#include <algorithm>

namespace patroni::operations {
namespace {

/// As Patroni: the tag `nofailover` decides where it is set, else a priority that is not positive.
bool may_lead(const PublishedMember& member) {
    if (const Value* tag = member.tags.find("nofailover"); tag && !tag->is_null()) {
        return !codec::is_truthy(tag);
    }
    const Value* priority = member.tags.find("failover_priority");
    const std::int64_t* number = priority ? priority->if_int() : nullptr;
    return number == nullptr || *number > 0;
}

}  // namespace

std::vector<const PublishedMember*> candidates(const Cluster& seen) {
    std::vector<const PublishedMember*> found;
    for (const PublishedMember& member : seen.members) {
        if (member.name != seen.leader && may_lead(member)) {
            found.push_back(&member);
        }
    }
    std::ranges::sort(found, {}, &PublishedMember::name);
    return found;
}

std::vector<const PublishedMember*> leader_first(const Cluster& seen) {
    std::vector<const PublishedMember*> found;
    for (const PublishedMember& member : seen.members) {
        if (!member.api) {
            continue;
        }
        if (member.name == seen.leader) {
            found.insert(found.begin(), &member);
        } else {
            found.push_back(&member);
        }
    }
    return found;
}

Value published_field(const Cluster& seen, std::string_view member, std::string_view field) {
    const auto key = seen.keys.find("members/" + std::string(member));
    if (key == seen.keys.end()) {
        return {};
    }
    const auto document = codec::parse_json(key->second.value);
    const Value* value = document ? document->find(field) : nullptr;
    return value ? *value : Value();
}

}  // namespace patroni::operations
