#include "transport/tls_settings.hpp"

namespace patroni::transport {

const std::shared_ptr<const TlsSettings>& or_defaults(
    const std::shared_ptr<const TlsSettings>& settings) {
    static const auto defaults = std::make_shared<const TlsSettings>();
    return settings ? settings : defaults;
}

bool is_same_trust(const std::shared_ptr<const TlsSettings>& a,
                   const std::shared_ptr<const TlsSettings>& b) {
    return a == b || *or_defaults(a) == *or_defaults(b);
}

}  // namespace patroni::transport
