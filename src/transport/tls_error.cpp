#include "transport/tls_error.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace patroni::transport {
namespace {

class TlsCategory final : public std::error_category {
public:
    const char* name() const noexcept override { return "tls"; }
    std::string message(int value) const override {
        const char* reason = ERR_reason_error_string(static_cast<unsigned int>(value));
        return reason != nullptr ? reason : "unknown TLS error";
    }
};

int reason_of(std::error_code code) {
    return code.category() == tls_category()
               ? ERR_GET_REASON(static_cast<unsigned int>(code.value()))
               : 0;
}

}  // namespace

const std::error_category& tls_category() noexcept {
    static const TlsCategory category;
    return category;
}

std::error_code tls_error_code(unsigned long openssl_error) noexcept {
    return {static_cast<int>(openssl_error), tls_category()};
}

unsigned long take_openssl_error() noexcept {
    const unsigned long error = ERR_get_error();
    ERR_clear_error();
    return error;
}

bool is_certificate_required(std::error_code code) noexcept {
    return reason_of(code) == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED;
}

std::string explain_tls_error(std::error_code code, bool has_certificate) {
    switch (reason_of(code)) {
        case SSL_R_WRONG_VERSION_NUMBER:
        case SSL_R_HTTP_REQUEST:
        case SSL_R_UNEXPECTED_MESSAGE:
        case SSL_R_PACKET_LENGTH_TOO_LONG:
        case SSL_R_BAD_RECORD_TYPE:
            return "the server did not answer with TLS: does the port speak https?";
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
            return "the server requires a client certificate";
        case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
            return has_certificate ? "the server refused the TLS handshake"
                                   : "the server refused the TLS handshake: it may require a "
                                     "client certificate";
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
        case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
            return "the server does not accept our client certificate (" + code.message() + ")";
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
            return "the server says that our client certificate is expired or revoked";
        case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        case SSL_R_UNSUPPORTED_PROTOCOL:
            return "the server speaks only TLS versions that are too old (" + code.message() + ")";
        default:
            return "TLS failed (" + code.message() + ")";
    }
}

}  // namespace patroni::transport
