#pragma once

#include "transport/socket_bio.hpp"
#include "transport/stream.hpp"
#include "transport/tls_context.hpp"

#include <patroni/url.hpp>

#include <memory>
#include <string>

namespace patroni::transport {

/// TLS over a connected socket, with OpenSSL's calls directly: asio::ssl would copy every byte
/// twice more.
class TlsStream final : public Stream {
public:
    TlsStream(boost::asio::ip::tcp::socket socket, std::shared_ptr<TlsContext> context,
              const HostPort& address);
    ~TlsStream() override;

    IoResult handshake() override;
    IoResult read_some(char* data, std::size_t size) override;
    IoResult write_some(std::string_view bytes) override;
    bool may_hold_bytes() const override { return true; }
    void say_goodbye() override;
    std::string tls_failure() const override;

    /// For SSL_CTX_sess_set_new_cb.
    static int on_new_session(SSL* ssl, SSL_SESSION* session);

private:
    void set_peer(const std::string& host);
    void forget_errors();
    IoResult result_of(int returned);

    std::shared_ptr<TlsContext> context_;
    std::string name_;  ///< What the certificate must be valid for.
    std::string peer_;  ///< Key of the session.
    SocketBioState bio_state_;
    std::unique_ptr<SSL, OpensslFree<SSL_free>> ssl_;
    std::error_code failure_;
    bool is_broken_ = false;
};

}  // namespace patroni::transport
