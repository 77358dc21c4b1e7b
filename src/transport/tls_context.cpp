#include "transport/tls_context.hpp"

#include "transport/tls_error.hpp"
#include "transport/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <new>
#include <unistd.h>

namespace patroni::transport {
namespace {

constexpr std::size_t k_max_sessions = 4096;

Error file_error(const std::string& file, std::string message, std::error_code code) {
    Error error;
    error.kind = ErrorKind::config;
    error.code = code;
    error.message = std::move(message);
    error.endpoint = file;
    return error;
}

Error openssl_file_error(const std::string& file, const std::string& message) {
    const std::error_code code = tls_error_code(take_openssl_error());
    return file_error(file, message + " (" + code.message() + ")", code);
}

/// OpenSSL's own messages do not tell a missing file from a broken one.
Result<void> check_readable(const std::string& file, const std::string& what) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        const std::error_code code(errno, std::system_category());
        return file_error(file, "cannot read the " + what + " (" + code.message() + ")", code);
    }
    ::close(fd);
    return {};
}

struct PasswordState {
    const std::string* password;
    bool was_asked = false;
};

/// Given to OpenSSL also when there is no password: its default asks on the terminal.
int give_password(char* buffer, int size, int, void* argument) {
    auto& state = *static_cast<PasswordState*>(argument);
    state.was_asked = true;
    const std::size_t length = state.password->size();
    if (length == 0 || length > static_cast<std::size_t>(size)) {
        return -1;
    }
    state.password->copy(buffer, length);
    return static_cast<int>(length);
}

int refuse_password(char*, int, int, void*) {
    return -1;
}

Result<void> load_key(SSL_CTX* context, const std::string& file, const Secret& password) {
    if (auto readable = check_readable(file, "key of the client certificate"); !readable) {
        return readable;
    }
    PasswordState state{&password.reveal()};
    const std::unique_ptr<BIO, OpensslFree<BIO_free_all>> bio(BIO_new_file(file.c_str(), "r"));
    const std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>> key(
        bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &state) : nullptr);
    if (!key) {
        if (!state.was_asked) {
            return openssl_file_error(file, "the file holds no usable private key in PEM form");
        }
        return openssl_file_error(file, password.empty()
                                            ? "the private key is encrypted and no password is set"
                                            : "the password of the private key is wrong");
    }
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
        return openssl_file_error(file, "the private key does not belong to the certificate");
    }
    return {};
}

Result<void> load_certificate(SSL_CTX* context, const TlsSettings& settings) {
    const std::string& file = settings.certificate_file;
    if (auto readable = check_readable(file, "client certificate"); !readable) {
        return readable;
    }
    if (SSL_CTX_use_certificate_chain_file(context, file.c_str()) != 1) {
        return openssl_file_error(file, "the file holds no usable certificate in PEM form");
    }
    const std::string& key_file = settings.key_file.empty() ? file : settings.key_file;
    return load_key(context, key_file, settings.key_password);
}

/// As `openssl rehash` names them: eight hexadecimal digits, a dot, a number.
bool is_hash_name(const std::string& name) {
    return name.size() >= 10 && name[8] == '.' && name.find_first_not_of("0123456789abcdef") == 8 &&
           name.find_first_not_of("0123456789", 9) == std::string::npos;
}

/// OpenSSL looks into the directory at the first handshake, and says nothing when it is of no use.
Result<void> load_directory(SSL_CTX* context, const std::string& directory) {
    std::error_code ec;
    std::filesystem::directory_iterator files(directory, ec);
    bool found = false;
    for (; !ec && !found && files != std::filesystem::directory_iterator(); files.increment(ec)) {
        found = is_hash_name(files->path().filename().string());
    }
    if (ec) {
        return file_error(directory, "cannot read the CA directory (" + ec.message() + ")", ec);
    }
    if (!found) {
        return file_error(directory,
                          "the CA directory holds no certificate under its hash name: run "
                          "`openssl rehash` on it",
                          std::make_error_code(std::errc::no_such_file_or_directory));
    }
    if (SSL_CTX_load_verify_dir(context, directory.c_str()) != 1) {
        return openssl_file_error(directory, "the CA directory cannot be used");
    }
    return {};
}

Result<void> load_authorities(SSL_CTX* context, const TlsSettings& settings) {
    const std::string& file = settings.ca_file;
    if (file.empty() && settings.ca_directory.empty()) {
        // 22 ms in OpenSSL 3.0: the reason why contexts are made at the first https call.
        SSL_CTX_set_default_verify_paths(context);
        ERR_clear_error();
        return {};
    }
    if (!file.empty()) {
        if (auto readable = check_readable(file, "CA file"); !readable) {
            return readable;
        }
        if (SSL_CTX_load_verify_file(context, file.c_str()) != 1) {
            return openssl_file_error(file, "the file holds no usable CA certificate in PEM form");
        }
    }
    return settings.ca_directory.empty() ? Result<void>()
                                         : load_directory(context, settings.ca_directory);
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::create(const TlsSettings& settings) {
    const std::shared_ptr<TlsContext> result(new TlsContext);
    if (auto loaded = result->load(settings); !loaded) {
        return std::move(loaded).error();
    }
    return result;
}

Result<void> TlsContext::load(const TlsSettings& settings) {
    ERR_clear_error();
    context_.reset(SSL_CTX_new(TLS_client_method()));
    if (!context_) {
        return openssl_file_error({}, "TLS cannot be set up");
    }
    SSL_CTX* context = context_.get();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(context, &TlsStream::on_new_session);
    // What may be encrypted in a certificate file: OpenSSL's default asks on the terminal.
    SSL_CTX_set_default_passwd_cb(context, refuse_password);
    server_name_ = settings.server_name;
    verifies_ = settings.verify;
    verifies_name_ = settings.verify_name;
    has_certificate_ = !settings.certificate_file.empty();
    SSL_CTX_set_verify(context, verifies_ ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    if (verifies_) {
        if (auto loaded = load_authorities(context, settings); !loaded) {
            return loaded;
        }
    }
    return has_certificate_ ? load_certificate(context, settings) : Result<void>();
}

SSL_SESSION* TlsContext::session(const std::string& peer) const {
    const auto found = sessions_.find(peer);
    return found == sessions_.end() ? nullptr : found->second.get();
}

bool TlsContext::keep_session(const std::string& peer, SSL_SESSION* session) noexcept {
    try {
        if (sessions_.size() >= k_max_sessions && !sessions_.contains(peer)) {
            sessions_.erase(sessions_.begin());
        }
        sessions_[peer].reset(session);
        return true;
    } catch (const std::bad_alloc&) {
        return false;  // Nothing may be thrown through OpenSSL; the next handshake is a full one.
    }
}

}  // namespace patroni::transport
