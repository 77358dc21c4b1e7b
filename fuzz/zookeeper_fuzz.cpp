#include "check.hpp"
#include "dcs/zookeeper/jute.hpp"
#include "dcs/zookeeper/session_machine.hpp"
#include "dcs/zookeeper/tree_reader.hpp"

#include <algorithm>
#include <array>

using namespace patroni;
using namespace patroni::dcs::zookeeper;

namespace {

const std::string k_prefix = "/service/demo/";

struct Ending {
    bool is_finished = false;
    bool is_refused = false;
    dcs::Snapshot snapshot;
    std::size_t events = 0;
};

/// Up to the end of the first frame, as its length says.
std::size_t first_frame(std::string_view stream) {
    const std::int32_t length = JuteReader(stream).read_int();
    const auto size = length < 0 ? 0 : static_cast<std::size_t>(length);
    return stream.size() < 4 ? stream.size() : std::min(stream.size(), size + 4);
}

/// What a server says on one connection, frame by frame or byte by byte, to a client that reads a
/// cluster.
Ending play(std::string_view stream, bool one_by_one, bool in_bytes) {
    SessionSetup setup;
    setup.endpoints = {"zk:2181"};
    setup.logins = {{"digest", Secret("u:s3cret")}};
    setup.one_by_one = one_by_one;
    SessionMachine machine(std::move(setup));
    const Time now{std::chrono::seconds(1000)};
    const auto reader = std::make_shared<TreeReader>(k_prefix, TreeReader::Watch::yes);
    machine.run(reader, now + std::chrono::seconds(10), now);
    machine.opened(now);
    Ending ending;
    bool is_open = true;
    while (!stream.empty() && is_open) {
        const std::size_t piece = in_bytes ? 1 : first_frame(stream);
        machine.received(stream.substr(0, piece), now);
        stream.remove_prefix(piece);
        is_open = !machine.take_orders().close;
    }
    if (is_open) {
        Error error;
        error.kind = ErrorKind::reset;
        machine.ended(std::move(error), now);
    }
    for (auto& notice : machine.take_notices()) {
        ending.events += std::holds_alternative<NodeEvent>(notice) ? 1 : 0;
        if (const auto* finished = std::get_if<SessionMachine::Finished>(&notice)) {
            ending.is_finished = finished->result.has_value();
            fuzz::check(ending.is_finished ||
                            to_line(finished->result.error()).find("s3cret") == std::string::npos,
                        "an error repeats no password");
        }
    }
    if (ending.is_finished) {
        ending.is_refused = reader->refusal().has_value();
        ending.snapshot = reader->snapshot();
    }
    return ending;
}

void check_session(std::string_view stream, bool one_by_one) {
    const Ending whole = play(stream, one_by_one, false);
    const Ending bytes = play(stream, one_by_one, true);
    fuzz::check(whole.is_finished == bytes.is_finished && whole.is_refused == bytes.is_refused,
                "it does not matter how the network cuts a stream");
    const auto& entries = whole.snapshot.entries;
    fuzz::check(entries.size() == bytes.snapshot.entries.size(), "the keys are the same");
    for (std::size_t i = 0; i < entries.size(); ++i) {
        fuzz::check(entries[i].key.starts_with(k_prefix), "a key is one of the prefix");
        fuzz::check(i == 0 || entries[i - 1].key < entries[i].key, "keys are sorted");
        fuzz::check(entries[i].key.find("//") == std::string::npos, "each part has a name");
    }
}

/// One answer, with its header, to each kind of request.
void check_answers(std::string_view frame) {
    std::string_view body = frame;
    const auto header = take_header(body);
    if (!header) {
        return;
    }
    constexpr std::array k_ops = {Op::create,   Op::remove,    Op::exists,
                                  Op::get_data, Op::set_data,  Op::get_children,
                                  Op::sync,     Op::add_watch, Op::get_children2};
    for (const Op op : k_ops) {
        const auto reply = decode_reply({.op = op, .path = "/x"}, *header, body);
        fuzz::check(!reply || reply->error == header->error, "an answer keeps its error");
    }
    for (const Op op : {Op::multi, Op::multi_read}) {
        Request request{.op = op};
        for (const Op part : k_ops) {
            request.parts.push_back({.op = part, .path = "/x"});
            const auto reply = decode_reply(request, *header, body);
            fuzz::check(
                !reply || reply->parts.empty() || reply->parts.size() == request.parts.size(),
                "each part has its answer");
        }
    }
    (void)decode_event(body);
    (void)decode_connect(frame);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view rest = fuzz::text(data, size).substr(1);
    switch (data[0] % 3) {
        case 0:
            check_session(rest, false);
            break;
        case 1:
            check_session(rest, true);
            break;
        default:
            check_answers(rest);
    }
    return 0;
}
