#include "simulator/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace patroni::simulation {
namespace {

namespace ssl = boost::asio::ssl;

constexpr long hour = 3600;

void check(bool ok) {
    if (!ok) {
        throw std::runtime_error("patroni::Simulator: OpenSSL failed to make a certificate");
    }
}

void add_extension(X509* certificate, X509* issuer, int id, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, OpensslDelete<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, id, value));
    check(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

struct Wanted {
    const char* common_name;
    const char* names = nullptr;  ///< As in openssl.cnf; nullptr for a CA.
    long not_before = -24 * hour;
    long not_after = 24 * hour;
};

/// Signed by the issuer, or by itself.
Identity make_identity(const Wanted& wanted, const Identity* issuer) {
    static long serial = 1;
    Identity made;
    made.key.reset(EVP_EC_gen("P-256"));
    made.certificate.reset(X509_new());
    X509* certificate = made.certificate.get();
    check(made.key && certificate != nullptr);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), wanted.not_before);
    X509_gmtime_adj(X509_getm_notAfter(certificate), wanted.not_after);
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(wanted.common_name), -1, -1,
                               0);
    X509* parent = issuer != nullptr ? issuer->certificate.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(parent));
    add_extension(certificate, parent, NID_basic_constraints,
                  issuer == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (wanted.names != nullptr) {
        add_extension(certificate, parent, NID_subject_alt_name, wanted.names);
    }
    EVP_PKEY* signer = issuer != nullptr ? issuer->key.get() : made.key.get();
    check(X509_sign(certificate, signer, EVP_sha256()) > 0);
    return made;
}

Identity make_server(SimulatedTls kind, const Identity& authority) {
    constexpr const char* here = "IP:127.0.0.1,DNS:localhost";
    switch (kind) {
        case SimulatedTls::expired:
            return make_identity({"server", here, -24 * hour, -hour}, &authority);
        case SimulatedTls::wrong_name:
            return make_identity({"server", "DNS:other.invalid"}, &authority);
        case SimulatedTls::unknown_ca: {
            const Identity stranger = make_identity({"Unknown CA"}, nullptr);
            return make_identity({"server", here}, &stranger);
        }
        case SimulatedTls::off:
        case SimulatedTls::valid:
            break;
    }
    return make_identity({"server", here}, &authority);
}

}  // namespace

const Identity& Certificates::authority() {
    if (!authority_.key) {
        authority_ = make_identity({"Simulated CA"}, nullptr);
    }
    return authority_;
}

std::shared_ptr<ssl::context> Certificates::server(SimulatedTls kind) {
    if (kind == SimulatedTls::off) {
        return nullptr;
    }
    std::shared_ptr<ssl::context>& context = servers_[kind];
    if (!context) {
        const Identity identity = make_server(kind, authority());
        auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
        SSL_CTX* native = made->native_handle();
        check(SSL_CTX_use_certificate(native, identity.certificate.get()) == 1);
        check(SSL_CTX_use_PrivateKey(native, identity.key.get()) == 1);
        context = std::move(made);
    }
    return context;
}

std::string Certificates::ca_pem() {
    const std::unique_ptr<BIO, OpensslDelete<BIO_free>> memory(BIO_new(BIO_s_mem()));
    check(memory && PEM_write_bio_X509(memory.get(), authority().certificate.get()) == 1);
    std::string text(BIO_ctrl_pending(memory.get()), '\0');
    check(BIO_read(memory.get(), text.data(), static_cast<int>(text.size())) ==
          static_cast<int>(text.size()));
    return text;
}

}  // namespace patroni::simulation
