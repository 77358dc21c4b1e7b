#pragma once

#include <patroni/secret.hpp>

#include <string>

namespace patroni {

/// How a peer is verified and how we show who we are. Files are read when they are first needed.
struct TlsSettings {
    std::string ca_file;           ///< PEM; empty: the system's CAs.
    std::string certificate_file;  ///< PEM chain; empty: no client certificate.
    std::string key_file;          ///< PEM; empty: the key is in certificate_file.
    Secret key_password;
    std::string server_name;  ///< Name to verify instead of the host; empty: the host.
    bool verify = true;       ///< False only when the user asked for it.
};

}  // namespace patroni
