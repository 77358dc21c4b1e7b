#include "unit/transport/test_certificates.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <stdlib.h>

namespace patroni::transport::test {
namespace {

void check(bool ok) {
    if (!ok) {
        throw std::runtime_error("OpenSSL failed to make a test certificate");
    }
}

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, OpensslFree<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
    check(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

using FilePtr = std::unique_ptr<std::FILE, OpensslFree<std::fclose>>;

FilePtr open_file(const std::string& path, const char* mode = "we") {
    FilePtr file(std::fopen(path.c_str(), mode));
    check(file != nullptr);
    return file;
}

}  // namespace

Identity make_identity(const std::string& common_name, const std::string& names,
                       const Identity* issuer) {
    static long serial = 1;
    Identity result;
    result.key.reset(EVP_EC_gen("P-256"));
    result.certificate.reset(X509_new());
    X509* certificate = result.certificate.get();
    check(result.key && certificate != nullptr);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, result.key.get());
    const std::string subject = common_name;
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
    X509* parent = issuer != nullptr ? issuer->certificate.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(parent));
    add_extension(certificate, parent, NID_basic_constraints,
                  issuer == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!names.empty()) {
        add_extension(certificate, parent, NID_subject_alt_name, names);
    }
    EVP_PKEY* signer = issuer != nullptr ? issuer->key.get() : result.key.get();
    check(X509_sign(certificate, signer, EVP_sha256()) > 0);
    return result;
}

TestPki::TestPki() : authority_(make_identity("Test CA", {}, nullptr)) {
    std::string name = (std::filesystem::temp_directory_path() / "patroni-tls-XXXXXX").string();
    check(::mkdtemp(name.data()) != nullptr);
    directory_ = name;
    write_certificate("ca.pem", authority_);
    const Identity client = make_identity("client", {}, &authority_);
    write_certificate("client.pem", client);
    write_key("client.key", client);
    write_key("client.encrypted.key", client, "geheim");
}

TestPki::~TestPki() {
    std::error_code ec;
    std::filesystem::remove_all(directory_, ec);
}

void TestPki::write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name) << text;
}

void TestPki::write_certificate(const std::string& name, const Identity& identity) const {
    check(PEM_write_X509(open_file(path(name)).get(), identity.certificate.get()) == 1);
}

void TestPki::write_key(const std::string& name, const Identity& identity,
                        const std::string& password) const {
    check(PEM_write_PKCS8PrivateKey(open_file(path(name)).get(), identity.key.get(),
                                    password.empty() ? nullptr : EVP_aes_128_cbc(),
                                    password.empty() ? nullptr : password.data(),
                                    static_cast<int>(password.size()), nullptr, nullptr) == 1);
}

void TestPki::append_key(const std::string& name, const Identity& identity) const {
    check(PEM_write_PKCS8PrivateKey(open_file(path(name), "ae").get(), identity.key.get(), nullptr,
                                    nullptr, 0, nullptr, nullptr) == 1);
}

ContextPtr TestPki::server(const std::string& names, bool wants_client, int max_version) const {
    const Identity identity = make_identity("server", names, &authority_);
    ContextPtr context(SSL_CTX_new(TLS_server_method()));
    check(SSL_CTX_use_certificate(context.get(), identity.certificate.get()) == 1);
    check(SSL_CTX_use_PrivateKey(context.get(), identity.key.get()) == 1);
    check(SSL_CTX_set_max_proto_version(context.get(), max_version) == 1);
    SSL_CTX_set_session_id_context(context.get(), reinterpret_cast<const unsigned char*>("t"), 1);
    if (wants_client) {
        check(SSL_CTX_load_verify_file(context.get(), path("ca.pem").c_str()) == 1);
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                           nullptr);
    }
    return context;
}

std::string TestPki::hashed_directory() const {
    std::filesystem::create_directory(directory_ / "hashed");
    char name[32];
    std::snprintf(name, sizeof name, "hashed/%08lx.0",
                  X509_subject_name_hash(authority_.certificate.get()));
    write_certificate(name, authority_);
    return path("hashed");
}

}  // namespace patroni::transport::test
