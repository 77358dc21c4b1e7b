// PATCH and PUT /config, and the calls that Patroni's members make to each other.
#include "simulator/rest_call.hpp"
#include "simulator/transitions.hpp"

#include <algorithm>

namespace patroni::simulation {
namespace {

bool remove_field(Value& object, std::string_view key) {
    const Value* found = object.find(key);
    if (found == nullptr) {
        return false;
    }
    const bool had_value = !found->is_null();
    std::erase_if(*object.if_object(),
                  [&](const Value::Field& field) { return field.first == key; });
    return had_value;
}

/// `patch_config`: whether something changed.
bool patch(Value& config, const Value& changes) {
    bool changed = false;
    for (const auto& [name, value] : *changes.if_object()) {
        Value* present = config.find(name);
        if (value.is_null()) {
            changed = remove_field(config, name) || changed;
        } else if (present == nullptr) {
            config.set(name, value);
            changed = true;
        } else if (value.if_object() != nullptr && present->if_object() != nullptr) {
            changed = patch(*present, value) || changed;
        } else if (value.if_object() != nullptr || python_text(*present) != python_text(value)) {
            *present = value;
            changed = true;
        }
    }
    return changed;
}

/// `deep_compare`
bool same(const Value& left, const Value& right) {
    const Value::Object* fields = left.if_object();
    const Value::Object* others = right.if_object();
    if (fields == nullptr || others == nullptr) {
        return fields == nullptr && others == nullptr && python_text(left) == python_text(right);
    }
    return fields->size() == others->size() &&
           std::ranges::all_of(*fields, [&](const Value::Field& field) {
               const Value* other = right.find(field.first);
               return other != nullptr && same(field.second, *other);
           });
}

void write_config(const RestCall& call, Value config) {
    set_config(call.cluster(), std::move(config));
    call.ha.changed(call.member);
}

}  // namespace

void patch_config(const RestCall& call) {
    const auto request = read_object(call);
    if (!request || call.fails_without_store()) {
        return;
    }
    if (!call.cluster().has_config) {
        if (call.has(Feature::patch_without_config)) {
            call.error(503);
        } else {
            call.nothing();
        }
        return;
    }
    Value config = call.cluster().config;
    if (patch(config, *request)) {
        if (call.cluster().loses_race()) {
            call.error(409);
            return;
        }
        write_config(call, config);
    }
    call.responder.reply(call.replies.json(200, config));
    call.ha.wake(call.member);
}

void put_config(const RestCall& call) {
    const auto request = read_object(call);
    if (!request || call.fails_without_store()) {
        return;
    }
    if (!call.cluster().has_config || !same(*request, call.cluster().config)) {
        write_config(call, *request);
    }
    call.responder.reply(call.replies.json(200, *request));
}

void post_failsafe(const RestCall& call) {
    ClusterState& cluster = call.cluster();
    if (!config_flag(cluster, "failsafe_mode")) {
        call.error(502);
        return;
    }
    const auto request = read_object(call);
    if (!request) {
        return;
    }
    MemberState& member = call.member;
    if (member.running() && member.primary) {
        call.text(500, "Running as a leader");
        return;
    }
    for (const char* key : {"name", "conn_url", "api_url"}) {
        if (request->find(key) == nullptr) {
            call.nothing();
            return;
        }
    }
    member.failsafe_until = cluster.time + cluster.ttl;
    const std::uint64_t position = std::max(member.location, member.replayed);
    const std::string header = call.has(Feature::failsafe_position)
                                   ? "lsn: " + std::to_string(position) + "\r\n"
                                   : std::string();
    call.responder.reply(call.replies.text(200, "Accepted", header));
}

void post_mpp(const RestCall& call) {
    if (read_object(call)) {
        call.text(200, "OK");  // there is no Citus
    }
}

}  // namespace patroni::simulation
