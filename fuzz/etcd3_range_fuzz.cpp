#include "base/base64.hpp"
#include "check.hpp"
#include "codec/json.hpp"
#include "dcs/etcd3/read_dialogue.hpp"
#include "parts.hpp"

#include <charconv>

using namespace patroni;

namespace {

/// One answer: its body, or `404:BODY`.
protocol::Response response_of(std::string_view part) {
    protocol::Response response;
    response.status = 200;
    if (part.size() > 4 && part[3] == ':') {
        int status = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + 3, status);
        if (error == std::errc() && end == part.data() + 3 && status >= 200) {
            response.status = status;
            part.remove_prefix(4);
        }
    }
    response.body = std::string(part);
    return response;
}

struct Ending {
    std::optional<dcs::Snapshot> snapshot;
    std::optional<Error> error;
};

std::string first_key(const protocol::Request& request) {
    const auto body = codec::parse_json(request.body);
    fuzz::check(body && body->if_object(), "a request is a JSON object");
    const Value* key = body->find("key");
    return key ? decode_base64(*key->if_string()).value() : std::string();
}

/// Plays the answers in turn. Neither a snapshot nor an error: they were not enough.
Ending play(dcs::etcd3::ReadPrefix& reading, const std::vector<std::string_view>& answers) {
    protocol::Request request = reading.start();
    std::string key;
    for (const std::string_view answer : answers) {
        fuzz::check(request.method == "POST" && request.target.starts_with("/v3"),
                    "a request is one of the gateway");
        dcs::Step step = reading.resume(response_of(answer));
        if (auto* snapshot = std::get_if<dcs::Snapshot>(&step)) {
            return {std::move(*snapshot), std::nullopt};
        }
        if (auto* refusal = std::get_if<dcs::Refusal>(&step)) {
            return {std::nullopt, std::move(refusal->error)};
        }
        request = std::get<protocol::Request>(std::move(step));
        if (request.target.ends_with("/range")) {
            std::string next = first_key(request);
            const bool begins_anew = next == "/service/demo/";  // The revision was compacted.
            fuzz::check(begins_anew || next >= key, "pages go forward");
            fuzz::check(next.starts_with("/service/demo/"), "a page is one of the prefix");
            key = std::move(next);
        }
    }
    return {};
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text = fuzz::text(data, size);
    dcs::Credentials credentials;
    if (text.starts_with('@')) {
        text.remove_prefix(1);
        credentials = {"reader", Secret("s3cret")};
    }
    const auto answers = fuzz::parts(text);
    dcs::etcd3::ReadPrefix reading("/service/demo/", credentials);
    const Ending ending = play(reading, answers);
    if (ending.snapshot) {
        const auto& entries = ending.snapshot->entries;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            fuzz::check(entries[i].key.starts_with("/service/demo/"), "a key is one of the prefix");
            fuzz::check(i == 0 || entries[i - 1].key < entries[i].key, "keys are sorted");
        }
    }
    if (ending.error) {
        fuzz::check(ending.error->delivery == Delivery::answered, "the store has answered");
        fuzz::check(!ending.error->message.empty(), "an error says what it is");
        fuzz::check(to_line(*ending.error).find("s3cret") == std::string::npos ||
                        text.find("s3cret") != std::string_view::npos,
                    "an error repeats no password");
    }
    // At another endpoint the same dialogue starts over.
    const Ending again = play(reading, answers);
    fuzz::check(again.snapshot.has_value() == ending.snapshot.has_value() &&
                    again.error.has_value() == ending.error.has_value(),
                "a dialogue that starts over ends the same");
    if (again.snapshot) {
        fuzz::check(again.snapshot->entries.size() == ending.snapshot->entries.size(),
                    "a dialogue that starts over reads the same");
    }
    return 0;
}
