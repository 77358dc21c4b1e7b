#include "transport/tls_stream.hpp"

#include "transport/resolver.hpp"
#include "transport/tls_error.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace patroni::transport {
namespace {

/// Finds the stream of an SSL. (A slot of our own; SSL_set_app_data is used by others, too.)
int stream_index() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

int clamped(std::size_t size) {
    return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

}  // namespace

TlsStream::TlsStream(boost::asio::ip::tcp::socket socket_in, std::shared_ptr<TlsContext> context,
                     const HostPort& address)
    : Stream(std::move(socket_in)),
      context_(std::move(context)),
      name_(context_->name_for(address.host)),
      peer_(address.text()),
      ssl_(SSL_new(context_->native())) {
    bio_state_.fd = socket().native_handle();
    BIO* bio = ssl_ ? new_socket_bio(bio_state_) : nullptr;
    if (bio == nullptr) {
        ssl_.reset();
        return;
    }
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_ex_data(ssl_.get(), stream_index(), this);
    SSL_set_connect_state(ssl_.get());
    set_peer(name_.substr(0, name_.find('%')));  // A zone is no part of the name.
    if (SSL_SESSION* session = context_->session(peer_)) {
        SSL_set_session(ssl_.get(), session);
    }
}

TlsStream::~TlsStream() {
    if (ssl_ && !is_broken_) {
        // An SSL freed without shutdown makes its session useless for the next connection.
        SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }
}

void TlsStream::set_peer(const std::string& host) {
    X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl_.get());
    if (numeric_endpoint(host, 0)) {
        if (context_->verifies_name()) {
            X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str());
        }
        return;
    }
    if (context_->verifies_name()) {
        X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
    }
    std::string name = host;  // What SSL_set_tlsext_host_name does, without its C cast.
    SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

void TlsStream::forget_errors() {
    ERR_clear_error();
    bio_state_.code.clear();  // After a failed write, a read can still bring the reason.
}

IoResult TlsStream::handshake() {
    forget_errors();
    return ssl_ ? result_of(SSL_do_handshake(ssl_.get())) : result_of(-1);
}

IoResult TlsStream::read_some(char* data, std::size_t size) {
    forget_errors();
    return result_of(SSL_read(ssl_.get(), data, clamped(size)));
}

IoResult TlsStream::write_some(std::string_view bytes) {
    forget_errors();
    return result_of(SSL_write(ssl_.get(), bytes.data(), clamped(bytes.size())));
}

IoResult TlsStream::result_of(int returned) {
    if (returned > 0) {
        return {Io::done, static_cast<std::size_t>(returned), {}};
    }
    switch (ssl_ ? SSL_get_error(ssl_.get(), returned) : SSL_ERROR_SSL) {
        case SSL_ERROR_WANT_READ:
            return {Io::want_read, 0, {}};
        case SSL_ERROR_WANT_WRITE:
            return {Io::want_write, 0, {}};
        case SSL_ERROR_ZERO_RETURN:
            return {Io::eof, 0, {}};
        default:
            break;
    }
    is_broken_ = true;
    const unsigned long error = take_openssl_error();
    if (bio_state_.code) {
        failure_ = bio_state_.code;
        return {Io::failed, 0, failure_};
    }
    if (bio_state_.is_eof) {
        return {Io::truncated, 0, {}};
    }
    failure_ = tls_error_code(error);
    return {Io::failed, 0, failure_};
}

std::string TlsStream::tls_failure() const {
    const long verdict = ssl_ ? SSL_get_verify_result(ssl_.get()) : X509_V_OK;
    if (!context_->verifies() || verdict == X509_V_OK) {
        return explain_tls_error(failure_, context_->has_certificate());
    }
    if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) {
        return "the server's certificate is not valid for " + name_;
    }
    return std::string("the server's certificate is not trusted (") +
           X509_verify_cert_error_string(verdict) + ")";
}

void TlsStream::say_goodbye() {
    if (ssl_ && !is_broken_ && SSL_is_init_finished(ssl_.get()) != 0) {
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }
}

int TlsStream::on_new_session(SSL* ssl, SSL_SESSION* session) {
    auto* self = static_cast<TlsStream*>(SSL_get_ex_data(ssl, stream_index()));
    if (self == nullptr) {
        return 0;
    }
    // 1: we hold the reference now.
    return self->context_->keep_session(self->peer_, session) ? 1 : 0;
}

}  // namespace patroni::transport
