#pragma once

#include <string>
#include <system_error>

namespace patroni::transport {

/// Errors of OpenSSL; the value is what ERR_get_error() returned.
const std::error_category& tls_category() noexcept;
std::error_code tls_error_code(unsigned long openssl_error) noexcept;

/// The oldest error of this thread's OpenSSL queue, which is then empty; 0 when there is none.
unsigned long take_openssl_error() noexcept;

/// The server refused us because we showed no client certificate (TLS 1.3 says so only after the
/// handshake, at the first read).
bool is_certificate_required(std::error_code code) noexcept;

/// What a failed handshake, read or write means, in plain words. `has_certificate`: we had a client
/// certificate to show.
std::string explain_tls_error(std::error_code code, bool has_certificate);

}  // namespace patroni::transport
