#include "unit/transport/loopback_server.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace patroni::transport::test {
namespace {

/// The socket API takes every kind of address by the type of the general one.
sockaddr* generic(sockaddr_in& address) {
    return reinterpret_cast<sockaddr*>(&address);
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int bound_socket(std::uint16_t& port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    if (fd < 0 || ::bind(fd, generic(address), length) != 0 ||
        ::getsockname(fd, generic(address), &length) != 0) {
        throw std::runtime_error("no loopback socket");
    }
    port = ntohs(address.sin_port);
    return fd;
}

std::size_t content_length(const std::string& head) {
    const auto found = head.find("Content-Length: ");
    return found == std::string::npos ? 0 : std::stoul(head.substr(found + 16));
}

}  // namespace

Peer::Peer(int fd, int number, SSL_CTX* tls) : fd_(fd), number_(number) {
    if (tls != nullptr) {
        ssl_ = SSL_new(tls);
        SSL_set_fd(ssl_, fd_);
        handshake_done_ = SSL_accept(ssl_) == 1;
        ERR_clear_error();
    }
}

Peer::~Peer() {
    if (ssl_ != nullptr) {
        if (handshake_done_ && fd_ >= 0) {
            SSL_shutdown(ssl_);
        }
        SSL_free(ssl_);
        ERR_clear_error();
    }
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

bool Peer::was_resumed() const {
    return SSL_session_reused(ssl_) == 1;
}

std::string Peer::shown_name() const {
    const X509* certificate = handshake_done_ ? SSL_get0_peer_certificate(ssl_) : nullptr;
    char name[64] = "none";
    if (certificate != nullptr) {
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name,
                                  sizeof name);
    }
    return name;
}

long Peer::read(char* data, std::size_t size) {
    if (fd_ < 0 || !handshake_done_) {
        return 0;
    }
    return ssl_ != nullptr ? SSL_read(ssl_, data, static_cast<int>(size)) : ::read(fd_, data, size);
}

std::string Peer::read_request() {
    std::string request;
    std::size_t wanted = std::string::npos;
    char buffer[64 * 1024];
    while (request.size() < wanted) {
        const long count = read(buffer, sizeof buffer);
        if (count <= 0) {
            return request;
        }
        request.append(buffer, static_cast<std::size_t>(count));
        if (wanted == std::string::npos) {
            const auto head = request.find("\r\n\r\n");
            wanted = head == std::string::npos ? head : head + 4 + content_length(request);
        }
    }
    return request;
}

void Peer::send(const std::string& bytes) {
    std::size_t sent = 0;
    while (fd_ >= 0 && handshake_done_ && sent < bytes.size()) {
        const long count =
            ssl_ != nullptr
                ? SSL_write(ssl_, bytes.data() + sent, static_cast<int>(bytes.size() - sent))
                : ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) {
            return;
        }
        sent += static_cast<std::size_t>(count);
    }
}

void Peer::wait_for_close() {
    char buffer[4096];
    while (read(buffer, sizeof buffer) > 0) {
    }
}

void Peer::send_close_notify() {
    SSL_shutdown(ssl_);
}

bool Peer::wait_for_close_notify() {
    wait_for_close();
    return (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void Peer::reset() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(fd_);
    fd_ = -1;
}

void Peer::shut_down_sending() {
    ::shutdown(fd_, SHUT_WR);
}

void Peer::close_without_goodbye() {
    ::close(fd_);
    fd_ = -1;
}

LoopbackServer::LoopbackServer(Serve serve, SSL_CTX* tls)
    : serve_(std::move(serve)), tls_(tls), listener_(bound_socket(port_)) {
    ::listen(listener_, 64);
    acceptor_ = std::thread([this] { accept_loop(); });
}

LoopbackServer::~LoopbackServer() {
    ::shutdown(listener_, SHUT_RDWR);  // Ends accept().
    acceptor_.join();
    ::close(listener_);
    join();
}

void LoopbackServer::join() {
    std::vector<std::thread> threads;
    {
        const std::lock_guard lock(mutex_);
        threads.swap(threads_);
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

void LoopbackServer::accept_loop() {
    for (;;) {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) {
            return;
        }
        const int number = ++connections_;
        const int open = ++open_;
        most_at_once_ = std::max<int>(most_at_once_, open);
        const std::lock_guard lock(mutex_);
        threads_.emplace_back([this, fd, number] { serve_one(fd, number); });
    }
}

void LoopbackServer::serve_one(int fd, int number) {
    Peer peer(fd, number, tls_);
    serve_(peer);
    --open_;  // Before the close, which lets the client go on.
}

std::uint16_t closed_port() {
    std::uint16_t port = 0;
    ::close(bound_socket(port));
    return port;
}

FullListener::FullListener() {
    sockets_.push_back(bound_socket(port_));
    ::listen(sockets_.front(), 0);
    for (int i = 0; i < 3; ++i) {
        sockets_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        sockaddr_in address = loopback(port_);
        ::connect(sockets_.back(), generic(address), sizeof address);
    }
}

FullListener::~FullListener() {
    for (const int fd : sockets_) {
        ::close(fd);
    }
}

}  // namespace patroni::transport::test
