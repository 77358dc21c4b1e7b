#include "dcs/etcd2/watch_dialogue.hpp"

#include "codec/fields.hpp"
#include "codec/json.hpp"
#include "dcs/etcd2/api_error.hpp"
#include "dcs/etcd2/read_dialogue.hpp"

#include <utility>

namespace patroni::dcs::etcd2 {
namespace {

constexpr std::int64_t k_watcher_cleared = 400;
constexpr std::int64_t k_index_cleared = 401;

bool is_removal(std::string_view action) {
    return action == "delete" || action == "expire" || action == "compareAndDelete";
}

/// The head of the directory alone, with a quorum.
class Probe final : public ReadDialogue {
public:
    Probe(std::string path, Credentials credentials)
        : path_(std::move(path)), credentials_(std::move(credentials)) {}

    protocol::Request start() override {
        return key_request("GET", path_, "?quorum=true", credentials_);
    }
    Step resume(const protocol::Response& response) override {
        if (response.status == 200 || error_code(response) == k_key_not_found) {
            return nothing_at(response);
        }
        return explain(response, path_);
    }

private:
    std::string path_;
    Credentials credentials_;
};

}  // namespace

WatchTree::WatchTree(std::string path, Credentials credentials,
                     std::shared_ptr<StoreIdentity> identity)
    : LineWatch(std::move(identity)),
      path_(std::move(path)),
      credentials_(std::move(credentials)) {}

std::unique_ptr<ReadDialogue> WatchTree::reader() const {
    return std::make_unique<ReadTree>(path_, credentials_, Missing::empty);
}

std::unique_ptr<ReadDialogue> WatchTree::make_probe() const {
    return std::make_unique<Probe>(path_, credentials_);
}

WatchStep WatchTree::request_stream() {
    WatchStep step;
    step.next = Open{key_request(
        "GET", path_,
        "?wait=true&recursive=true&stream=true&waitIndex=" + std::to_string(cursor() + 1),
        credentials_)};
    return step;
}

WatchStep WatchTree::answered(const protocol::Response& response) {
    const auto code = error_code(response);
    if (code == k_index_cleared || code == k_watcher_cleared) {
        return read_anew();
    }
    WatchStep step;
    step.next = explain(response, path_);
    return step;
}

WatchStep WatchTree::opened(const protocol::Response& head) {
    WatchStep step = meet(std::string(head.header("X-Etcd-Cluster-Id").value_or("")));
    if (!std::holds_alternative<Listen>(step.next)) {
        return step;
    }
    opened_at_ = index_of(head);
    step.served = true;
    step.probe_now = opened_at_ < cursor();  // It lags, or the store was restored.
    return step;
}

void WatchTree::take_line(std::string_view line, WatchStep& step) {
    const auto document = codec::parse_json(line);
    if (!document) {
        step.next = broken_stream(document.error().message);
        return;
    }
    if (codec::int_field(*document, "errorCode")) {
        protocol::Response answer;
        answer.status = 500;
        answer.body = line;
        step.next = answered(answer).next;
        return;
    }
    const std::uint64_t before = cursor();
    if (!take_event(*document, step)) {
        step.next = broken_stream("an event without a key or index");
        return;
    }
    if (cursor() != before && cursor() <= opened_at_) {
        // It was in the history when the stream was opened: etcd gives one such event and then
        // stays silent, though the stream is open. The next one is asked for anew.
        step.next = open().next;
    }
}

bool WatchTree::take_event(const Value& document, WatchStep& step) {
    const Value* node = document.find("node");
    const std::string* key = node != nullptr ? codec::find_text(*node, "key") : nullptr;
    const std::uint64_t index = node != nullptr ? modified_of(*node) : 0;
    if (key == nullptr || index == 0) {
        return false;
    }
    if (index <= cursor()) {
        return true;  // Of a folder that is removed, its watchers are told twice.
    }
    advance(index);
    const bool is_directory = codec::flag_field(*node, "dir");
    Change change;
    change.removed = is_removal(codec::text_field(document, "action"));
    change.entry.key = *key + (is_directory ? "/" : "");
    change.entry.modified = index;
    if (is_directory && !change.removed) {
        return true;  // It has no value, and what is in it tells itself.
    }
    if (!change.removed) {
        change.entry.value = codec::text_field(*node, "value");
    }
    step.events.push_back(WatchChanges{{std::move(change)}, index});
    return true;
}

}  // namespace patroni::dcs::etcd2
