#include "simulator/etcd3_calls.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace patroni::simulation {
namespace {

using View = std::map<std::string_view, const EtcdEntry*>;
using Row = std::pair<std::string_view, const EtcdEntry*>;

std::vector<Row> rows_now(const EtcdStore& store, const std::string& from, const std::string& to) {
    std::vector<Row> rows;
    const auto& entries = store.entries();
    for (auto entry = entries.lower_bound(from);
         entry != entries.end() && etcd3_in_range(entry->first, from, to); ++entry) {
        rows.emplace_back(entry->first, &entry->second);
    }
    return rows;
}

/// The keys of the range as they were at that revision, which is not forgotten.
View keys_at(const EtcdStore& store, const std::vector<Row>& now, const std::string& from,
             const std::string& to, std::int64_t revision) {
    View view(now.begin(), now.end());
    const auto& history = store.history();
    for (auto change = history.rbegin(); change != history.rend() && change->index > revision;
         ++change) {
        if (!etcd3_in_range(change->key, from, to)) {
            continue;
        }
        if (change->before) {
            view[change->key] = &*change->before;
        } else {
            view.erase(change->key);
        }
    }
    return view;
}

void sort_rows(std::vector<Row>& rows, const GatewayFields& fields) {
    std::int64_t order =
        fields.choice("sort_order", {"NONE", "ASCEND", "DESCEND"}, "RangeRequest_SortOrder");
    const std::int64_t target = fields.choice(
        "sort_target", {"KEY", "VERSION", "CREATE", "MOD", "VALUE"}, "RangeRequest_SortTarget");
    if (order == 0 && target == 0) {
        return;
    }
    const auto less = [target](const Row& left, const Row& right) {
        switch (target) {
            case 1:
                return left.second->version < right.second->version;
            case 2:
                return left.second->created < right.second->created;
            case 3:
                return left.second->modified < right.second->modified;
            case 4:
                return left.second->value < right.second->value;
            default:
                return left.first < right.first;
        }
    };
    if (order == 2) {
        std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) { return less(b, a); });
    } else {
        std::ranges::stable_sort(rows, less);
    }
}

/// Leaves what was created and changed within the bounds; 0 is none.
void filter_rows(std::vector<Row>& rows, const GatewayFields& fields) {
    const auto filter = [&](std::string_view name, std::int64_t EtcdEntry::* number, auto is_out) {
        const std::int64_t bound = fields.integer(name);
        if (bound != 0) {
            std::erase_if(rows, [&](const Row& row) { return is_out(row.second->*number, bound); });
        }
    };
    filter("max_mod_revision", &EtcdEntry::modified, std::greater<>());
    filter("min_mod_revision", &EtcdEntry::modified, std::less<>());
    filter("max_create_revision", &EtcdEntry::created, std::greater<>());
    filter("min_create_revision", &EtcdEntry::created, std::less<>());
}

}  // namespace

Etcd3Answer etcd3_range(const Etcd3& etcd, const GatewayFields& fields) {
    const std::string from = fields.bytes("key");
    const std::string to = fields.bytes("range_end");
    const std::int64_t revision = fields.integer("revision");
    const std::int64_t limit = fields.integer("limit");
    const bool count_only = fields.flag("count_only");
    const bool keys_only = fields.flag("keys_only");
    if (fields.error()) {
        return *fields.error();
    }
    if (from.empty()) {
        return GrpcError{.code = 3, .message = "etcdserver: key is not provided"};
    }
    if (revision > etcd.store.index()) {
        return GrpcError{.code = 11,
                         .message = "etcdserver: mvcc: required revision is a future revision"};
    }
    if (revision > 0 && revision < etcd.store.forgotten()) {
        return GrpcError{.code = 11,
                         .message = "etcdserver: mvcc: required revision has been compacted"};
    }
    std::vector<Row> rows = rows_now(etcd.store, from, to);
    if (revision > 0 && revision < etcd.store.index()) {
        const View view = keys_at(etcd.store, rows, from, to, revision);
        rows.assign(view.begin(), view.end());
    }
    const std::size_t count = rows.size();
    filter_rows(rows, fields);
    sort_rows(rows, fields);
    if (fields.error()) {
        return *fields.error();
    }
    bool more = false;
    if (count_only) {
        rows.clear();
    } else if (limit > 0 && rows.size() > static_cast<std::size_t>(limit)) {
        rows.resize(static_cast<std::size_t>(limit));
        more = true;
    }
    Value reply = Value::object({{"header", etcd3_header(etcd)}});
    if (!rows.empty()) {
        Value kvs = Value::array();
        for (const auto& [key, entry] : rows) {
            kvs.push_back(etcd3_key_value(std::string(key), *entry, keys_only));
        }
        reply.set("kvs", std::move(kvs));
    }
    if (more) {
        reply.set("more", true);
    }
    if (count > 0) {
        reply.set("count", std::to_string(count));
    }
    return reply;
}

}  // namespace patroni::simulation
