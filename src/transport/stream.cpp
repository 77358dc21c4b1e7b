#include "transport/stream.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace patroni::transport {
namespace {

IoResult result_of(ssize_t count, Io when_blocked) {
    if (count >= 0) {
        return {Io::done, static_cast<std::size_t>(count), {}};
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) {
        return {when_blocked, 0, {}};
    }
    return {Io::failed, 0, std::error_code(errno, std::system_category())};
}

}  // namespace

bool Stream::is_quiet() {
    char byte = 0;
    const ssize_t count =
        ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT | MSG_NOSIGNAL);
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void Stream::watch_peer() {
    constexpr int k_on = 1;
    constexpr int k_idle_s = 6;
    constexpr int k_interval_s = 3;
    constexpr int k_probes = 3;
    constexpr int k_unanswered_ms = 15000;
    const int socket = socket_.native_handle();
    const auto set = [socket](int level, int option, int value) {
        // Only a help: a system that does not know an option loses nothing else.
        static_cast<void>(::setsockopt(socket, level, option, &value, sizeof value));
    };
    set(SOL_SOCKET, SO_KEEPALIVE, k_on);
    set(IPPROTO_TCP, TCP_KEEPIDLE, k_idle_s);
    set(IPPROTO_TCP, TCP_KEEPINTVL, k_interval_s);
    set(IPPROTO_TCP, TCP_KEEPCNT, k_probes);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, k_unanswered_ms);
}

IoResult PlainStream::read_some(char* data, std::size_t size) {
    IoResult result =
        result_of(::recv(socket().native_handle(), data, size, MSG_DONTWAIT), Io::want_read);
    if (result.state == Io::done && result.bytes == 0) {
        result.state = Io::eof;
    }
    return result;
}

IoResult PlainStream::write_some(std::string_view bytes) {
    return result_of(
        ::send(socket().native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL),
        Io::want_write);
}

}  // namespace patroni::transport
