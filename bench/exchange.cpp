// bench_exchange close|keep PORT ADDRESSES REQUESTS
//
// GET /patroni through transport::HttpClient, one request under way for each address.
#include "bench/report.hpp"
#include "transport/http_client.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

using namespace patroni;

class Load {
public:
    Load(transport::HttpClient& http, bool keep_alive, std::uint16_t port, long requests)
        : http_(http), keep_alive_(keep_alive), port_(port), left_(requests) {}

    void start(int addresses) {
        for (int index = 0; index < addresses; ++index) {
            next(Origin{false, HostPort{bench::address_of(index), port_}});
        }
    }
    long done() const { return done_; }
    long failed() const { return failed_; }

private:
    void next(const Origin& origin) {
        if (left_-- <= 0) {
            return;
        }
        transport::Call call;
        call.origin = origin;
        call.request.target = "/patroni";
        call.deadlines.total = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        call.keep_alive = keep_alive_;
        http_.start(std::move(call), [this, origin](Result<protocol::Response> result) {
            if (result && result->status == 200) {
                ++done_;
            } else {
                ++failed_;
            }
            next(origin);
        });
    }

    transport::HttpClient& http_;
    bool keep_alive_;
    std::uint16_t port_;
    long left_;
    long done_ = 0;
    long failed_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fputs("bench_exchange close|keep PORT ADDRESSES REQUESTS\n", stderr);
        return 2;
    }
    const bool keep_alive = std::string_view(argv[1]) == "keep";
    const int addresses = std::atoi(argv[3]);
    boost::asio::io_context context(1);
    transport::HttpClient::Options options;
    options.max_connections = static_cast<std::size_t>(addresses);
    options.idle_limit = std::chrono::milliseconds(100);  // The program ends this much later.
    transport::HttpClient http(context, options);
    Load load(http, keep_alive, static_cast<std::uint16_t>(std::atoi(argv[2])), std::atol(argv[4]));
    load.start(addresses);
    context.run();
    bench::print_report(load.done(), load.failed());
}
