#include "base/base64.hpp"
#include "codec/json.hpp"
#include "simulator/etcd_api.hpp"
#include "simulator/python_json.hpp"

#include <charconv>
#include <string>

namespace patroni::simulation {
namespace {

EtcdAnswer refused(int status, const std::string& message, int code) {
    EtcdAnswer answer;
    answer.status = status;
    answer.body =
        go_json(Value::object({{"error", message}, {"message", message}, {"code", code}}));
    return answer;
}

/// int64 comes as a number or as text.
std::int64_t integer(const Value& request, std::string_view field) {
    const Value* value = request.find(field);
    if (value == nullptr) {
        return 0;
    }
    if (const std::int64_t* number = value->if_int()) {
        return *number;
    }
    std::int64_t result = 0;
    if (const std::string* text = value->if_string()) {
        std::from_chars(text->data(), text->data() + text->size(), result);
    }
    return result;
}

bool flag(const Value& request, std::string_view field) {
    const Value* value = request.find(field);
    return value != nullptr && *value == Value(true);
}

/// The decoded bytes; empty when the field is absent, nullopt when it is no base64.
std::optional<std::string> bytes(const Value& request, std::string_view field) {
    const Value* value = request.find(field);
    const std::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : decode_base64(*text);
}

/// "\0" as the end means: from the key on; no end means: this key.
bool in_range(const std::string& key, const std::string& from, const std::string& to) {
    if (to.empty()) {
        return key == from;
    }
    const bool open = to.size() == 1 && to.front() == '\0';
    return key >= from && (open || key < to);
}

/// Integers are text, and what has its default value is left out.
Value key_value(const std::string& key, const EtcdEntry& entry, bool keys_only) {
    Value kv = Value::object({{"key", encode_base64(key)},
                              {"create_revision", std::to_string(entry.created)},
                              {"mod_revision", std::to_string(entry.modified)},
                              {"version", std::to_string(entry.version)}});
    if (!keys_only && !entry.value.empty()) {
        kv.set("value", encode_base64(entry.value));
    }
    if (entry.lease != 0) {
        kv.set("lease", std::to_string(entry.lease));
    }
    return kv;
}

}  // namespace

EtcdAnswer etcd3_range(const EtcdStore& store, std::string_view body) {
    const Result<Value> request = codec::parse_json(body);
    if (!request || request->if_object() == nullptr) {
        return refused(400, "invalid character in the request", 3);
    }
    const auto from = bytes(*request, "key");
    const auto to = bytes(*request, "range_end");
    if (!from || !to) {
        return refused(400, "illegal base64 data at input byte 0", 3);
    }
    if (from->empty()) {
        return refused(400, "etcdserver: key is not provided", 3);
    }
    if (integer(*request, "revision") > store.index()) {
        return refused(400, "etcdserver: mvcc: required revision is a future revision", 11);
    }
    const std::int64_t limit = integer(*request, "limit");
    const bool count_only = flag(*request, "count_only");
    Value kvs = Value::array();
    std::int64_t count = 0;
    bool more = false;
    for (const auto& [key, entry] : store.entries()) {
        if (!in_range(key, *from, *to)) {
            continue;
        }
        ++count;
        if (limit > 0 && count > limit) {
            more = !count_only;
        } else if (!count_only) {
            kvs.push_back(key_value(key, entry, flag(*request, "keys_only")));
        }
    }
    Value reply =
        Value::object({{"header", Value::object({{"cluster_id", "13455796455940752355"},
                                                 {"member_id", "443629905751424238"},
                                                 {"revision", std::to_string(store.index())},
                                                 {"raft_term", "2"}})}});
    if (!kvs.if_array()->empty()) {
        reply.set("kvs", std::move(kvs));
    }
    if (more) {
        reply.set("more", true);
    }
    if (count > 0) {
        reply.set("count", std::to_string(count));
    }
    EtcdAnswer answer;
    answer.body = go_json(reply);
    answer.more_headers = "Grpc-Metadata-Content-Type: application/grpc\r\n";
    return answer;
}

}  // namespace patroni::simulation
