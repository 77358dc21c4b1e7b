#pragma once

#include "transport/tls_context.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>

namespace patroni::transport::test {

using CertificatePtr = std::unique_ptr<X509, OpensslFree<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, OpensslFree<SSL_CTX_free>>;

/// A key and its certificate.
struct Identity {
    KeyPtr key;
    CertificatePtr certificate;
};

/// `names` as in openssl.cnf ("DNS:pg1,IP:127.0.0.1"), empty for a CA; signed by `issuer`, or by
/// itself.
Identity make_identity(const std::string& common_name, const std::string& names,
                       const Identity* issuer);

/// The files and servers of one public key infrastructure, in a directory that is removed.
class TestPki {
public:
    TestPki();
    ~TestPki();
    TestPki(const TestPki&) = delete;
    TestPki& operator=(const TestPki&) = delete;

    std::string path(const std::string& name) const { return (directory_ / name).string(); }
    void write(const std::string& name, const std::string& text) const;
    void write_certificate(const std::string& name, const Identity& identity) const;
    /// Behind what is in the file.
    void append_key(const std::string& name, const Identity& identity) const;
    void write_key(const std::string& name, const Identity& identity,
                   const std::string& password = {}) const;

    /// A server that shows a certificate for `names`; with `wants_client` only to clients of the
    /// same CA.
    ContextPtr server(const std::string& names, bool wants_client = false,
                      int max_version = TLS1_3_VERSION) const;

    /// A directory with the CA's certificate under its hash name.
    std::string hashed_directory() const;

    const Identity& authority() const { return authority_; }

private:
    std::filesystem::path directory_;
    Identity authority_;
};

}  // namespace patroni::transport::test
