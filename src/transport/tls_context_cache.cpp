#include "transport/tls_context_cache.hpp"

#include <openssl/x509.h>

#include <algorithm>
#include <cstdlib>
#include <sys/stat.h>

namespace patroni::transport {
namespace {

/// Callers with many different settings make new contexts, not unlimited memory.
constexpr std::size_t k_max_contexts = 32;

std::string file_identity(const char* file) {
    struct stat info{};
    if (*file == '\0' || ::stat(file, &info) != 0) {
        return "-;";
    }
    return std::to_string(info.st_dev) + ',' + std::to_string(info.st_ino) + ',' +
           std::to_string(info.st_size) + ',' + std::to_string(info.st_mtim.tv_sec) + '.' +
           std::to_string(info.st_mtim.tv_nsec) + ';';
}

const char* system_ca_file() {
    const char* file = std::getenv(X509_get_default_cert_file_env());
    return file != nullptr ? file : X509_get_default_cert_file();
}

std::string files_of(const TlsSettings& settings) {
    const bool uses_system = settings.ca_file.empty() && settings.ca_directory.empty();
    std::string text = file_identity(uses_system ? system_ca_file() : settings.ca_file.c_str());
    for (const std::string* file :
         {&settings.ca_directory, &settings.certificate_file, &settings.key_file}) {
        text += file_identity(file->c_str());
    }
    return text;
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContextCache::get(
    const std::shared_ptr<const TlsSettings>& settings, Callback<void(const Error&)> on_unusable) {
    const auto& wanted = or_defaults(settings);
    std::string files = files_of(*wanted);
    const auto found = std::ranges::find_if(
        entries_, [&](const Entry& entry) { return is_same_trust(entry.settings, wanted); });
    if (found != entries_.end() && found->files == files) {
        return found->context;
    }
    auto context = TlsContext::create(*wanted);
    if (found != entries_.end()) {
        found->files = std::move(files);
        if (context) {
            found->context = *std::move(context);
        } else if (on_unusable) {
            on_unusable(context.error());
        }
        return found->context;
    }
    if (context) {
        if (entries_.size() >= k_max_contexts) {
            entries_.erase(entries_.begin());
        }
        entries_.push_back({wanted, std::move(files), *context});
    }
    return context;
}

}  // namespace patroni::transport
