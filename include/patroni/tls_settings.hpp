#pragma once

#include <patroni/secret.hpp>

#include <string>

namespace patroni {

/// How a peer is verified and how we show who we are; TLS 1.2 is the oldest version spoken.
///
/// Files are read when they are first needed, and again for the next connection after they have
/// changed: a renewed certificate needs no restart. Changed files that cannot be used are reported
/// to the trace, and what they held before goes on. Files that never could be used are Error kind
/// `config`, with the file as its endpoint.
struct TlsSettings {
    std::string ca_file;  ///< PEM; with ca_directory empty, too: the system's CAs.
    /// PEM files under their hash names, as `openssl rehash` makes them; beside ca_file.
    std::string ca_directory;
    std::string certificate_file;  ///< PEM chain; empty: no client certificate.
    std::string key_file;          ///< PEM; empty: the key is in certificate_file.
    Secret key_password;           ///< Of an encrypted key; nobody is ever asked for it.
    std::string server_name;       ///< Name to verify and to ask for (SNI); empty: the host.
    bool verify = true;            ///< False only when the user asked for it.
    /// False: the chain of certificates is verified, the host's name is not.
    bool verify_name = true;

    /// The same in every field: connections and sessions of one may be used for the other.
    friend bool operator==(const TlsSettings& a, const TlsSettings& b) {
        return a.ca_file == b.ca_file && a.ca_directory == b.ca_directory &&
               a.certificate_file == b.certificate_file && a.key_file == b.key_file &&
               a.key_password.reveal() == b.key_password.reveal() &&
               a.server_name == b.server_name && a.verify == b.verify &&
               a.verify_name == b.verify_name;
    }
};

}  // namespace patroni
