#include "config/layer.hpp"

#include <algorithm>

namespace patroni::config {
namespace {

using Places = Configuration::Places;

std::string child(const std::string& path, std::string_view key) {
    return path.empty() ? std::string(key) : path + "." + std::string(key);
}

/// Whether `key` names what is at `path`, or what is in it.
bool is_within(std::string_view key, std::string_view path) {
    return key.starts_with(path) &&
           (key.size() == path.size() || key[path.size()] == '.' || key[path.size()] == '[');
}

void erase_places(Places& places, std::string_view path) {
    auto it = places.lower_bound(path);
    while (it != places.end() && it->first.starts_with(path)) {
        it = is_within(it->first, path) ? places.erase(it) : std::next(it);
    }
}

void replace_places(Places& places, const Places& from, std::string_view path) {
    erase_places(places, path);
    for (auto it = from.lower_bound(path); it != from.end() && it->first.starts_with(path); ++it) {
        if (is_within(it->first, path)) {
            places.insert_or_assign(it->first, it->second);
        }
    }
}

void erase_key(Value& map, std::string_view key) {
    if (auto* fields = map.if_object()) {
        std::erase_if(*fields, [&](const auto& field) { return field.first == key; });
    }
}

bool is_container(const Value& value) {
    return value.if_object() != nullptr || value.if_array() != nullptr;
}

bool same_text(const Value& a, const Value& b) {
    if (is_container(a) || is_container(b)) {
        return a == b;
    }
    return python_text(a) == python_text(b);
}

void patch_map(Value& base, Places& places, const Value& over, const Places& over_places,
               const std::string& path) {
    const auto* fields = over.if_object();
    if (fields == nullptr) {
        return;
    }
    for (const auto& [key, value] : *fields) {
        const std::string key_path = child(path, key);
        Value* old = base.find(key);
        if (value.is_null()) {
            erase_key(base, key);
            replace_places(places, over_places, key_path);  // Whoever misses it is told where.
        } else if (old != nullptr && old->if_object() != nullptr && value.if_object() != nullptr) {
            patch_map(*old, places, value, over_places, key_path);
        } else if (old == nullptr || !same_text(*old, value)) {
            base.set(key, value);
            replace_places(places, over_places, key_path);
        }
    }
}

}  // namespace

void Layer::patch(const Layer& over) {
    patch_map(value, places, over.value, over.places, "");
}

void Layer::set(std::string_view section, std::string_view key, Value new_value,
                const Place& place) {
    const std::string path = child(std::string(section), key);
    if (section.empty()) {
        value.set(key, std::move(new_value));
    } else {
        Value* map = value.find(section);
        if (map == nullptr || map->if_object() == nullptr) {
            value.set(section, Value::object());
            map = value.find(section);
            replace_places(places, {{std::string(section), place}}, section);
        }
        map->set(key, std::move(new_value));
    }
    replace_places(places, {{path, place}}, path);
}

void Layer::remove(std::string_view key) {
    erase_key(value, key);
    erase_places(places, key);
}

std::string python_text(const Value& value) {
    if (const auto* boolean = value.if_bool()) {
        return *boolean ? "True" : "False";
    }
    if (const auto* integer = value.if_int()) {
        return std::to_string(*integer);
    }
    if (const auto* integer = value.if_uint()) {
        return std::to_string(*integer);
    }
    if (const auto* number = value.if_number()) {
        return number->text;
    }
    const auto* text = value.if_string();
    return text != nullptr ? *text : "None";
}

bool is_truthy(const Value& value) {
    if (const auto* boolean = value.if_bool()) {
        return *boolean;
    }
    if (const auto* integer = value.if_int()) {
        return *integer != 0;
    }
    if (const auto* number = value.if_number()) {
        return number->as_double() != 0;
    }
    if (const auto* text = value.if_string()) {
        return !text->empty();
    }
    if (const auto* items = value.if_array()) {
        return !items->empty();
    }
    if (const auto* fields = value.if_object()) {
        return !fields->empty();
    }
    return value.if_uint() != nullptr;
}

}  // namespace patroni::config
