#include "support/scripted_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace patroni::testing {
namespace {

[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    std::abort();
}

/// A socket bound to a free loopback port.
int bound_socket(std::uint16_t& port) {
    const int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (file < 0 || bind(file, generic, size) != 0 || getsockname(file, generic, &size) != 0) {
        give_up("scripted server: bind");
    }
    port = ntohs(address.sin_port);
    return file;
}

std::size_t content_length(const std::string& head) {
    std::string lower = head;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const auto found = lower.find("content-length: ");
    std::size_t length = 0;
    if (found != std::string::npos) {
        std::from_chars(lower.data() + found + 16, lower.data() + lower.size(), length);
    }
    return length;
}

}  // namespace

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)) {
    listener_ = bound_socket(port_);
    if (listen(listener_, 64) != 0 || pipe(stop_pipe_) != 0) {
        give_up("scripted server: listen");
    }
    thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
    const char byte = 0;
    if (write(stop_pipe_[1], &byte, 1) != 1) {
        give_up("scripted server: stop");
    }
    thread_.join();
    for (const int file : silent_) {
        close(file);
    }
    close(listener_);
    close(stop_pipe_[0]);
    close(stop_pipe_[1]);
}

std::vector<SeenRequest> ScriptedServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::vector<std::string> ScriptedServer::targets() const {
    std::vector<std::string> targets;
    for (const auto& request : requests()) {
        targets.push_back(request.target);
    }
    return targets;
}

void ScriptedServer::serve() {
    while (true) {
        pollfd files[2] = {{listener_, POLLIN, 0}, {stop_pipe_[0], POLLIN, 0}};
        if (poll(files, 2, -1) < 0 || files[1].revents != 0) {
            return;
        }
        const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) {
            continue;
        }
        if (serve_one(connection)) {
            close(connection);
        } else {
            silent_.push_back(connection);
        }
    }
}

bool ScriptedServer::serve_one(int connection) {
    timeval patience{5, 0};
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::string text;
    std::size_t head_end = std::string::npos;
    char buffer[4096];
    while (head_end == std::string::npos ||
           text.size() < head_end + 4 + content_length(text.substr(0, head_end))) {
        const ssize_t count = read(connection, buffer, sizeof buffer);
        if (count <= 0) {
            return true;
        }
        text.append(buffer, static_cast<std::size_t>(count));
        head_end = text.find("\r\n\r\n");
    }
    SeenRequest request;
    request.head = text.substr(0, head_end);
    request.body = text.substr(head_end + 4);
    const auto first = request.head.find(' ');
    request.method = request.head.substr(0, first);
    request.target = request.head.substr(first + 1, request.head.find(' ', first + 1) - first - 1);
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
    }
    const auto answer = script_(request);
    if (!answer) {
        return false;
    }
    for (std::size_t sent = 0; sent < answer->size();) {
        const ssize_t count =
            send(connection, answer->data() + sent, answer->size() - sent, MSG_NOSIGNAL);
        if (count <= 0) {
            return true;
        }
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

std::string http_answer(int status, std::string_view body) {
    return "HTTP/1.1 " + std::to_string(status) +
           " Scripted\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string python_answer(int status, std::string_view body, std::string_view type) {
    return "HTTP/1.0 " + std::to_string(status) +
           " X\r\nServer: BaseHTTP/0.6 Python/3.11.2\r\nContent-Type: " + std::string(type) +
           "\r\n\r\n" + std::string(body);
}

HostPort closed_port() {
    // Bound but not listening: connections are refused, and nobody else gets the port.
    static std::uint16_t port = 0;
    static const int file = bound_socket(port);
    static_cast<void>(file);
    return {"127.0.0.1", port};
}

}  // namespace patroni::testing
