#pragma once

#include <patroni/tls_settings.hpp>

namespace patroni::transport {

using patroni::TlsSettings;

}  // namespace patroni::transport
