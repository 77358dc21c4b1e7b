#include "simulator/etcd2_keys.hpp"
#include "simulator/python_json.hpp"

#include <optional>
#include <utility>

namespace patroni::simulation {
namespace {

using Action = EtcdChange::Action;

EtcdAnswer refused(const Etcd2& etcd, int code, std::string cause) {
    return etcd2_error({.code = code, .cause = std::move(cause), .index = etcd.store.index()});
}

EtcdAnswer done(const Etcd2& etcd, const EtcdChange& change) {
    const bool created =
        change.action == Action::create || (change.action == Action::set && !change.before);
    return {.status = created ? 201 : 200,
            .body = go_json(etcd2_event(change, etcd2_now(etcd))) + "\n",
            .more_headers = etcd2_headers(etcd)};
}

EtcdEntry entry_of(const Etcd2& etcd, const Etcd2Form& form) {
    EtcdEntry entry{.value = form.value};
    if (form.ttl) {
        entry.ends = etcd.store.time() + *form.ttl;
    }
    return entry;
}

/// "[7 != 2] [99 != 6]"; nullopt: the key is as it must be.
std::optional<std::string> difference(const Etcd2Form& form, const EtcdEntry& entry) {
    std::string text;
    if (!form.previous_value.empty() && form.previous_value != entry.value) {
        text = "[" + form.previous_value + " != " + entry.value + "]";
    }
    if (form.previous_index != 0 && form.previous_index != entry.modified) {
        text += (text.empty() ? "[" : " [") + std::to_string(form.previous_index) +
                " != " + std::to_string(entry.modified) + "]";
    }
    return text.empty() ? std::nullopt : std::optional(text);
}

bool is_directory(const Etcd2& etcd, const std::string& path) {
    return etcd.store.directories().contains(path);
}

/// Every way to write a path: with conditions on what is there.
EtcdAnswer write(const Etcd2& etcd, const Etcd2Form& form, Action action) {
    EtcdStore& store = etcd.store;
    const std::string& path = form.path;
    if (path == "/") {
        return refused(etcd, 107, "/");
    }
    if (const std::string key = etcd2_key_in_the_way(store, path); !key.empty()) {
        return refused(etcd, 104, key);
    }
    const EtcdEntry* key = store.find(path);
    const bool directory = is_directory(etcd, path);
    if (action == Action::create && (key != nullptr || directory)) {
        return refused(etcd, 105, path);
    }
    const bool must_exist =
        action == Action::update || action == Action::compare_and_swap || form.refresh;
    if (must_exist && key == nullptr && !directory) {
        return etcd2_error(etcd2_missing(store, path));
    }
    EtcdEntry entry = entry_of(etcd, form);
    if (directory) {
        if (action != Action::update || !form.value.empty()) {
            return refused(etcd, 102, path);
        }
        return done(etcd, store.make_directory(path, std::move(entry), action));
    }
    if (action == Action::compare_and_swap) {
        if (const auto cause = difference(form, *key)) {
            return refused(etcd, 101, *cause);
        }
    }
    if (form.directory && !must_exist) {
        return done(etcd, store.make_directory(path, std::move(entry), action));
    }
    if (form.refresh) {
        entry.value = key->value;
    }
    return done(etcd, store.write(path, std::move(entry), action, form.refresh));
}

}  // namespace

EtcdAnswer etcd2_put(const Etcd2& etcd, const Etcd2Form& form) {
    const bool compares = form.previous_index != 0 || !form.previous_value.empty();
    if (form.previous_exists && !*form.previous_exists) {
        return write(etcd, form, Action::create);
    }
    if (compares) {
        return write(etcd, form, Action::compare_and_swap);
    }
    return write(etcd, form, form.previous_exists ? Action::update : Action::set);
}

EtcdAnswer etcd2_post(const Etcd2& etcd, const Etcd2Form& form) {
    // In order: the name is the index that it will have.
    const std::string number = std::to_string(etcd.store.index() + 1);
    Etcd2Form numbered = form;
    numbered.path =
        (form.path == "/" ? "" : form.path) + "/" + std::string(20 - number.size(), '0') + number;
    return write(etcd, numbered, Action::create);
}

EtcdAnswer etcd2_delete(const Etcd2& etcd, const Etcd2Form& form) {
    EtcdStore& store = etcd.store;
    const std::string& path = form.path;
    const bool compares = form.previous_index != 0 || !form.previous_value.empty();
    if (path == "/" && !compares) {
        return refused(etcd, 107, "/");
    }
    const EtcdEntry* key = store.find(path);
    if (key == nullptr && path != "/" && !is_directory(etcd, path)) {
        return etcd2_error(etcd2_missing(store, path));
    }
    if (key != nullptr) {
        const auto cause = difference(form, *key);
        return cause ? refused(etcd, 101, *cause)
                     : done(etcd, store.erase(path, compares ? Action::compare_and_remove
                                                             : Action::remove));
    }
    if (compares || (!form.directory && !form.recursive)) {
        return refused(etcd, 102, path);
    }
    if (!form.recursive && !store.is_empty_directory(path)) {
        return refused(etcd, 108, path);
    }
    return done(etcd, store.erase_directory(path, Action::remove));
}

}  // namespace patroni::simulation
