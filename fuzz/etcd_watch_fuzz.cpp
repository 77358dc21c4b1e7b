#include "check.hpp"
#include "dcs/etcd2/watch_dialogue.hpp"
#include "dcs/etcd3/watch_dialogue.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace patroni;

namespace {

constexpr std::string_view k_prefix = "/service/demo/";
constexpr std::uint64_t k_read_at = 7;

std::unique_ptr<dcs::WatchDialogue> machine(bool is_v2) {
    if (is_v2) {
        return std::make_unique<dcs::etcd2::WatchTree>("/service/demo", dcs::Credentials{});
    }
    return std::make_unique<dcs::etcd3::WatchPrefix>(std::string(k_prefix),
                                                     dcs::Credentials{"reader", Secret("s3cret")});
}

/// What was told of a stream that came in pieces of this size, and how it ended.
struct Played {
    std::vector<std::string> told;
    std::size_t ending = 0;

    friend bool operator==(const Played&, const Played&) = default;
};

void take(const dcs::WatchStep& step, bool is_v2, std::uint64_t& revision, Played& played) {
    for (const auto& event : step.events) {
        const auto* changes = std::get_if<dcs::WatchChanges>(&event);
        fuzz::check(changes != nullptr, "a stream tells changes");
        fuzz::check(!changes->changes.empty(), "a change changes something");
        fuzz::check(changes->revision > revision, "revisions go forward");
        revision = changes->revision;
        std::string text = std::to_string(revision);
        for (const auto& change : changes->changes) {
            fuzz::check(is_v2 || change.entry.key.starts_with(k_prefix), "a key is of the prefix");
            fuzz::check(change.entry.modified == revision, "it is of its revision");
            text += (change.removed ? "-" : "+") + change.entry.key + "=" + change.entry.value;
        }
        played.told.push_back(std::move(text));
    }
    played.ending = step.next.index();
    if (const auto* refusal = std::get_if<dcs::Refusal>(&step.next)) {
        fuzz::check(!refusal->error.message.empty(), "an error says what it is");
        fuzz::check(refusal->error.message.find("s3cret") == std::string::npos,
                    "an error repeats no password of ours");
    }
}

Played play(bool is_v2, std::string_view stream, std::size_t piece) {
    const auto watch = machine(is_v2);
    watch->start("etcd");
    watch->read({{}, k_read_at, {}});
    protocol::Response head;
    head.status = 200;
    head.headers.emplace_back("X-Etcd-Index", std::to_string(k_read_at));
    watch->opened(head);
    Played played;
    std::uint64_t revision = k_read_at;
    while (!stream.empty()) {
        const dcs::WatchStep step = watch->received(stream.substr(0, piece));
        stream.remove_prefix(std::min(piece, stream.size()));
        take(step, is_v2, revision, played);
        if (!std::holds_alternative<dcs::Listen>(step.next)) {
            break;
        }
    }
    if (played.ending == 0) {
        take(watch->ended(), is_v2, revision, played);
    }
    // It goes on where it was, or reads anew.
    fuzz::check(!std::holds_alternative<dcs::Refusal>(watch->start("etcd").next), "it can go on");
    return played;
}

}  // namespace

/// A stream of etcd's v3 gateway, or behind a `2` of its v2 API.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view stream = fuzz::text(data, size);
    const bool is_v2 = stream.starts_with('2');
    stream.remove_prefix(is_v2 ? 1 : 0);
    if (stream.find("s3cret") != std::string_view::npos) {
        return 0;
    }
    const Played whole = play(is_v2, stream, std::string_view::npos);
    fuzz::check(whole == play(is_v2, stream, 7), "it does not matter how it was cut");
    fuzz::check(whole == play(is_v2, stream, 1), "it does not matter how it was cut");
    return 0;
}
