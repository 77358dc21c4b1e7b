#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace patroni::transport::test {

/// The server's side of one connection, with calls that block (on a thread of its own).
class Peer {
public:
    Peer(int fd, int number, SSL_CTX* tls);
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    /// Counts accepted connections from 1.
    int number() const { return number_; }
    bool handshake_done() const { return handshake_done_; }
    bool was_resumed() const;
    /// The common name of the client's certificate.
    std::string shown_name() const;

    /// Head and body of one request; what there was when the client closed.
    std::string read_request();
    void send(const std::string& bytes);
    /// Until the client closes.
    void wait_for_close();
    void send_close_notify();
    /// True when the client ended with close_notify.
    bool wait_for_close_notify();
    void reset();
    void shut_down_sending();
    /// TLS: closes the TCP connection without close_notify.
    void close_without_goodbye();

private:
    long read(char* data, std::size_t size);

    int fd_;
    int number_;
    SSL* ssl_ = nullptr;
    bool handshake_done_ = true;
};

/// A server on 127.0.0.1 that gives each connection to `serve` on a thread of its own, and closes
/// it afterwards.
class LoopbackServer {
public:
    using Serve = std::function<void(Peer&)>;

    /// `tls` is borrowed.
    explicit LoopbackServer(Serve serve, SSL_CTX* tls = nullptr);
    ~LoopbackServer();
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    std::uint16_t port() const { return port_; }
    int connections() const { return connections_; }
    int most_at_once() const { return most_at_once_; }
    /// Returns when every connection so far was served.
    void join();

private:
    void accept_loop();
    void serve_one(int fd, int number);

    Serve serve_;
    SSL_CTX* tls_;
    std::uint16_t port_ = 0;
    int listener_;
    std::atomic<int> connections_ = 0;
    std::atomic<int> open_ = 0;
    std::atomic<int> most_at_once_ = 0;
    std::mutex mutex_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

/// A port on 127.0.0.1 where nothing listens.
std::uint16_t closed_port();

/// A port on 127.0.0.1 whose queue is full, so that connecting takes forever.
class FullListener {
public:
    FullListener();
    ~FullListener();
    FullListener(const FullListener&) = delete;
    FullListener& operator=(const FullListener&) = delete;
    std::uint16_t port() const { return port_; }

private:
    std::vector<int> sockets_;
    std::uint16_t port_ = 0;
};

}  // namespace patroni::transport::test
