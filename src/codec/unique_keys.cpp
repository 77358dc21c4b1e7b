#include "codec/unique_keys.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

namespace patroni::codec {
namespace {

bool has_repeated_key_small(const Value::Object& fields) {
    for (std::size_t i = 1; i < fields.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (fields[i].first == fields[j].first) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace

void make_keys_unique(Value::Object& fields) {
    constexpr std::size_t small = 16;
    if (fields.size() <= small && !has_repeated_key_small(fields)) {
        return;
    }
    std::vector<std::size_t> order(fields.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
        const int order_of_keys = fields[left].first.compare(fields[right].first);
        return order_of_keys != 0 ? order_of_keys < 0 : left < right;
    });

    std::vector<bool> dropped(fields.size(), false);
    bool any_dropped = false;
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin + 1;
        while (end < order.size() && fields[order[end]].first == fields[order[begin]].first) {
            dropped[order[end]] = true;
            any_dropped = true;
            ++end;
        }
        if (end - begin > 1) {
            fields[order[begin]].second = std::move(fields[order[end - 1]].second);
        }
        begin = end;
    }
    if (!any_dropped) {
        return;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!dropped[i]) {
            if (kept != i) {
                fields[kept] = std::move(fields[i]);
            }
            ++kept;
        }
    }
    fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(kept), fields.end());
}

}  // namespace patroni::codec
