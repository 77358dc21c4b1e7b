#pragma once

#include <patroni/tls_settings.hpp>

#include <memory>

namespace patroni::transport {

using patroni::TlsSettings;

/// What nullptr stands for: the defaults.
const std::shared_ptr<const TlsSettings>& or_defaults(
    const std::shared_ptr<const TlsSettings>& settings);

/// Compares by value: callers make their settings anew for each call.
bool is_same_trust(const std::shared_ptr<const TlsSettings>& a,
                   const std::shared_ptr<const TlsSettings>& b);

}  // namespace patroni::transport
