#include "base/text.hpp"
#include "check.hpp"
#include "dcs/consul/read_dialogue.hpp"
#include "dcs/consul/watch_machine.hpp"
#include "dcs/consul/write_dialogue.hpp"
#include "parts.hpp"

#include <algorithm>
#include <chrono>

using namespace patroni;

namespace {

constexpr std::string_view k_prefix = "/service/demo/";

/// `STATUS/INDEX:BODY`, or a body alone: status 200, index 7. An odd index comes from a server
/// that denies by default.
protocol::Response response_of(std::string_view part) {
    protocol::Response response;
    response.status = 200;
    std::string index = "7";
    const auto colon = part.find(':');
    const auto slash = part.substr(0, colon).find('/');
    if (colon != std::string_view::npos && slash == 3) {
        const auto status = parse_integer<int>(part.substr(0, 3));
        if (status && *status >= 200) {
            response.status = *status;
            index = std::string(part.substr(4, colon - 4));
            part.remove_prefix(colon + 1);
        }
    }
    response.headers.emplace_back("X-Consul-Index", index);
    response.headers.emplace_back("X-Consul-Default-Acl-Policy",
                                  !index.empty() && index.back() % 2 == 0 ? "allow" : "deny");
    response.body = std::string(part);
    return response;
}

void check_entries(const std::vector<dcs::Entry>& entries) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
        fuzz::check(entries[i].key.starts_with(k_prefix), "a key is one of the prefix");
        fuzz::check(i == 0 || entries[i - 1].key < entries[i].key, "keys are sorted");
    }
}

void check_request(const protocol::Request& request) {
    fuzz::check(request.target.starts_with("/v1/kv/service/demo/"), "a request is for the prefix");
    fuzz::check(request.target.find("s3cret") == std::string::npos, "no token in a URL");
}

void check_error(const Error& error, std::string_view input) {
    fuzz::check(error.delivery == Delivery::answered, "the store has answered");
    fuzz::check(!error.message.empty(), "an error says what it is");
    fuzz::check(error.server_text.size() <= 1024, "server text is bounded");
    fuzz::check(to_line(error).find("s3cret") == std::string::npos ||
                    input.find("s3cret") != std::string_view::npos,
                "an error repeats no token");
}

void read(const std::vector<std::string_view>& answers, std::string_view input) {
    dcs::consul::ReadPrefix reading{std::string(k_prefix), {Secret("s3cret"), ""}};
    check_request(reading.start());
    for (const auto answer : answers) {
        const dcs::Step step = reading.resume(response_of(answer));
        if (const auto* snapshot = std::get_if<dcs::Snapshot>(&step)) {
            return check_entries(snapshot->entries);
        }
        if (const auto* refusal = std::get_if<dcs::Refusal>(&step)) {
            return check_error(refusal->error, input);
        }
        check_request(std::get<protocol::Request>(step));
    }
}

void watch(const std::vector<std::string_view>& answers, std::string_view input) {
    using std::chrono::milliseconds;
    dcs::consul::WatchMachine machine{
        std::string(k_prefix), {Secret("s3cret"), ""}, milliseconds(1000)};
    dcs::consul::WatchMachine::Time now{std::chrono::hours(1)};
    bool first = true;
    for (const auto answer : answers) {
        const auto call = machine.next(now);
        check_request(call.request);
        fuzz::check(call.limit > milliseconds(0), "a request has a limit");
        fuzz::check(call.request.target.find("index=0&") == std::string::npos, "a query blocks");
        now += call.delay;
        machine.sent(now);
        // An answer of even length comes early.
        now += milliseconds(answer.size() % 2 == 0 ? 1 : 2000);
        const auto found = machine.take(response_of(answer), now);
        if (const auto* told = std::get_if<dcs::WatchSnapshot>(&found)) {
            fuzz::check(!(first && told->gap), "the first state is no gap");
            first = false;
            check_entries(told->now.entries);
        } else if (const auto* refusal = std::get_if<dcs::Refusal>(&found)) {
            check_error(refusal->error, input);
            machine.lost();
        }
    }
}

void write(const StoreWrite& wanted, const std::vector<std::string_view>& answers,
           std::string_view input) {
    dcs::consul::WriteKey writing(wanted, {Secret("s3cret"), ""});
    check_request(writing.start());
    bool is_first = true;
    for (const auto answer : answers) {
        fuzz::check(writing.is_write() == is_first, "only the first request writes");
        is_first = false;
        const auto response = response_of(answer);
        const dcs::WriteStep step = writing.resume(response);
        if (const auto* request = std::get_if<protocol::Request>(&step)) {
            fuzz::check(request->method == "GET", "what comes behind only looks");
            fuzz::check(writing.settled().has_value(), "before a look it is known what was done");
            continue;
        }
        if (const auto* outcome = std::get_if<StoreOutcome>(&step)) {
            fuzz::check(outcome->kind == OutcomeKind::done || !outcome->message.empty(),
                        "what is not done has a reason");
        } else if (const auto* refusal = std::get_if<dcs::Refusal>(&step)) {
            check_error(refusal->error, input);
        } else {
            check_error(std::get<dcs::Lost>(step).error, input);
        }
        return;
    }
}

}  // namespace

/// Answers of Consul's KV API in turn, to a reading, a watch, and writes.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text(data, size);
    const auto answers = fuzz::parts(input);
    read(answers, input);
    watch(answers, input);
    write(StoreWrite::put_if("/service/demo/config", "{}", 7), answers, input);
    write(StoreWrite::remove("/service/demo/sync"), answers, input);
    return 0;
}
