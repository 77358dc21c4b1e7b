// bench_tls PORT CA_FILE ROUNDS
//
// Polls a TLS member over new connections, in turn by a minimal blocking OpenSSL client with
// TCP_QUICKACK (the floor) and by transport::HttpClient. Prints the medians of the wall time.
#include "transport/http_client.hpp"

#include <boost/asio/io_context.hpp>
#include <openssl/ssl.h>

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace patroni;
using Clock = std::chrono::steady_clock;

class Floor {
public:
    Floor(std::uint16_t port, const char* ca_file)
        : port_(port), context_(SSL_CTX_new(TLS_client_method())) {
        SSL_CTX_load_verify_locations(context_, ca_file, nullptr);
        SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    }

    bool poll() {
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        set(fd, TCP_NODELAY);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port_);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
            ::close(fd);
            return false;
        }
        set(fd, TCP_QUICKACK);
        SSL* ssl = SSL_new(context_);
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), "127.0.0.1");
        SSL_set_fd(ssl, fd);
        const bool good = SSL_connect(ssl) == 1 && exchange(fd, ssl);
        SSL_shutdown(ssl);
        SSL_free(ssl);
        ::close(fd);
        return good;
    }

private:
    static void set(int fd, int option) {
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, option, &on, sizeof on);
    }
    static bool exchange(int fd, SSL* ssl) {
        constexpr std::string_view k_request =
            "GET /patroni HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        SSL_write(ssl, k_request.data(), static_cast<int>(k_request.size()));
        std::string text;
        char buffer[8192];
        for (;;) {
            set(fd, TCP_QUICKACK);  // The kernel takes it back by itself.
            const int count = SSL_read(ssl, buffer, sizeof buffer);
            if (count <= 0) {
                return text.find(" 200 ") != std::string::npos && text.ends_with('}');
            }
            text.append(buffer, static_cast<std::size_t>(count));
        }
    }

    std::uint16_t port_;
    SSL_CTX* context_;
};

class Library {
public:
    Library(std::uint16_t port, const char* ca_file) : http_(context_) {
        TlsSettings settings;
        settings.ca_file = ca_file;
        call_.tls = std::make_shared<TlsSettings>(settings);
        call_.origin = {true, {"127.0.0.1", port}};
        call_.request.target = "/patroni";
    }

    bool poll() {
        bool good = false;
        call_.deadlines.total = Clock::now() + std::chrono::seconds(5);
        http_.start(call_, [&](Result<protocol::Response> result) {
            good = result && result->status == 200 && result->body.ends_with('}');
        });
        context_.restart();
        context_.run();
        return good;
    }

private:
    boost::asio::io_context context_{1};
    transport::HttpClient http_;
    transport::Call call_;
};

/// Adds the milliseconds of one poll.
template <class Client>
void measure(Client& client, std::vector<double>& times) {
    const auto begin = Clock::now();
    if (!client.poll()) {
        std::fputs("bench_tls: a poll failed\n", stderr);
        std::exit(1);
    }
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
}

double median(std::vector<double> times) {
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("bench_tls PORT CA_FILE ROUNDS\n", stderr);
        return 2;
    }
    const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    Floor floor(port, argv[2]);
    Library library(port, argv[2]);
    std::vector<double> floor_times;
    std::vector<double> library_times;
    for (int round = std::atoi(argv[3]); round > 0; --round) {
        measure(floor, floor_times);
        measure(library, library_times);
    }
    std::printf("{\"floor_ms\": %.4f, \"library_ms\": %.4f}\n", median(floor_times),
                median(library_times));
}
