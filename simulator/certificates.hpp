#pragma once

#include <patroni/simulator.hpp>

#include <boost/asio/ssl/context.hpp>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <map>
#include <memory>
#include <string>

namespace patroni::simulation {

template <auto Free>
struct OpensslDelete {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

/// A key and its certificate.
struct Identity {
    std::unique_ptr<EVP_PKEY, OpensslDelete<EVP_PKEY_free>> key;
    std::unique_ptr<X509, OpensslDelete<X509_free>> certificate;
};

/// The simulator's own CA and the server certificates that it signs, all in memory and made when
/// they are first needed.
class Certificates {
public:
    /// nullptr for `off`.
    std::shared_ptr<boost::asio::ssl::context> server(SimulatedTls kind);
    std::string ca_pem();

private:
    const Identity& authority();

    Identity authority_;
    std::map<SimulatedTls, std::shared_ptr<boost::asio::ssl::context>> servers_;
};

}  // namespace patroni::simulation
