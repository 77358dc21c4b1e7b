#include "simulator/etcd2_watch.hpp"

#include <algorithm>
#include <string_view>

namespace patroni::simulation {
namespace {

bool is_below(std::string_view key, std::string_view path) {
    return path == "/" ||
           (key.size() > path.size() && key.starts_with(path) && key[path.size()] == '/');
}

/// Whether a part of the key after the watched path begins with "_".
bool is_hidden(std::string_view path, std::string_view key) {
    const std::string_view rest = path == "/" ? key : key.substr(path.size());
    return rest.find("/_") != std::string_view::npos;
}

}  // namespace

int Etcd2Watch::told_of(const EtcdChange& change) const {
    if (change.quiet || change.index < since) {
        return 0;
    }
    const bool itself = change.key == path;
    int times = 0;
    if (itself || (recursive && is_below(change.key, path) && !is_hidden(path, change.key))) {
        ++times;
    }
    if (!change.now && (itself || std::ranges::find(change.below, path) != change.below.end())) {
        ++times;
    }
    return stream || times == 0 ? times : 1;
}

const EtcdChange* Etcd2Watch::find_in(const EtcdStore& store) const {
    for (const EtcdChange& change : store.history()) {
        if (change.quiet || change.index < since) {
            continue;
        }
        // What is hidden from a watch that waits is not from one that looks back.
        const bool above = !change.now && change.directory && path.starts_with(change.key);
        if (change.key == path || (recursive && is_below(change.key, path)) || above) {
            return &change;
        }
    }
    return nullptr;
}

std::int64_t etcd2_first_index(const EtcdStore& store) {
    // Those that a new server has written itself count too.
    return std::max(store.forgotten(), store.index() - etcd2_history) + 1;
}

}  // namespace patroni::simulation
