#include "simulator/etcd2_keys.hpp"
#include "simulator/python_json.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace patroni::simulation {
namespace {

/// What is below a directory, with names relative to it.
struct Child {
    std::string path;
    const EtcdEntry* entry;
    bool directory;
};

template <class Map>
void add_children(std::vector<Child>& children, const Map& map, const std::string& prefix,
                  bool directories) {
    auto entry = map.lower_bound(prefix);
    while (entry != map.end() && entry->first.starts_with(prefix)) {
        const std::size_t slash = entry->first.find('/', prefix.size());
        if (slash != std::string::npos) {
            // Deeper: on to what comes after all of that directory.
            std::string after = entry->first.substr(0, slash);
            after += static_cast<char>('/' + 1);
            entry = map.lower_bound(after);
            continue;
        }
        if (entry->first.size() > prefix.size() && entry->first[prefix.size()] != '_') {
            children.push_back({entry->first, &entry->second, directories});
        }
        ++entry;
    }
}

enum class Depth { itself, children, all };

/// `path` without a slash at its end; the root is the empty text.
Value directory_node(const EtcdStore& store, const std::string& path, const EtcdEntry& own,
                     Depth depth, const Etcd2Form& form, const Etcd2Moment& now) {
    Value node = Value::object();
    if (!path.empty()) {
        node.set("key", path);
    }
    node.set("dir", true);
    etcd2_add_lifetime(node, own, now);
    std::vector<Child> children;
    if (depth != Depth::itself) {
        add_children(children, store.entries(), path + "/", false);
        add_children(children, store.directories(), path + "/", true);
    }
    if (form.sorted) {
        std::ranges::sort(children, {}, &Child::path);
    }
    if (!children.empty()) {
        Value nodes = Value::array();
        for (const Child& child : children) {
            nodes.push_back(child.directory
                                ? directory_node(store, child.path, *child.entry,
                                                 depth == Depth::all ? depth : Depth::itself, form,
                                                 now)
                                : etcd2_key(child.path, *child.entry, now));
        }
        node.set("nodes", std::move(nodes));
    }
    if (!path.empty()) {
        node.set("modifiedIndex", own.modified).set("createdIndex", own.created);
    }
    return node;
}

}  // namespace

EtcdAnswer etcd2_read(const Etcd2& etcd, const Etcd2Form& form) {
    const EtcdStore& store = etcd.store;
    const Etcd2Moment now = etcd2_now(etcd);
    const std::string path = form.path == "/" ? "" : form.path;
    const auto directory = store.directories().find(path);
    Value node;
    if (const EtcdEntry* key = store.find(path)) {
        node = etcd2_key(path, *key, now);
    } else if (path.empty() || directory != store.directories().end()) {
        node = directory_node(store, path, path.empty() ? EtcdEntry{} : directory->second,
                              form.recursive ? Depth::all : Depth::children, form, now);
    } else {
        return etcd2_error(etcd2_missing(store, path));
    }
    return {.body = go_json(Value::object({{"action", "get"}, {"node", std::move(node)}})) + "\n",
            .more_headers = etcd2_headers(etcd)};
}

}  // namespace patroni::simulation
