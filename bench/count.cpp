// bench_count parse|decode|exchange FILE TIMES
//
// Something small, so many times, for callgrind: the difference between two runs is free of what
// the start of the program costs. "exchange" is the HTTP exchange without I/O, FILE its answer.
#include "codec/member_status.hpp"
#include "protocol/http_exchange.hpp"

#include <boost/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace {

using namespace patroni;
using protocol::ExchangeEvent;

bool parse(const std::string& text) {
    return boost::json::parse(text).is_object();
}

bool decode(const std::string& text) {
    return codec::decode_member_status(text).has_value();
}

bool exchange(const std::string& answer) {
    protocol::Request request;
    request.target = "/patroni";
    auto run = protocol::HttpExchange::create(request, "127.0.0.1:8008", false, {});
    run->resume(ExchangeEvent::sent(run->unsent().size()));
    run->resume(ExchangeEvent::received(answer));
    run->resume(ExchangeEvent::ended(protocol::StreamEnd::eof));
    return run->take_response().status == 200;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("bench_count parse|decode|exchange FILE TIMES\n", stderr);
        return 2;
    }
    const std::string_view what = argv[1];
    std::ifstream file(argv[2], std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    bool good = true;
    for (long left = std::atol(argv[3]); left > 0; --left) {
        good = (what == "parse"    ? parse(text)
                : what == "decode" ? decode(text)
                                   : exchange(text)) &&
               good;
    }
    return good ? 0 : 1;
}
