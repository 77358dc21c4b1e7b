#include "transport/tls_context_cache.hpp"

#include <algorithm>
#include <sys/stat.h>

namespace patroni::transport {
namespace {

/// Callers with many different settings make new contexts, not unlimited memory.
constexpr std::size_t k_max_contexts = 32;

bool is_same(const TlsSettings& a, const TlsSettings& b) {
    return a.ca_file == b.ca_file && a.certificate_file == b.certificate_file &&
           a.key_file == b.key_file && a.server_name == b.server_name && a.verify == b.verify &&
           a.key_password.reveal() == b.key_password.reveal();
}

std::string file_identity(const std::string& file) {
    struct stat info{};
    if (file.empty() || ::stat(file.c_str(), &info) != 0) {
        return "-;";
    }
    return std::to_string(info.st_ino) + ',' + std::to_string(info.st_size) + ',' +
           std::to_string(info.st_mtim.tv_sec) + '.' + std::to_string(info.st_mtim.tv_nsec) + ';';
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContextCache::get(
    const std::shared_ptr<const TlsSettings>& settings) {
    static const auto defaults = std::make_shared<const TlsSettings>();
    const auto& wanted = settings ? settings : defaults;
    const std::string files = file_identity(wanted->ca_file) +
                              file_identity(wanted->certificate_file) +
                              file_identity(wanted->key_file);
    const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) {
        return entry.settings == wanted || is_same(*entry.settings, *wanted);
    });
    if (found != entries_.end()) {
        if (found->files == files) {
            return found->context;
        }
        entries_.erase(found);
    }
    auto context = TlsContext::create(*wanted);
    if (context) {
        if (entries_.size() >= k_max_contexts) {
            entries_.erase(entries_.begin());
        }
        entries_.push_back({wanted, files, *context});
    }
    return context;
}

}  // namespace patroni::transport
