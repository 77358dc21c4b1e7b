#pragma once

#include "transport/tls_settings.hpp"

#include <patroni/result.hpp>

#include <openssl/ssl.h>

#include <map>
#include <memory>
#include <string>

namespace patroni::transport {

template <auto Free>
struct OpensslFree {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

/// An SSL_CTX made from TlsSettings, and the sessions that its peers let us resume (a resumed
/// handshake costs half of a full one).
class TlsContext : public std::enable_shared_from_this<TlsContext> {
public:
    /// Reads the files. Error kind `config`; the endpoint is the file that is wrong.
    static Result<std::shared_ptr<TlsContext>> create(const TlsSettings& settings);

    SSL_CTX* native() const noexcept { return context_.get(); }
    bool verifies() const noexcept { return verifies_; }
    /// Whether a certificate must be that of the peer's name.
    bool verifies_name() const noexcept { return verifies_name_; }
    bool has_certificate() const noexcept { return has_certificate_; }
    /// The name to verify for connections to `host`.
    const std::string& name_for(const std::string& host) const noexcept {
        return server_name_.empty() ? host : server_name_;
    }

    /// nullptr when there is none. `peer` is the key that the stream of the session used.
    SSL_SESSION* session(const std::string& peer) const;
    /// Takes the session over, unless there is no memory for it: then false.
    bool keep_session(const std::string& peer, SSL_SESSION* session) noexcept;

private:
    using Session = std::unique_ptr<SSL_SESSION, OpensslFree<SSL_SESSION_free>>;

    TlsContext() = default;
    Result<void> load(const TlsSettings& settings);

    std::unique_ptr<SSL_CTX, OpensslFree<SSL_CTX_free>> context_;
    std::string server_name_;
    bool verifies_ = true;
    bool verifies_name_ = true;
    bool has_certificate_ = false;
    std::map<std::string, Session> sessions_;
};

}  // namespace patroni::transport
