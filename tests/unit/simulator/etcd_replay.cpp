#include "etcd_replay.hpp"

#include "base/base64.hpp"
#include "codec/json.hpp"
#include "support/recordings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <regex>
#include <stdexcept>

namespace patroni::test {
namespace {

constexpr std::string_view json_type = "Content-Type: application/json\r\n";
constexpr std::string_view form_type = "Content-Type: application/x-www-form-urlencoded\r\n";

Value load(const std::string& sample) {
    return codec::parse_json(testing::read_test_file("dcs-samples/" + sample + ".json")).value();
}

const Value& field(const Value& value, std::string_view name) {
    const Value* found = value.find(name);
    if (found == nullptr) {
        throw std::runtime_error("no field " + std::string(name));
    }
    return *found;
}

std::string text_of(const Value* value) {
    const std::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : *text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

bool is_own(std::string_view name) {
    // Of one server, or of one moment.
    static constexpr std::array<std::string_view, 8> names{
        "name",        "peerURLs",         "clientURLs", "raftIndex",
        "dbSizeInUse", "raftAppliedIndex", "dbSize",     "expiration"};
    return std::ranges::find(names, name) != names.end();
}

std::string request_text(const HostPort& etcd, const Value& request, const std::string& body,
                         const std::string& authorization) {
    std::string text = text_of(request.find("method")) + " " + text_of(request.find("path")) +
                       " HTTP/1.1\r\nHost: " + etcd.text() + "\r\n";
    if (const Value* headers = request.find("headers")) {
        for (const auto& [name, value] : *headers->if_object()) {
            text += name + ": " + *value.if_string() + "\r\n";
        }
    }
    if (!authorization.empty()) {
        text += "Authorization: " + authorization + "\r\n";
    }
    if (!body.empty()) {
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    return text + "\r\n" + body;
}

std::string body_of(const Value& request) {
    const Value* json = request.find("json");
    return json == nullptr ? text_of(request.find("body")) : codec::to_json(*json);
}

bool is_complete(const std::string& text) {
    const RawAnswer answer = parse_answer(text);
    if (answer.status == 0) {
        return false;
    }
    return answer.header("Transfer-Encoding") == "chunked"
               ? answer.body.find("0\r\n") != std::string::npos && answer.body.ends_with("\r\n\r\n")
               : answer.body.size() == std::stoul("0" + answer.header("Content-Length"));
}

}  // namespace

std::string EtcdReplay::to_own(std::string text) const {
    for (const auto& [recorded, own] : own_) {
        text = replaced(std::move(text), recorded, own);
    }
    return text;
}

std::string EtcdReplay::to_recorded(std::string text) const {
    for (const auto& [recorded, own] : own_) {
        text = replaced(std::move(text), own, recorded);
    }
    return text;
}

/// Without what is the server's own; nodes of etcd 2 have no order.
Value EtcdReplay::plain(const Value& value, std::string_view name) const {
    if (is_own(name)) {
        return "...";
    }
    if (const Value::Object* fields = value.if_object()) {
        Value object = Value::object();
        for (const auto& [key, each] : *fields) {
            object.set(key, plain(each, key));
        }
        return object;
    }
    if (const Value::Array* items = value.if_array()) {
        std::vector<Value> all;
        for (const Value& each : *items) {
            all.push_back(plain(each));
        }
        if (name == "nodes") {
            std::ranges::sort(all, {},
                              [](const Value& node) { return *field(node, "key").if_string(); });
        }
        Value array = Value::array();
        for (Value& each : all) {
            array.push_back(std::move(each));
        }
        return array;
    }
    return value;
}

void EtcdReplay::expect_same_headers(const Value& recorded, const RawAnswer& answer) const {
    const auto line = [](const std::string& name, const std::string& value) {
        const bool own = name == "Date" || name == "Content-Length" || name == "X-Raft-Index";
        return name + ": " + (own ? "..." : value);
    };
    std::vector<std::string> expected;
    for (const auto& [name, value] : *recorded.if_object()) {
        expected.push_back(line(name, *value.if_string()));
    }
    std::vector<std::string> found;
    for (const auto& [name, value] : answer.headers) {
        found.push_back(line(name, value));
    }
    EXPECT_EQ(found, expected);
    if (const std::string length = answer.header("Content-Length"); !length.empty()) {
        EXPECT_EQ(length, std::to_string(answer.body.size()));
    }
}

void EtcdReplay::expect_same_body(const Value& recorded, const std::string& body) const {
    const auto document = codec::parse_json(to_recorded(body));
    ASSERT_TRUE(document) << body;
    EXPECT_EQ(codec::to_json(plain(*document)), codec::to_json(plain(recorded)));
}

void EtcdReplay::expect_same(const Value& recorded, const RawAnswer& answer) const {
    EXPECT_EQ(answer.status, *field(recorded, "status").if_int());
    expect_same_headers(field(recorded, "headers"), answer);
    const bool chunked = answer.header("Transfer-Encoding") == "chunked";
    const std::string body = chunked ? without_chunks(answer.body) : answer.body;
    if (const Value* json = recorded.find("json")) {
        expect_same_body(*json, body);
    } else if (const Value* lines = recorded.find("ndjson")) {
        std::size_t at = 0;
        for (const Value& expected : *lines->if_array()) {
            const std::size_t end = std::min(body.find('\n', at), body.size());
            expect_same_body(expected, body.substr(at, end - at));
            at = std::min(end + 1, body.size());
        }
        EXPECT_EQ(body.substr(at), "");
    } else {
        EXPECT_TRUE(std::regex_match(body, std::regex("http://127\\.0\\.0\\.1:[0-9]+"))) << body;
    }
}

void EtcdReplay::replay(const std::string& sample, const std::function<void()>& during,
                        const std::string& authorization) {
    SCOPED_TRACE(sample);
    const Value document = load(sample);
    const Value& request = field(document, "request");
    const Value& recorded = field(document, "response");
    RawConnection connection{sim_.etcd()};
    const std::size_t before = sim_.etcd_traffic().requests;
    connection.send(to_own(request_text(sim_.etcd(), request, body_of(request), authorization)));
    const Value* lines = recorded.find("ndjson");
    std::string text;
    if (during) {
        while (sim_.etcd_traffic().requests == before) {
        }
        during();
    }
    const auto count = lines == nullptr ? 0 : lines->if_array()->size();
    text = connection.read_until([&](const std::string& all) {
        const std::size_t head = all.find("\r\n\r\n");
        const std::string body =
            head == std::string::npos ? "" : without_chunks(all.substr(head + 4));
        return lines == nullptr
                   ? is_complete(all)
                   : std::ranges::count(body, '\n') >= static_cast<std::ptrdiff_t>(count);
    });
    EXPECT_FALSE(connection.timed_out());
    const RawAnswer answer = parse_answer(std::move(text));
    if (sample == "etcd3-lease-grant" || sample == "etcd3-auth-authenticate") {
        const Value own = codec::parse_json(answer.body).value();
        for (const std::string_view name : {"ID", "token"}) {
            if (const Value* value = own.find(name)) {
                same(text_of(field(recorded, "json").find(name)), *value->if_string());
            }
        }
    }
    expect_same(recorded, answer);
}

void EtcdReplay::replay_exchange(const std::string& sample, const std::string& exchange) {
    SCOPED_TRACE(sample + " " + exchange);
    const Value document = load(sample);
    const Value& recorded = field(field(document, "exchanges"), exchange);
    const Value& request = field(recorded, "request");
    const std::string method = text_of(request.find("method"));
    const RawAnswer answer = ask(
        sim_.etcd(), method.empty() ? "POST" : method, *field(request, "path").if_string(),
        method == "PUT" ? form_type : json_type, method == "PUT" ? "value=1" : body_of(request));
    EXPECT_EQ(answer.status, *field(recorded, "status").if_int());
    const bool chunked = answer.header("Transfer-Encoding") == "chunked";
    const std::string body = chunked ? without_chunks(answer.body) : answer.body;
    const auto expected = codec::parse_json(*field(recorded, "body").if_string());
    if (!expected) {
        EXPECT_EQ(body, *field(recorded, "body").if_string());
        return;
    }
    const auto fields = [](Value value) {
        Value::Object& object = *value.if_object();
        std::erase_if(object, [](const Value::Field& each) {
            return each.first == "header" || each.first == "members" || each.first == "index";
        });
        if (Value* result = value.find("result")) {
            std::erase_if(*result->if_object(),
                          [](const Value::Field& each) { return each.first == "header"; });
        }
        std::ranges::sort(object, {}, &Value::Field::first);
        return codec::to_json(value);
    };
    EXPECT_EQ(fields(plain(codec::parse_json(body).value())), fields(plain(*expected)));
}

void EtcdReplay::replay_statuses(const std::string& sample, std::int64_t offset) {
    static const std::regex number(R"re((mod_revision": "|prevIndex=)([1-9][0-9]*))re");
    const auto shifted = [&](const std::string& text) {
        std::string out;
        std::size_t last = 0;
        for (std::sregex_iterator it(text.begin(), text.end(), number), end; it != end; ++it) {
            out += text.substr(last, static_cast<std::size_t>(it->position()) - last) + it->str(1) +
                   std::to_string(std::stoll(it->str(2)) - offset);
            last = static_cast<std::size_t>(it->position() + it->length());
        }
        return out + text.substr(last);
    };
    const Value document = load(sample);
    for (const Value& step : *field(document, "steps").if_array()) {
        for (const Value& request : *field(step, "requests").if_array()) {
            const std::string method = text_of(request.find("method"));
            const std::string url = shifted(text_of(request.find("url")));
            const std::string body = shifted(text_of(request.find("body")));
            SCOPED_TRACE(text_of(step.find("step")) + ": " + method + " " + url + " " + body);
            const auto type = url.starts_with("/v2") ? form_type : json_type;
            EXPECT_EQ(ask(sim_.etcd(), method, url, type, body).status,
                      *field(request, "status").if_int());
        }
    }
}

void EtcdReplay::put_up(const std::vector<std::string>& samples) {
    std::map<std::int64_t, Value> in_order;
    const std::function<void(const Value&)> collect = [&](const Value& node) {
        if (const Value* nodes = node.find("nodes")) {
            std::ranges::for_each(*nodes->if_array(), collect);
        } else {
            in_order[*field(node, "modifiedIndex").if_int()] = node;
        }
    };
    for (const std::string& sample : samples) {
        const Value document = load(sample);
        const Value& json = field(field(document, "response"), "json");
        if (const Value* kvs = json.find("kvs")) {
            for (const Value& kv : *kvs->if_array()) {
                in_order[std::stoll(*field(kv, "mod_revision").if_string())] = kv;
            }
        } else {
            collect(field(json, "node"));
        }
    }
    for (const auto& [index, entry] : in_order) {
        const std::string& key = *field(entry, "key").if_string();
        const std::string value = text_of(entry.find("value"));
        if (entry.find("mod_revision") != nullptr) {
            fill(SimulatedStore::etcd3, index - 1);
            const std::string lease = text_of(entry.find("lease"));
            put3(*decode_base64(key), *decode_base64(value), lease.empty() ? "0" : lease);
            continue;
        }
        fill(SimulatedStore::etcd2, index - 1);
        const Value* ttl = entry.find("ttl");
        keys2("PUT", key,
              (ttl == nullptr ? "" : "ttl=" + std::to_string(*ttl->if_int()) + "&") +
                  "value=" + replaced(value, "+", "%2B"));
    }
}

void EtcdReplay::fill(SimulatedStore store, std::int64_t index) {
    const bool v2 = store == SimulatedStore::etcd2;
    std::int64_t now = 0;
    if (v2) {
        now = std::stoll(keys2("GET", "/").header("X-Etcd-Index"));
    } else {
        const Value status = post3("maintenance/status", "{}");
        now = std::stoll(*field(field(status, "header"), "revision").if_string());
    }
    ASSERT_LE(now, index);
    for (; now < index; ++now) {
        sim_.put(store, v2 ? "/_fill" : "/fill", "x");
    }
}

Value EtcdReplay::put3(std::string_view key, std::string_view value, std::string_view lease) {
    return post3("kv/put", R"({"key":")" + encode_base64(key) + R"(","value":")" +
                               encode_base64(value) + R"(","lease":")" +
                               to_own(std::string(lease)) + "\"}");
}

Value EtcdReplay::post3(std::string_view call, const std::string& body) {
    const RawAnswer answer =
        ask(sim_.etcd(), "POST", "/v3/" + std::string(call), json_type, to_own(body));
    EXPECT_EQ(answer.status, 200) << call << " " << body << " " << answer.body;
    const bool chunked = answer.header("Transfer-Encoding") == "chunked";
    return codec::parse_json(chunked ? without_chunks(answer.body) : answer.body).value();
}

RawAnswer EtcdReplay::keys2(std::string_view method, std::string_view path,
                            const std::string& form) {
    RawAnswer answer = ask(sim_.etcd(), method, "/v2/keys" + std::string(path), form_type, form);
    EXPECT_LT(answer.status, 300) << method << " " << path << " " << answer.body;
    return answer;
}

}  // namespace patroni::test
