#include "transport/socket_bio.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace patroni::transport {
namespace {

SocketBioState& state_of(BIO* bio) {
    return *static_cast<SocketBioState*>(BIO_get_data(bio));
}

bool is_temporary(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

int read_socket(BIO* bio, char* data, int size) {
    SocketBioState& state = state_of(bio);
    BIO_clear_retry_flags(bio);
    // The kernel clears it by itself, so it is set before each receive.
    const int on = 1;
    ::setsockopt(state.fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    const ssize_t count = ::recv(state.fd, data, static_cast<std::size_t>(size), MSG_DONTWAIT);
    if (count > 0) {
        return static_cast<int>(count);
    }
    if (count == 0) {
        state.is_eof = true;
        return 0;
    }
    if (is_temporary(errno)) {
        BIO_set_retry_read(bio);
    } else {
        state.code = std::error_code(errno, std::system_category());
    }
    return -1;
}

int write_socket(BIO* bio, const char* data, int size) {
    SocketBioState& state = state_of(bio);
    BIO_clear_retry_flags(bio);
    const ssize_t count =
        ::send(state.fd, data, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) {
        return static_cast<int>(count);
    }
    if (is_temporary(errno)) {
        BIO_set_retry_write(bio);
    } else {
        state.code = std::error_code(errno, std::system_category());
    }
    return -1;
}

long control(BIO* bio, int command, long, void*) {
    switch (command) {
        case BIO_CTRL_FLUSH:
            return 1;
        case BIO_CTRL_EOF:
            return state_of(bio).is_eof ? 1 : 0;
        default:
            return 0;
    }
}

BIO_METHOD* make_method() {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "patroni socket");
    if (method != nullptr) {
        BIO_meth_set_read(method, read_socket);
        BIO_meth_set_write(method, write_socket);
        BIO_meth_set_ctrl(method, control);
    }
    return method;
}

}  // namespace

BIO* new_socket_bio(SocketBioState& state) {
    static BIO_METHOD* const method = make_method();  // Lives as long as the program.
    BIO* bio = method != nullptr ? BIO_new(method) : nullptr;
    if (bio != nullptr) {
        BIO_set_data(bio, &state);
        BIO_set_init(bio, 1);
    }
    return bio;
}

}  // namespace patroni::transport
