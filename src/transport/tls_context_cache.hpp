#pragma once

#include "transport/tls_context.hpp"

#include <memory>
#include <string>
#include <vector>

namespace patroni::transport {

/// TlsSettings to TlsContext, made when first needed. Files that changed are read again, so a
/// renewed certificate needs no restart.
class TlsContextCache {
public:
    /// nullptr: the default settings.
    Result<std::shared_ptr<TlsContext>> get(const std::shared_ptr<const TlsSettings>& settings);

private:
    struct Entry {
        std::shared_ptr<const TlsSettings> settings;
        std::string files;  ///< What the files looked like when they were read.
        std::shared_ptr<TlsContext> context;
    };
    std::vector<Entry> entries_;
};

}  // namespace patroni::transport
