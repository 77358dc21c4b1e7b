#include "transport/stream.hpp"

#include <cerrno>
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
