// bench_server CLOSE_PORT KEEP_PORT PRIMARY_DOCUMENT REPLICA_DOCUMENT [--clusters]
//
// The server of the benches: one thread, epoll, on every address of the loopback network. On
// CLOSE_PORT it answers as Patroni does (HTTP/1.0, no Content-Length, then it closes), on KEEP_PORT
// with HTTP/1.1 and keep-alive. Every address answers with the primary's document; with --clusters,
// each three neighbouring addresses are a cluster of their own, the first one its primary.
#include <arpa/inet.h>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

struct Connection {
    bool keep = false;
    std::uint32_t address = 0;
    std::string request;
};

struct Documents {
    std::string primary;
    std::string replica;
    std::string port;
    bool clusters = false;
};

std::string read_file(const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty()) {
        std::fprintf(stderr, "bench_server: %s cannot be read\n", path);
        std::exit(1);
    }
    return text;
}

int listen_on(const char* port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(fd, 4096) != 0) {
        std::perror("bench_server");
        std::exit(1);
    }
    return fd;
}

std::string replaced(std::string text, std::string_view old, const std::string& with) {
    const auto at = text.find(old);
    return at == std::string::npos ? text : text.replace(at, old.size(), with);
}

std::string field(const char* key, const std::string& value) {
    return '"' + std::string(key) + "\": \"" + value + '"';
}

/// The recorded document in the name of the member at this address.
std::string status_document(const Documents& documents, std::uint32_t number) {
    const bool is_primary = !documents.clusters || number % 3 == 0;
    std::string text = is_primary ? documents.primary : documents.replica;
    if (!documents.clusters) {
        return text;
    }
    const std::string node = "node" + std::to_string(number % 3 + 1);
    text = replaced(std::move(text), is_primary ? "\"name\": \"node1\"" : "\"name\": \"node2\"",
                    field("name", node));
    return replaced(std::move(text), "\"scope\": \"demo\"",
                    field("scope", "demo" + std::to_string(number / 3)));
}

std::string cluster_document(const Documents& documents, std::uint32_t address) {
    const std::uint32_t number = address & 0xffff;
    std::string text = "{\"members\": [";
    for (std::uint32_t i = 0; i < 3; ++i) {
        in_addr member{htonl(address - number % 3 + i)};
        char host[INET_ADDRSTRLEN];
        ::inet_ntop(AF_INET, &member, host, sizeof host);
        text +=
            std::string(i ? ", {" : "{") + field("name", "node" + std::to_string(i + 1)) + ", " +
            field("role", i ? "replica" : "leader") + ", " +
            field("state", i ? "streaming" : "running") + ", " +
            field("api_url", "http://" + std::string(host) + ':' + documents.port + "/patroni") +
            ", " + field("host", host) + ", \"port\": 5432, \"timeline\": 1" +
            (i ? ", \"lag\": 0}" : "}");
    }
    return text + "], " + field("scope", "demo" + std::to_string(number / 3)) + '}';
}

std::string answer(const Documents& documents, const Connection& connection) {
    const bool wants_cluster = connection.request.starts_with("GET /cluster ");
    const std::string body = wants_cluster
                                 ? cluster_document(documents, connection.address)
                                 : status_document(documents, connection.address & 0xffff);
    std::string text = connection.keep ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.0 200 OK\r\n";
    text +=
        "Server: BaseHTTP/0.6 Python/3.11.2\r\nDate: Mon, 23 Nov 2026 15:12:14 GMT\r\n"
        "Content-Type: application/json\r\n";
    if (connection.keep) {
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    return text + "\r\n" + body;
}

class Server {
public:
    Server(Documents documents, int close_listener, int keep_listener)
        : documents_(std::move(documents)), close_(close_listener), keep_(keep_listener) {
        watch(close_);
        watch(keep_);
    }

    [[noreturn]] void run() {
        epoll_event events[256];
        for (;;) {
            const int count = ::epoll_wait(poll_, events, 256, -1);
            for (int i = 0; i < count; ++i) {
                const int fd = events[i].data.fd;
                if (fd == close_ || fd == keep_) {
                    accept_all(fd);
                } else {
                    serve(fd);
                }
            }
        }
    }

private:
    void watch(int fd) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd;
        ::epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &event);
    }

    void accept_all(int listener) {
        for (;;) {
            const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
            if (fd < 0) {
                return;
            }
            if (connections_.size() <= static_cast<std::size_t>(fd)) {
                connections_.resize(static_cast<std::size_t>(fd) + 1);
            }
            sockaddr_in local{};
            socklen_t size = sizeof local;
            ::getsockname(fd, reinterpret_cast<sockaddr*>(&local), &size);
            const int on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            connections_[static_cast<std::size_t>(fd)] = {
                listener == keep_, ntohl(local.sin_addr.s_addr), {}};
            watch(fd);
        }
    }

    void serve(int fd) {
        Connection& connection = connections_[static_cast<std::size_t>(fd)];
        char buffer[8192];
        const ssize_t count = ::recv(fd, buffer, sizeof buffer, 0);
        if (count <= 0) {
            ::close(fd);
            return;
        }
        connection.request.append(buffer, static_cast<std::size_t>(count));
        if (!connection.request.ends_with("\r\n\r\n")) {
            return;
        }
        const std::string text = answer(documents_, connection);
        connection.request.clear();
        ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (!connection.keep) {
            ::close(fd);
        }
    }

    Documents documents_;
    int close_;
    int keep_;
    int poll_ = ::epoll_create1(0);
    std::vector<Connection> connections_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) {
        std::fputs("bench_server CLOSE_PORT KEEP_PORT PRIMARY REPLICA [--clusters]\n", stderr);
        return 2;
    }
    const Documents documents{read_file(argv[3]), read_file(argv[4]), argv[1], argc > 5};
    Server server(documents, listen_on(argv[1]), listen_on(argv[2]));
    std::puts("ready");
    std::fflush(stdout);
    server.run();
}
