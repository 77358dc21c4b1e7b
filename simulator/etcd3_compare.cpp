#include "simulator/etcd3_compare.hpp"

#include "simulator/etcd3_calls.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace patroni::simulation {
namespace {

template <class T>
bool holds(std::int64_t result, const T& actual, const T& expected) {
    switch (result) {
        case 0:
            return actual == expected;
        case 1:
            return actual > expected;
        case 2:
            return actual < expected;
        case 3:
            return actual != expected;
        default:
            return true;
    }
}

}  // namespace

Etcd3Compare::Etcd3Compare(const GatewayFields& fields)
    : key_(fields.bytes("key")),
      range_end_(fields.bytes("range_end")),
      value_(fields.bytes("value")),
      result_(fields.choice("result", {"EQUAL", "GREATER", "LESS", "NOT_EQUAL"},
                            "Compare_CompareResult")),
      target_(fields.choice("target", {"VERSION", "CREATE", "MOD", "VALUE", "LEASE"},
                            "Compare_CompareTarget")) {
    static constexpr std::array<std::string_view, 5> names{"version", "create_revision",
                                                           "mod_revision", "", "lease"};
    if (target_ >= 0 && target_ < 5 && target_ != 3) {
        number_ = fields.integer(names.at(static_cast<std::size_t>(target_)));
    }
}

/// An absent key has zeros everywhere, and no value to compare with.
bool Etcd3Compare::holds_for(const EtcdEntry* entry) const {
    if (target_ < 0 || target_ > 4) {
        return holds(result_, 0, 0);  // etcd looks at nothing then
    }
    if (target_ == 3) {
        return entry != nullptr && holds(result_, entry->value, value_);
    }
    static constexpr std::array<std::int64_t EtcdEntry::*, 5> members{
        &EtcdEntry::version, &EtcdEntry::created, &EtcdEntry::modified, nullptr, &EtcdEntry::lease};
    const std::int64_t actual =
        entry == nullptr ? 0 : entry->*members.at(static_cast<std::size_t>(target_));
    return holds(result_, actual, number_);
}

bool Etcd3Compare::holds_in(const EtcdStore& store) const {
    if (range_end_.empty()) {
        return holds_for(store.find(key_));
    }
    bool any = false;
    bool all = true;
    const auto& entries = store.entries();
    for (auto entry = entries.lower_bound(key_);
         entry != entries.end() && etcd3_in_range(entry->first, key_, range_end_); ++entry) {
        any = true;
        all = all && holds_for(&entry->second);
    }
    return any ? all : holds_for(nullptr);
}

}  // namespace patroni::simulation
