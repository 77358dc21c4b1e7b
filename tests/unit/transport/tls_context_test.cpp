#include "transport/tls_context_cache.hpp"
#include "unit/transport/test_certificates.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

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
    pki_.write_key("client.key", renewed);
    const auto second = cache.get(settings);
    ASSERT_TRUE(second);
    EXPECT_NE(*second, *first);
    EXPECT_EQ(*cache.get(settings), *second);
}

TEST_F(TlsContextTest, ChangedFilesThatAreBrokenAreReportedOnceAndNotUsed) {
    TlsContextCache cache;
    std::vector<std::string> reports;
    const auto settings =
        std::make_shared<const TlsSettings>(with_client("client.pem", "client.key"));
    const auto get = [&] {
        return cache.get(settings, [&](const Error& error) {
            reports.push_back(error.endpoint + ": " + error.message);
        });
    };
    const auto first = get();
    ASSERT_TRUE(first);

    const Identity renewed = make_identity("renewed", {}, &pki_.authority());
    pki_.write_certificate("client.pem", renewed);
    EXPECT_EQ(*get(), *first) << "the old key does not fit";
    EXPECT_EQ(*get(), *first);
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_TRUE(reports[0].starts_with(settings->key_file + ": the private key does not belong"))
        << reports[0];

    std::filesystem::remove(settings->ca_file);
    EXPECT_EQ(*get(), *first);
    ASSERT_EQ(reports.size(), 2u);
    EXPECT_EQ(reports[1],
              settings->ca_file + ": cannot read the CA file (No such file or directory)");

    pki_.write_key("client.key", renewed);
    pki_.write_certificate("ca.pem", pki_.authority());
    const auto second = get();
    ASSERT_TRUE(second);
    EXPECT_NE(*second, *first);
    EXPECT_EQ(reports.size(), 2u);
}

TEST_F(TlsContextTest, FilesThatNeverCouldBeUsedAreAnErrorEachTime) {
    TlsContextCache cache;
    const auto settings =
        std::make_shared<const TlsSettings>(with_client("client.pem", "none.key"));
    for (int i = 0; i < 2; ++i) {
        const auto context = cache.get(settings, [](const Error&) { FAIL() << "no old context"; });
        ASSERT_FALSE(context);
        EXPECT_EQ(context.error().endpoint, settings->key_file);
    }
    pki_.write_key("none.key", make_identity("other", {}, &pki_.authority()));
    EXPECT_FALSE(cache.get(settings));
    std::filesystem::copy_file(pki_.path("client.key"), settings->key_file,
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_TRUE(cache.get(settings));
}

TEST_F(TlsContextTest, EveryFieldMakesADifference) {
    const TlsSettings base = with_client("client.pem", "client.key", "a");
    std::vector<TlsSettings> others(7, base);
    others[0].ca_file.clear();
    others[1].ca_directory = "/etc";
    others[2].certificate_file.clear();
    others[3].key_file.clear();
    others[4].key_password = Secret("b");
    others[5].server_name = "pg1";
    others[6].verify = false;
    EXPECT_TRUE(base == TlsSettings(base));
    for (const TlsSettings& other : others) {
        EXPECT_FALSE(base == other);
    }
    EXPECT_TRUE(is_same_trust(nullptr, std::make_shared<const TlsSettings>()));
    EXPECT_FALSE(is_same_trust(nullptr, std::make_shared<const TlsSettings>(base)));
}

TEST_F(TlsContextTest, DirectoriesOfAuthorities) {
    TlsSettings settings;
    settings.ca_directory = pki_.path("none");
    EXPECT_EQ(failure_of(settings, settings.ca_directory),
              "cannot read the CA directory (No such file or directory)");
    settings.ca_directory = pki_.path("");
    EXPECT_TRUE(failure_of(settings, settings.ca_directory)
                    .starts_with("the CA directory holds no certificate under its hash name"));
    settings.ca_directory = pki_.hashed_directory();
    EXPECT_EQ(failure_of(settings, settings.ca_directory), "loaded");
}

TEST_F(TlsContextTest, AnEncryptedCertificateFileAsksNobody) {
    pki_.write("encrypted.pem",
               "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
               "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
               "AAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE-----\n");
    const TlsSettings settings = with_client("encrypted.pem", "client.key");
    EXPECT_TRUE(failure_of(settings, settings.certificate_file)
                    .starts_with("the file holds no usable certificate in PEM form"));
}

}  // namespace
}  // namespace patroni::transport::test
