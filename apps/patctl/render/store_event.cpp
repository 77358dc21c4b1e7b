#include "patctl/render/store_event.hpp"

#include "codec/json.hpp"
#include "codec/yaml.hpp"
#include "patctl/render/change_words.hpp"
#include "patctl/render/words.hpp"

#include <algorithm>

namespace patctl::render {
namespace {

using patroni::KeyChange;
using patroni::StoreEvent;
using patroni::Value;

Value text_or_null(const std::optional<std::string>& text) {
    return text ? Value(*text) : Value();
}

template <class T>
Value number_or_null(const std::optional<T>& number) {
    return number ? Value(*number) : Value();
}

Value state_of(const std::optional<patroni::StoredKey>& key) {
    if (!key) {
        return {};
    }
    return Value::object({{"value", key->value}, {"revision", key->revision}});
}

Value changes_of(const StoreEvent& event) {
    Value list = Value::array();
    for (const KeyChange& change : event.changes) {
        list.push_back(Value::object({{"key", change.key},
                                      {"before", state_of(change.before)},
                                      {"now", state_of(change.now)}}));
    }
    return list;
}

Value members_of(const patroni::Cluster& cluster) {
    Value list = Value::array();
    for (const auto& member : cluster.members) {
        list.push_back(Value::object({{"name", member.name},
                                      {"role", std::string(to_string(member.role))},
                                      {"state", member.state},
                                      {"timeline", number_or_null(member.timeline)},
                                      {"lag_bytes", number_or_null(member.lag)}}));
    }
    return list;
}

Value cluster_of(const patroni::Cluster& cluster) {
    return Value::object({{"leader", text_or_null(cluster.leader)},
                          {"paused", number_or_null(cluster.paused)},
                          {"members", members_of(cluster)}});
}

std::string scope_text(const StoreEvent& event) {
    return event.group ? event.scope + "/" + std::to_string(*event.group) : event.scope;
}

std::string revision_text(const StoreEvent& event) {
    return event.revision == 0 ? std::string() : std::to_string(event.revision);
}

std::string dump_document(const std::string& prefix, const std::string& store,
                          const std::map<std::string, patroni::StoredKey>& keys, Format format) {
    Value list = Value::array();
    for (const auto& [key, stored] : keys) {
        auto decoded = patroni::codec::parse_json(stored.value);
        list.push_back(Value::object({{"key", key},
                                      {"revision", stored.revision},
                                      {"value", stored.value},
                                      {"decoded", decoded ? *std::move(decoded) : Value()}}));
    }
    const Value document = Value::object({{"format", "patroni.dcs-dump/1"},
                                          {"store", store},
                                          {"prefix", prefix},
                                          {"keys", std::move(list)}});
    return format == Format::yaml ? patroni::codec::to_yaml(document)
                                  : patroni::codec::to_pretty_json(document) + "\n";
}

std::string dump_pretty(const std::map<std::string, patroni::StoredKey>& keys) {
    std::string text;
    for (const auto& [key, stored] : keys) {
        text += safe(key) + "  (revision " + std::to_string(stored.revision) + ")\n";
        const auto decoded = patroni::codec::parse_json(stored.value);
        const bool is_document =
            decoded && (decoded->if_object() != nullptr || decoded->if_array() != nullptr);
        const std::string shown =
            is_document ? patroni::codec::to_pretty_json(*decoded) : stored.value;
        for (std::size_t start = 0; start <= shown.size();) {
            const auto end =
                is_document ? std::min(shown.find('\n', start), shown.size()) : shown.size();
            text += "    " + safe(shown.substr(start, end - start)) + "\n";
            start = end + 1;
        }
    }
    return text;
}

}  // namespace

Value event_document(const StoreEvent& event, patroni::WallTime at) {
    Value error;
    if (event.error) {
        error = Value::object({{"kind", std::string(to_string(event.error->kind))},
                               {"message", to_line(*event.error)}});
    }
    return Value::object({{"format", "patroni.watch/1"},
                          {"at", patroni::to_iso(at)},
                          {"event", std::string(to_string(event.kind))},
                          {"revision", event.revision == 0 ? Value() : Value(event.revision)},
                          {"scope", event.scope.empty() ? Value() : Value(event.scope)},
                          {"group", number_or_null(event.group)},
                          {"cluster", event.cluster ? cluster_of(*event.cluster) : Value()},
                          {"changes", changes_of(event)},
                          {"endpoint", event.endpoint.empty() ? Value() : Value(event.endpoint)},
                          {"error", std::move(error)}});
}

std::string event_words(const StoreEvent& event) {
    switch (event.kind) {
        case StoreEvent::Kind::connected:
            return "connected to " + event.endpoint;
        case StoreEvent::Kind::lost:
            return "lost " + (event.error ? to_line(*event.error) : event.endpoint);
        case StoreEvent::Kind::gap:
            return "changes may be missing here: the store could not tell them";
        case StoreEvent::Kind::current:
            return "up to date";
        case StoreEvent::Kind::ended:
            return "ended: " + (event.error ? to_line(*event.error) : std::string());
        case StoreEvent::Kind::cluster:
        case StoreEvent::Kind::keys:
            break;
    }
    return change_words(event);
}

std::string event_columns() {
    return tsv_line({"at", "event", "scope", "revision", "what"});
}

std::string event_line(const StoreEvent& event, patroni::WallTime at, Format format) {
    if (format == Format::json || format == Format::yaml) {
        return patroni::codec::to_json(event_document(event, at)) + "\n";
    }
    const std::string time = patroni::to_iso(at);
    if (format == Format::tsv) {
        return tsv_line({time, std::string(to_string(event.kind)), scope_text(event),
                         revision_text(event), event_words(event)});
    }
    const std::string scope = scope_text(event);
    constexpr std::size_t k_clock = 11;  // Behind "2026-11-23T".
    return time.substr(k_clock) + "  " + (scope.empty() ? "" : safe(scope) + ": ") +
           event_words(event) + "\n";
}

std::string dump_text(const std::string& prefix, const std::string& store,
                      const std::map<std::string, patroni::StoredKey>& keys, Format format) {
    if (format == Format::tsv) {
        std::string text = tsv_line({"key", "revision", "value"});
        for (const auto& [key, stored] : keys) {
            text += tsv_line({key, std::to_string(stored.revision), stored.value});
        }
        return text;
    }
    if (format == Format::pretty) {
        return dump_pretty(keys);
    }
    return dump_document(prefix, store, keys, format);
}

}  // namespace patctl::render
