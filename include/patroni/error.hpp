#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace patroni {

/// What went wrong, for decisions in code. The words are listed with cause and next step in
/// docs/errors.md.
enum class ErrorKind {
    resolve,          ///< The host name has no address, or the name server did not answer.
    connect_refused,  ///< The host answered that nothing listens on the port.
    unreachable,      ///< No route to the host, or the network is down.
    timeout,          ///< The deadline passed.
    reset,            ///< The connection ended before the answer was complete.
    tls,              ///< The TLS handshake or the verification of the peer failed.
    protocol,         ///< The peer does not speak HTTP as expected.
    decode,           ///< The answer is not the document that was asked for.
    http_status,      ///< The server answered with a status that is no success.
    unauthorized,     ///< Credentials are missing, wrong or not sufficient (401, 403).
    not_found,        ///< The key, directory or member does not exist.
    conflict,         ///< Several members claim to be the primary.
    cancelled,        ///< The caller gave up.
    config,           ///< A configuration file or option is wrong.
    unsupported,      ///< This server version, store or build cannot do it.
    limit,            ///< An answer was larger or deeper than allowed.
    internal,         ///< A defect in this library; please report it.
};

/// How far a request got. A write that `may_have_been_sent` can have been carried out.
enum class Delivery {
    not_sent,
    may_have_been_sent,
    answered,
};

/// The word of the enumerator, such as "connect_refused".
std::string_view to_string(ErrorKind kind) noexcept;
std::string_view to_string(Delivery delivery) noexcept;

/// One failure: what was tried, against which endpoint, how far it got.
struct Error {
    ErrorKind kind = ErrorKind::internal;
    /// Detail from the operating system or TLS library; empty when there is none.
    std::error_code code;
    /// Our own words. Never contains a secret or text that a server sent.
    std::string message;
    /// `scheme://host:port`, a file name or a key; empty when there is none.
    std::string endpoint;
    /// 0 when no HTTP status was received.
    int http_status = 0;
    /// The server's own words, untrusted: escape before printing. At most 1 KiB.
    std::string server_text;
    Delivery delivery = Delivery::not_sent;
};

/// One line for people: endpoint, message, server text (escaped), delivery.
std::string to_line(const Error& error);

/// Thrown by `Result::value()` and by the blocking `Client` only.
class Failure : public std::runtime_error {
public:
    explicit Failure(Error error) : std::runtime_error(to_line(error)), error_(std::move(error)) {}
    const Error& error() const noexcept { return error_; }

private:
    Error error_;
};

}  // namespace patroni
