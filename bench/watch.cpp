// How soon Store::start_watch tells a change, beside a raw reader of the same stream:
//   bench_watch HOST PORT [COUNT]
// Puts COUNT values of one key into etcd, 2 ms apart, and prints one JSON object: microseconds from
// the raw reader to the callback, and from the acknowledgement of the put to the raw reader.
#include <patroni/store.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Times = std::map<std::uint64_t, Clock::time_point>;

constexpr const char* k_key = "L3NlcnZpY2UvYmVuY2gvbGVhZGVy";  // /service/bench/leader

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(1);
}

int connect_to(const char* host, int port) {
    const int file = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::inet_pton(AF_INET, host, &address.sin_addr) != 1 ||
        ::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        die("connect");
    }
    const int on = 1;
    ::setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return file;
}

void post(int file, const std::string& path, const std::string& body) {
    const std::string text = "POST " + path + " HTTP/1.1\r\nHost: bench\r\nContent-Length: " +
                             std::to_string(body.size()) + "\r\n\r\n" + body;
    if (::send(file, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) {
        die("send");
    }
}

/// The numbers behind `name` in a text.
std::vector<std::uint64_t> numbers(const std::string& text, const std::string& name) {
    std::vector<std::uint64_t> found;
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
        found.push_back(std::strtoull(text.c_str() + at + name.size(), nullptr, 10));
    }
    return found;
}

/// Reads the stream with nothing between it and the socket.
void read_raw(int file, Times& seen, std::size_t count, std::atomic<bool>& ready) {
    post(file, "/v3/watch", std::string(R"({"create_request":{"key":")") + k_key + R"("}})");
    std::string text;
    char buffer[65536];
    while (seen.size() < count) {
        const ssize_t size = ::recv(file, buffer, sizeof buffer, 0);
        const auto now = Clock::now();
        if (size <= 0) {
            die("recv");
        }
        text.append(buffer, static_cast<std::size_t>(size));
        ready = ready || text.find("\"created\"") != std::string::npos;
        for (const auto revision : numbers(text, "\"mod_revision\":\"")) {
            seen.try_emplace(revision, now);
        }
        text.erase(0, text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
    }
}

void write_all(int file, Times& acknowledged, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        post(file, "/v3/kv/put", std::string(R"({"key":")") + k_key + R"(","value":"cGcx"})");
        std::string text;
        char buffer[4096];
        while (text.find("}}") == std::string::npos) {
            const ssize_t size = ::recv(file, buffer, sizeof buffer, 0);
            if (size <= 0) {
                die("recv");
            }
            text.append(buffer, static_cast<std::size_t>(size));
        }
        acknowledged[numbers(text, "\"revision\":\"").at(0)] = Clock::now();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

void print(const char* name, const Times& from, const Times& to, const char* end) {
    std::vector<double> late;
    for (const auto& [revision, time] : from) {
        const auto found = to.find(revision);
        if (found != to.end()) {
            late.push_back(std::chrono::duration<double, std::micro>(found->second - time).count());
        }
    }
    std::sort(late.begin(), late.end());
    const auto at = [&](double part) {
        return late.empty()
                   ? 0.0
                   : late[static_cast<std::size_t>(part * static_cast<double>(late.size() - 1))];
    };
    std::printf(
        "\"%s\":{\"events\":%zu,\"p10\":%.0f,\"p50\":%.0f,\"p90\":%.0f,\"p99\":%.0f,"
        "\"max\":%.0f}%s",
        name, late.size(), at(0.1), at(0.5), at(0.9), at(0.99), at(1), end);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "bench_watch HOST PORT [COUNT]\n");
        return 2;
    }
    const int port = std::atoi(argv[2]);
    const std::size_t count = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 500;
    Times raw;
    Times told;
    Times acknowledged;
    std::atomic<bool> raw_ready = false;
    std::atomic<bool> watch_ready = false;
    patroni::Runtime runtime;
    patroni::Store store(runtime,
                         patroni::Seeds::etcd3(std::string(argv[1]) + ":" + argv[2]).value());
    auto watch = store.start_watch("bench", {}, [&](const patroni::StoreEvent& event) {
        if (event.kind == patroni::StoreEvent::Kind::current) {
            watch_ready = true;
        } else if (event.kind == patroni::StoreEvent::Kind::cluster && watch_ready) {
            told.try_emplace(event.revision, Clock::now());
            if (told.size() == count) {
                runtime.stop();
            }
        }
    });
    std::thread reader([&] { read_raw(connect_to(argv[1], port), raw, count, raw_ready); });
    std::thread writer([&] {
        while (!raw_ready || !watch_ready) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(200));  // The stream is open, too.
        write_all(connect_to(argv[1], port), acknowledged, count);
    });
    runtime.run();
    writer.join();
    reader.join();
    std::printf("{");
    print("callback_after_raw_us", raw, told, ",");
    print("raw_after_acknowledgement_us", acknowledged, raw, ",");
    print("callback_after_acknowledgement_us", acknowledged, told, "}\n");
    return 0;
}
