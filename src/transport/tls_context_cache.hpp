#pragma once

#include "transport/tls_context.hpp"

#include <patroni/callback.hpp>

#include <memory>
#include <string>
#include <vector>

namespace patroni::transport {

/// TlsSettings to TlsContext, made when first needed. Files that changed are read again, so a
/// renewed certificate needs no restart.
class TlsContextCache {
public:
    /// nullptr: the default settings. When files have changed and cannot be used, the context of
    /// what they held before goes on, and `on_unusable` (if there is one) is told why: once for
    /// each change. Looks at the files each time (stat), so it is meant for new connections.
    Result<std::shared_ptr<TlsContext>> get(const std::shared_ptr<const TlsSettings>& settings,
                                            Callback<void(const Error&)> on_unusable = nullptr);

private:
    struct Entry {
        std::shared_ptr<const TlsSettings> settings;
        std::string files;  ///< What the files looked like when they were last read.
        std::shared_ptr<TlsContext> context;
    };
    std::vector<Entry> entries_;
};

}  // namespace patroni::transport
