#pragma once

#include <openssl/bio.h>

#include <system_error>

namespace patroni::transport {

/// What the BIO saw; owned by the stream and outliving the BIO.
struct SocketBioState {
    int fd = -1;
    bool is_eof = false;
    std::error_code code;  ///< The last failure of recv() or send().
};

/// A BIO over a non-blocking socket. OpenSSL's own would raise SIGPIPE (write() without
/// MSG_NOSIGNAL), and it does not set TCP_QUICKACK, without which a TLS handshake waits 40 ms for
/// the delayed ACK. nullptr when memory is short.
BIO* new_socket_bio(SocketBioState& state);

}  // namespace patroni::transport
