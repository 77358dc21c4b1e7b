#include "unit/faults/byte_relay.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace patroni::testing {
namespace {

using Then = Cut::Then;

[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    std::abort();
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

void send_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(file, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void reset(int file) {
    const linger at_once{1, 0};
    ::setsockopt(file, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/// Follows TLS records: five bytes of header, the last two of them the length.
class RecordCounter {
public:
    std::size_t records() const { return records_; }
    bool is_between() const { return at_ == 0; }
    /// How many of the bytes come before that place; all of them when it is further on.
    std::size_t until(std::string_view bytes, std::size_t record, std::size_t byte) {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (records_ == record && at_ == byte) {
                return i;
            }
            take(bytes[i]);
        }
        return bytes.size();
    }

private:
    void take(char byte) {
        const auto value = static_cast<unsigned char>(byte);
        if (at_ == 3 || at_ == 4) {
            length_ = (at_ == 3 ? 0 : length_) * 256 + value;
        }
        ++at_;
        if (at_ >= 5 && at_ == 5 + length_) {
            at_ = 0;
            ++records_;
        }
    }

    std::size_t records_ = 0;
    std::size_t at_ = 0;
    std::size_t length_ = 0;
};

}  // namespace

/// One relayed connection.
class ByteRelay::Link {
public:
    Link(int client, int server, const Cut& cut) : client_(client), server_(server), cut_(cut) {}

    Relayed run() {
        while (client_open_ || server_open_) {
            pollfd files[2] = {{client_open_ ? client_ : -1, POLLIN, 0},
                               {server_open_ ? server_ : -1, POLLIN, 0}};
            if (::poll(files, 2, 10'000) <= 0) {
                break;
            }
            if (files[0].revents != 0) {
                pass(Cut::From::client);
            }
            if (server_open_ && files[1].revents != 0) {
                pass(Cut::From::server);
            }
        }
        seen_.records = from_server_.records();
        seen_.client_records = from_client_.records();
        return seen_;
    }

private:
    void pass(Cut::From from) {
        const bool is_client = from == Cut::From::client;
        const int source = is_client ? client_ : server_;
        const int target = is_client ? server_ : client_;
        char buffer[16 * 1024];
        const ssize_t count = ::recv(source, buffer, sizeof buffer, 0);
        if (count <= 0) {
            end(from, count < 0);
            return;
        }
        const std::string_view bytes(buffer, static_cast<std::size_t>(count));
        if (is_client && seen_.flight == 0) {
            seen_.flight = from_server_.records();
        }
        if (stalled_ && from == cut_.from) {
            return;
        }
        RecordCounter& counter = is_client ? from_client_ : from_server_;
        const bool armed = cut_.then != Then::nothing && from == cut_.from && !done_;
        if (!armed) {
            counter.until(bytes, std::string::npos, 0);
            send_all(target, bytes);
            return;
        }
        const std::size_t good = counter.until(bytes, cut_.record, cut_.byte);
        send_all(target, bytes.substr(0, good));
        if (good < bytes.size()) {
            done_ = true;
            spoil(bytes.substr(good), counter, target);
        } else if (is_there(counter)) {
            done_ = true;
            spoil({}, counter, target);
        }
    }

    /// At the end of a record: the next one need not come for it to be cut off.
    bool is_there(const RecordCounter& counter) const {
        return cut_.byte == 0 && counter.is_between() && counter.records() == cut_.record &&
               cut_.then != Then::flip;
    }

    void spoil(std::string_view rest, RecordCounter& counter, int target) {
        switch (cut_.then) {
            case Then::flip: {
                std::string changed(rest);
                changed[0] = static_cast<char>(changed[0] ^ 0x55);
                counter.until(rest, std::string::npos, 0);
                send_all(target, changed);
                return;
            }
            case Then::garbage:
                send_all(target, std::string(256, '\xde'));
                [[fallthrough]];
            case Then::close:
                ::shutdown(client_, SHUT_WR);  // What the client still sends is read.
                close_server();
                return;
            case Then::reset:
                reset(client_);
                client_open_ = false;
                close_server();
                return;
            case Then::stall:
                stalled_ = true;
                return;
            case Then::nothing:
                return;
        }
    }

    void close_server() {
        reset(server_);
        server_open_ = false;
    }

    void end(Cut::From from, bool broken) {
        if (from == Cut::From::client) {
            client_open_ = false;
            broken ? reset(server_) : void(::shutdown(server_, SHUT_WR));
            server_open_ = server_open_ && !stalled_ && !broken;
        } else {
            server_open_ = false;
            broken ? reset(client_) : void(::shutdown(client_, SHUT_WR));
            client_open_ = client_open_ && !broken;
        }
    }

    int client_;
    int server_;
    Cut cut_;
    bool client_open_ = true;
    bool server_open_ = true;
    bool done_ = false;
    bool stalled_ = false;
    RecordCounter from_client_;
    RecordCounter from_server_;
    Relayed seen_;
};

ByteRelay::ByteRelay(HostPort upstream) : upstream_(std::move(upstream)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, generic, &size) != 0 || ::pipe(stop_pipe_) != 0) {
        give_up("byte relay: listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

ByteRelay::~ByteRelay() {
    if (::write(stop_pipe_[1], "x", 1) != 1) {
        give_up("byte relay: stop");
    }
    thread_.join();
    for (const int file : {listener_, stop_pipe_[0], stop_pipe_[1]}) {
        ::close(file);
    }
}

void ByteRelay::cut(const Cut& cut) {
    const std::lock_guard lock(mutex_);
    cut_ = cut;
}

Relayed ByteRelay::relayed() {
    const std::lock_guard lock(mutex_);
    return relayed_;
}

void ByteRelay::serve() {
    const int on = 1;
    while (true) {
        pollfd files[2] = {{listener_, POLLIN, 0}, {stop_pipe_[0], POLLIN, 0}};
        if (::poll(files, 2, -1) < 0 || files[1].revents != 0) {
            return;
        }
        const std::lock_guard lock(mutex_);
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(upstream_.port);
        if (client < 0 || server < 0 ||
            ::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
            give_up("byte relay: connect");
        }
        ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        relayed_ = Link(client, server, cut_).run();
        ::close(client);
        ::close(server);
    }
}

}  // namespace patroni::testing
