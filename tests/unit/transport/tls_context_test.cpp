#include "transport/tls_context_cache.hpp"
#include "unit/transport/test_certificates.hpp"

#include <gtest/gtest.h>

namespace patroni::transport::test {
namespace {

class TlsContextTest : public testing::Test {
protected:
    std::string failure_of(const TlsSettings& settings, const std::string& file) {
        const auto context = TlsContext::create(settings);
        if (context) {
            return "loaded";
        }
        EXPECT_EQ(context.error().kind, ErrorKind::config);
        EXPECT_EQ(context.error().endpoint, file);
        return context.error().message;
    }

    TlsSettings with_client(const std::string& certificate, const std::string& key,
                            const std::string& password = {}) {
        TlsSettings settings;
        settings.ca_file = pki_.path("ca.pem");
        settings.certificate_file = pki_.path(certificate);
        settings.key_file = pki_.path(key);
        settings.key_password = Secret(password);
        return settings;
    }

    TestPki pki_;
};

TEST_F(TlsContextTest, LoadsWhatIsRight) {
    EXPECT_TRUE(TlsContext::create(with_client("client.pem", "client.key")));
    EXPECT_TRUE(TlsContext::create(with_client("client.pem", "client.encrypted.key", "geheim")));
}

TEST_F(TlsContextTest, CertificateAndKeyInOneFile) {
    const Identity both = make_identity("both", {}, &pki_.authority());
    pki_.write_certificate("both.pem", both);
    pki_.append_key("both.pem", both);
    TlsSettings settings = with_client("both.pem", "");
    settings.key_file.clear();
    EXPECT_TRUE(TlsContext::create(settings));
}

TEST_F(TlsContextTest, NamesTheFileThatIsMissing) {
    TlsSettings settings;
    settings.ca_file = pki_.path("none.pem");
    EXPECT_EQ(failure_of(settings, settings.ca_file),
              "cannot read the CA file (No such file or directory)");
    settings = with_client("none.pem", "client.key");
    EXPECT_EQ(failure_of(settings, settings.certificate_file),
              "cannot read the client certificate (No such file or directory)");
    settings = with_client("client.pem", "none.key");
    EXPECT_EQ(failure_of(settings, settings.key_file),
              "cannot read the key of the client certificate (No such file or directory)");
}

TEST_F(TlsContextTest, NamesTheFileThatIsWrong) {
    pki_.write("garbage", "no PEM\n");
    TlsSettings settings;
    settings.ca_file = pki_.path("garbage");
    EXPECT_TRUE(failure_of(settings, settings.ca_file).starts_with("the file holds no usable CA"));
    settings = with_client("garbage", "client.key");
    EXPECT_TRUE(failure_of(settings, settings.certificate_file)
                    .starts_with("the file holds no usable certificate in PEM form"));
    settings = with_client("client.pem", "garbage");
    EXPECT_TRUE(failure_of(settings, settings.key_file)
                    .starts_with("the file holds no usable private key in PEM form"));
}

TEST_F(TlsContextTest, Passwords) {
    TlsSettings settings = with_client("client.pem", "client.encrypted.key", "falsch");
    const std::string wrong = failure_of(settings, settings.key_file);
    EXPECT_TRUE(wrong.starts_with("the password of the private key is wrong")) << wrong;
    EXPECT_EQ(wrong.find("falsch"), std::string::npos);
    settings = with_client("client.pem", "client.encrypted.key");
    EXPECT_TRUE(failure_of(settings, settings.key_file)
                    .starts_with("the private key is encrypted and no password is set"));
}

TEST_F(TlsContextTest, KeyOfAnotherCertificate) {
    pki_.write_key("other.key", make_identity("other", {}, &pki_.authority()));
    const TlsSettings settings = with_client("client.pem", "other.key");
    EXPECT_TRUE(failure_of(settings, settings.key_file)
                    .starts_with("the private key does not belong to the certificate"));
}

TEST_F(TlsContextTest, TheCacheKeepsContextsUntilAFileChanges) {
    TlsContextCache cache;
    const auto settings =
        std::make_shared<const TlsSettings>(with_client("client.pem", "client.key"));
    const auto first = cache.get(settings);
    ASSERT_TRUE(first);
    EXPECT_EQ(*cache.get(settings), *first);
    EXPECT_EQ(*cache.get(std::make_shared<const TlsSettings>(*settings)), *first);

    TlsSettings without = *settings;
    without.verify = false;
    EXPECT_NE(*cache.get(std::make_shared<const TlsSettings>(without)), *first);

    const Identity renewed = make_identity("renewed", {}, &pki_.authority());
    pki_.write_certificate("client.pem", renewed);
    EXPECT_FALSE(cache.get(settings)) << "the old key does not fit";
    pki_.write_key("client.key", renewed);
    const auto second = cache.get(settings);
    ASSERT_TRUE(second);
    EXPECT_NE(*second, *first);
}

}  // namespace
}  // namespace patroni::transport::test
