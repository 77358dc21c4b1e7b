#include "etcd_watcher.hpp"

#include "base/base64.hpp"
#include "codec/json.hpp"

#include <chrono>

namespace patroni::test {
namespace {

using std::chrono::milliseconds;

std::string range_end(std::string prefix) {
    ++prefix.back();
    return prefix;
}

std::string text_of(const Value* value) {
    return value == nullptr || value->if_string() == nullptr ? "" : *value->if_string();
}

/// State and role of a member; of anything else the text.
std::string value_text(const std::string& value) {
    const auto document = codec::parse_json(value);
    if (!document || document->find("state") == nullptr) {
        return value;
    }
    return text_of(document->find("state")) + "," + text_of(document->find("role"));
}

}  // namespace

EtcdWatcher::EtcdWatcher(const Simulator& sim, SimulatedStore store, std::string_view prefix,
                         std::string_view more_headers, std::string_view more_fields)
    : sim_(sim), store_(store), prefix_(prefix), connection_(sim.etcd()) {
    if (store == SimulatedStore::etcd2) {
        connection_.send("GET /v2/keys" + prefix_.substr(0, prefix_.size() - 1) +
                         "?wait=true&recursive=true&stream=true HTTP/1.1\r\n" +
                         std::string(more_headers) + "\r\n");
        received_ = connection_.read_until("\r\n\r\n");
        return;
    }
    const std::string body = R"({"create_request":{"key":")" + encode_base64(prefix_) +
                             R"(","range_end":")" + encode_base64(range_end(prefix_)) + "\"" +
                             std::string(more_fields) + "}}";
    connection_.send("POST /v3/watch HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) +
                     "\r\n" + std::string(more_headers) + "\r\n" + body);
    received_ = connection_.read_until("\n\r\n");
    take_line();  // "created"
}

bool EtcdWatcher::read(milliseconds patience) {
    const std::string more = connection_.read_some(patience);
    received_ += more;
    ended_ = more.empty() && !connection_.timed_out();
    return !more.empty();
}

std::string EtcdWatcher::take_line() {
    const std::size_t head = received_.find("\r\n\r\n");
    const std::string body = without_chunks(received_.substr(head + 4));
    const std::size_t end = body.find('\n', taken_);
    if (end == std::string::npos) {
        // The last document has no end of line.
        std::string rest = body.substr(taken_);
        const bool over = received_.ends_with("\r\n0\r\n\r\n");
        taken_ = over ? body.size() : taken_;
        return over ? rest : std::string();
    }
    std::string line = body.substr(taken_, end - taken_);
    taken_ = end + 1;
    return line;
}

Value EtcdWatcher::next() {
    std::string line = take_line();
    while (line.empty() && read(std::chrono::seconds(5))) {
        line = take_line();
    }
    return line.empty() ? Value() : codec::parse_json(line).value();
}

std::vector<std::string> EtcdWatcher::told() {
    // An answer of the same server comes after all that it has sent before.
    ask(sim_.etcd(), "GET", "/version");
    while (read(milliseconds(100))) {
    }
    std::vector<std::string> all;
    for (std::string line = take_line(); !line.empty(); line = take_line()) {
        all.push_back(short_text(codec::parse_json(line).value()));
    }
    return all;
}

bool EtcdWatcher::ended() {
    while (read(milliseconds(50))) {
    }
    return ended_;
}

std::string EtcdWatcher::short_text(const Value& message) const {
    const auto name = [&](const std::string& key) {
        return key.size() < prefix_.size() ? key : key.substr(prefix_.size());
    };
    if (store_ == SimulatedStore::etcd2) {
        const Value& node = *message.find("node");
        std::string text = text_of(message.find("action")) + " " + name(text_of(node.find("key")));
        return node.find("value") == nullptr ? text
                                             : text + "=" + value_text(text_of(node.find("value")));
    }
    std::string text;
    for (const Value& event : *message.find("result")->find("events")->if_array()) {
        const Value& kv = *event.find("kv");
        text += text.empty() ? "" : " ";
        text += event.find("type") == nullptr ? "PUT " : "DELETE ";
        text += name(*decode_base64(text_of(kv.find("key"))));
        if (event.find("type") == nullptr) {
            text += "=" + value_text(*decode_base64(text_of(kv.find("value"))));
        }
    }
    return text;
}

}  // namespace patroni::test
