#include "check.hpp"
#include "protocol/http_exchange.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

using namespace patroni;
using namespace patroni::protocol;

namespace {

/// The input: what a server sends, then (from its end) one byte of choices, one byte that says how
/// many borders follow, and two bytes for each border between the pieces in which it arrives.
struct Input {
    std::string_view bytes;
    bool head_request = false;
    bool small_limits = false;
    bool open = false;
    StreamEnd end = StreamEnd::eof;
    std::vector<std::size_t> borders;
};

Input read(std::string_view data) {
    Input input;
    const auto take = [&data]() -> unsigned {
        if (data.empty()) {
            return 0;
        }
        const unsigned byte = static_cast<unsigned char>(data.back());
        data.remove_suffix(1);
        return byte;
    };
    const unsigned choices = take();
    input.head_request = (choices & 1) != 0;
    input.small_limits = (choices & 2) != 0;
    constexpr StreamEnd ends[] = {StreamEnd::eof, StreamEnd::tls_truncated, StreamEnd::reset};
    input.open = (choices & 12) == 12;
    input.end = input.open ? StreamEnd::eof : ends[(choices >> 2) & 3];
    std::vector<std::size_t> wanted;
    for (unsigned count = take() % 8; count > 0; --count) {
        const std::size_t high = take();
        wanted.push_back(high << 8 | take());
    }
    input.bytes = data;
    for (const std::size_t border : wanted) {
        input.borders.push_back(data.empty() ? 0 : border % (data.size() + 1));
    }
    std::sort(input.borders.begin(), input.borders.end());
    return input;
}

HttpExchange play(const Input& input, const std::vector<std::string_view>& pieces) {
    Request request;
    request.method = input.head_request ? "HEAD" : "GET";
    ResponseLimits limits;
    if (input.small_limits) {
        limits = {.head_bytes = 256, .body_bytes = 64};
    }
    auto exchange = HttpExchange::create(request, "pg1:8008", true, limits);
    fuzz::check(exchange.has_value(), "a plain request can be made");
    exchange->resume(ExchangeEvent::sent(exchange->unsent().size()));
    for (const std::string_view piece : pieces) {
        exchange->resume(ExchangeEvent::received(piece));
    }
    if (!input.open) {
        exchange->resume(ExchangeEvent::ended(input.end));
    }
    return std::move(*exchange);
}

/// Everything that a caller can see.
struct Outcome {
    HttpExchange::Action action = HttpExchange::Action::read;
    bool reusable = false;
    int status = 0;
    Delivery delivery = Delivery::not_sent;
    Response response;
    Error error;
};

Outcome outcome(HttpExchange exchange) {
    Outcome seen;
    seen.action = exchange.action();
    seen.reusable = exchange.reusable();
    seen.status = exchange.status();
    seen.delivery = exchange.delivery();
    if (seen.action == HttpExchange::Action::done) {
        seen.response = exchange.take_response();
    } else if (seen.action == HttpExchange::Action::failed) {
        seen.error = exchange.take_error();
    }
    return seen;
}

void check_same(const Outcome& left, const Outcome& right) {
    fuzz::check(left.action == right.action, "borders do not change how it ends");
    fuzz::check(left.status == right.status && left.delivery == right.delivery,
                "borders do not change the status");
    fuzz::check(left.reusable == right.reusable, "borders do not change whether it can be kept");
    fuzz::check(left.response.body == right.response.body, "borders do not change the body");
    fuzz::check(left.response.headers == right.response.headers &&
                    left.response.reason == right.response.reason,
                "borders do not change the head");
    fuzz::check(left.error.kind == right.error.kind && left.error.message == right.error.message &&
                    left.error.delivery == right.error.delivery,
                "borders do not change the error");
}

void check_outcome(const Input& input, const Outcome& seen) {
    if (seen.action == HttpExchange::Action::done) {
        fuzz::check(seen.response.status == seen.status && seen.status >= 200, "a final status");
        fuzz::check(!input.head_request || seen.response.body.empty(), "HEAD has no body");
        fuzz::check(!input.small_limits || seen.response.body.size() <= 64, "the body is bounded");
        fuzz::check(seen.response.body.size() <= input.bytes.size(), "no byte is invented");
        fuzz::check(seen.delivery == Delivery::answered, "an answer was answered");
        for (const auto& [name, value] : seen.response.headers) {
            fuzz::check(name.find_first_of("\r\n") == std::string::npos &&
                            value.find_first_of("\r\n") == std::string::npos,
                        "a header is one line");
        }
    } else if (seen.action == HttpExchange::Action::failed) {
        const ErrorKind kind = seen.error.kind;
        fuzz::check(
            kind == ErrorKind::reset || kind == ErrorKind::protocol || kind == ErrorKind::limit,
            "the kind is one of the three");
        fuzz::check(!seen.error.message.empty() && !seen.reusable, "a failure says what it is");
        fuzz::check((seen.status != 0) == (seen.error.delivery == Delivery::answered),
                    "with a status it was answered");
    } else {
        fuzz::check(input.open, "an ended connection ends the exchange");
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Input input = read(fuzz::text(data, size));
    const Outcome whole = outcome(play(input, {input.bytes}));
    check_outcome(input, whole);

    std::vector<std::string_view> pieces;
    std::size_t begin = 0;
    for (const std::size_t border : input.borders) {
        pieces.push_back(input.bytes.substr(begin, border - begin));
        begin = border;
    }
    pieces.push_back(input.bytes.substr(begin));
    check_same(whole, outcome(play(input, pieces)));

    pieces.clear();
    for (std::size_t i = 0; i < input.bytes.size(); ++i) {
        pieces.push_back(input.bytes.substr(i, 1));
    }
    check_same(whole, outcome(play(input, pieces)));
    return 0;
}
