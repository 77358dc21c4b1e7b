// A program whose own loop is Boost.Asio's: a coroutine that asks every member at once.
//     07_asio http://10.0.0.1:8008[,URL...]
#include <patroni/asio.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <iostream>
#include <string>

namespace asio = boost::asio;

asio::awaitable<void> show(patroni::AsioClient& client, int& exit_code) {
    const auto primary =
        co_await client.async_writable_primary(std::chrono::seconds(2), "", asio::use_awaitable);
    if (!primary) {
        std::cerr << to_line(primary.error()) << '\n';
        co_return;
    }
    std::cout << primary->member << " takes writes\n";

    const auto report = co_await client.async_status(std::chrono::seconds(2), asio::use_awaitable);
    if (!report) {
        std::cerr << to_line(report.error()) << '\n';
        co_return;
    }
    for (const auto& cluster : report->clusters) {
        std::cout << cluster.scope << ": " << to_string(cluster.verdict) << '\n';
    }
    exit_code = 0;
}

int main(int argc, char** argv) {
    auto seeds = patroni::Seeds::api(argc > 1 ? argv[1] : "http://127.0.0.1:8008");
    if (!seeds) {
        std::cerr << to_line(seeds.error()) << '\n';
        return 2;
    }
    asio::io_context io;
    patroni::AsioLoop loop;  // libpatroni's own work is done there
    patroni::AsioClient client(io.get_executor(), loop, *seeds);
    int exit_code = 1;
    asio::co_spawn(io, show(client, exit_code), asio::detached);
    io.run();
    return exit_code;
}
