#include "unit/transport/client_test.hpp"
#include "unit/transport/fake_resolver.hpp"
#include "unit/transport/test_certificates.hpp"

#include <atomic>

namespace patroni::transport::test {
namespace {

class Tls : public ClientTest {
protected:
    static const TestPki& pki() {
        static const TestPki pki;
        return pki;
    }

    TlsSettings trusting() const {
        TlsSettings settings;
        settings.ca_file = pki().path("ca.pem");
        return settings;
    }

    Call tls_call_to(const LoopbackServer& server, TlsSettings settings) const {
        Call call = call_to(server.port());
        call.origin.tls = true;
        call.tls = std::make_shared<const TlsSettings>(std::move(settings));
        return call;
    }
};

void answer(Peer& peer) {
    peer.read_request();
    peer.send(k_json_answer);
}

TEST_F(Tls, VerifiesAnAddressAndGets) {
    const ContextPtr context = pki().server("IP:127.0.0.1");
    LoopbackServer server(answer, context.get());
    EXPECT_EQ(text_of(fetch(tls_call_to(server, trusting()))), "200 {\"state\": \"running\"}");
}

TEST_F(Tls, SaysGoodbyeAndDoesNotWait) {
    const ContextPtr context = pki().server("IP:127.0.0.1");
    std::atomic<bool> got_close_notify = false;
    LoopbackServer server(
        [&](Peer& peer) {
            peer.read_request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            got_close_notify = peer.wait_for_close_notify();
        },
        context.get());
    EXPECT_EQ(text_of(fetch(tls_call_to(server, trusting()))), "200 ok");
    server.join();
    EXPECT_TRUE(got_close_notify);
}

TEST_F(Tls, UnknownAuthority) {
    const TestPki other;
    const ContextPtr context = other.server("IP:127.0.0.1");
    LoopbackServer server(answer, context.get());
    const Outcome outcome = fetch(tls_call_to(server, trusting()));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::tls);
    EXPECT_TRUE(outcome.error().message.starts_with("the server's certificate is not trusted ("))
        << outcome.error().message;
    EXPECT_EQ(outcome.error().delivery, Delivery::not_sent);
    EXPECT_TRUE(outcome.error().endpoint.starts_with("https://127.0.0.1:"));
}

TEST_F(Tls, SystemAuthoritiesDoNotKnowOurs) {
    const ContextPtr context = pki().server("IP:127.0.0.1");
    LoopbackServer server(answer, context.get());
    Call call = tls_call_to(server, {});
    call.tls = nullptr;
    EXPECT_EQ(fetch(std::move(call)).error().kind, ErrorKind::tls);
}

TEST_F(Tls, NoVerificationWhenTheUserSaysSo) {
    const TestPki other;
    const ContextPtr context = other.server("DNS:elsewhere");
    LoopbackServer server(answer, context.get());
    TlsSettings settings;
    settings.verify = false;
    EXPECT_EQ(text_of(fetch(tls_call_to(server, settings))), "200 {\"state\": \"running\"}");
}

TEST_F(Tls, WrongName) {
    for (const char* names : {"IP:127.0.0.2", "DNS:127.0.0.1", "DNS:pg1"}) {
        const ContextPtr context = pki().server(names);
        LoopbackServer server(answer, context.get());
        EXPECT_EQ(text_of(fetch(tls_call_to(server, trusting()))),
                  "tls: the server's certificate is not valid for 127.0.0.1")
            << names;
    }
}

TEST_F(Tls, TheChainAloneIsVerifiedWhenTheNameDoesNotMatter) {
    TlsSettings settings = trusting();
    settings.verify_name = false;
    for (const char* names : {"IP:127.0.0.2", "DNS:pg1"}) {
        const ContextPtr context = pki().server(names);
        LoopbackServer server(answer, context.get());
        EXPECT_EQ(text_of(fetch(tls_call_to(server, settings))), "200 {\"state\": \"running\"}");
    }
    const TestPki other;
    const ContextPtr context = other.server("IP:127.0.0.1");
    LoopbackServer server(answer, context.get());
    const Outcome outcome = fetch(tls_call_to(server, settings));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::tls);
}

TEST_F(Tls, ServerNameReplacesTheHost) {
    const ContextPtr context = pki().server("DNS:pg1.example");
    LoopbackServer server(answer, context.get());
    TlsSettings settings = trusting();
    settings.server_name = "pg1.example";
    EXPECT_EQ(text_of(fetch(tls_call_to(server, settings))), "200 {\"state\": \"running\"}");
    settings.server_name = "pg2.example";
    EXPECT_EQ(text_of(fetch(tls_call_to(server, settings))),
              "tls: the server's certificate is not valid for pg2.example");
}

TEST_F(Tls, PlainPort) {
    LoopbackServer server([](Peer& peer) { peer.send("HTTP/1.0 400 Bad request\r\n\r\n"); });
    EXPECT_EQ(text_of(fetch(tls_call_to(server, trusting()))),
              "tls: the server did not answer with TLS: does the port speak https?");
}

TEST_F(Tls, PortThatClosesAtOnce) {
    LoopbackServer server([](Peer& peer) {
        peer.shut_down_sending();
        peer.wait_for_close();
    });
    EXPECT_EQ(text_of(fetch(tls_call_to(server, trusting()))),
              "tls: the server closed the connection during the TLS handshake: does the port "
              "speak https?");
}

TEST_F(Tls, PlainRequestToATlsPort) {
    const ContextPtr context = pki().server("IP:127.0.0.1");
    LoopbackServer server(answer, context.get());
    const Outcome outcome = fetch(call_to(server.port()));
    ASSERT_FALSE(outcome);
    EXPECT_NE(outcome.error().message.find("it may want https"), std::string::npos);
}

TEST_F(Tls, SilentHandshake) {
    LoopbackServer server([](Peer& peer) { peer.wait_for_close(); });
    Call call = tls_call_to(server, trusting());
    call.deadlines.connect = milliseconds(50);
    EXPECT_EQ(text_of(fetch(std::move(call))),
              "timeout: no TLS handshake in 50 ms: does the port speak https?");
}

TEST_F(Tls, ClientCertificateIsRequired) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const ContextPtr context = pki().server("IP:127.0.0.1", true, version);
        LoopbackServer server(answer, context.get());
        const Outcome outcome = fetch(tls_call_to(server, trusting()));
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().kind, ErrorKind::tls);
        EXPECT_NE(outcome.error().message.find("client certificate"), std::string::npos)
            << outcome.error().message;
        EXPECT_EQ(outcome.error().delivery, Delivery::not_sent);
    }
}

TEST_F(Tls, ClientCertificateIsShown) {
    const ContextPtr context = pki().server("IP:127.0.0.1", true);
    LoopbackServer server(answer, context.get());
    TlsSettings settings = trusting();
    settings.certificate_file = pki().path("client.pem");
    settings.key_file = pki().path("client.encrypted.key");
    settings.key_password = Secret("geheim");
    EXPECT_EQ(text_of(fetch(tls_call_to(server, settings))), "200 {\"state\": \"running\"}");
}

TEST_F(Tls, ClientCertificateOfAnotherAuthority) {
    const TestPki other;
    const ContextPtr context = pki().server("IP:127.0.0.1", true);
    LoopbackServer server(answer, context.get());
    TlsSettings settings = trusting();
    settings.certificate_file = other.path("client.pem");
    settings.key_file = other.path("client.key");
    const Outcome outcome = fetch(tls_call_to(server, settings));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::tls);
    EXPECT_TRUE(outcome.error().message.starts_with("the server does not accept our client"))
        << outcome.error().message;
}

TEST_F(Tls, TruncationIsNotedButCompleteJsonIsTaken) {
    const ContextPtr context = pki().server("IP:127.0.0.1");
    LoopbackServer server(
        [](Peer& peer) {
            peer.read_request();
            peer.send(peer.number() == 1 ? k_json_answer
                                         : std::string(k_json_answer).substr(0, 70));
            peer.close_without_goodbye();
        },
        context.get());
    EXPECT_EQ(text_of(fetch(tls_call_to(server, trusting()))), "200 {\"state\": \"running\"}");
    EXPECT_EQ(fetch(tls_call_to(server, trusting())).error().kind, ErrorKind::reset);
}

TEST_F(Tls, SessionsAreResumed) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const ContextPtr context = pki().server("IP:127.0.0.1", false, version);
        std::atomic<int> resumed = 0;
        LoopbackServer server(
            [&](Peer& peer) {
                resumed += peer.was_resumed() ? 1 : 0;
                answer(peer);
            },
            context.get());
        for (int i = 0; i < 3; ++i) {
            EXPECT_TRUE(fetch(tls_call_to(server, trusting())));
        }
        server.join();
        EXPECT_EQ(resumed, 2);
    }
}

TEST_F(Tls, KeptConnectionAndLargeBodies) {
    const ContextPtr context = pki().server("IP:127.0.0.1");
    const std::string body(2'000'000, 'x');
    LoopbackServer server(
        [&](Peer& peer) {
            while (!peer.read_request().empty()) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + body);
            }
        },
        context.get());
    for (int i = 0; i < 2; ++i) {
        Call call = tls_call_to(server, trusting());  // Settings of its own, with the same values.
        call.keep_alive = true;
        call.request.method = "PUT";
        call.request.body = body;
        const Outcome outcome = fetch_quickly(std::move(call));
        ASSERT_TRUE(outcome);
        EXPECT_EQ(outcome->body.size(), body.size());
    }
    EXPECT_EQ(server.connections(), 1);
    client_.reset();
}

TEST_F(Tls, AKeptConnectionIsForEqualSettingsOnly) {
    const ContextPtr context = pki().server("IP:127.0.0.1,DNS:pg1");
    LoopbackServer server(
        [](Peer& peer) {
            while (!peer.read_request().empty()) {
                peer.send(k_kept_answer);
            }
        },
        context.get());
    TlsSettings insecure = trusting();
    insecure.verify = false;
    TlsSettings named = trusting();
    named.server_name = "pg1";
    int expected = 0;
    for (const TlsSettings& settings : {insecure, trusting(), named}) {
        ++expected;
        for (int i = 0; i < 3; ++i) {
            Call call = tls_call_to(server, settings);
            call.keep_alive = true;
            EXPECT_EQ(text_of(fetch_quickly(std::move(call))), "200 ok");
            EXPECT_EQ(server.connections(), expected);
        }
    }
    client_.reset();
}

TEST_F(Tls, SessionsAreForEqualSettingsOnly) {
    const ContextPtr context = pki().server("IP:127.0.0.1,DNS:pg1");
    std::atomic<int> resumed = 0;
    LoopbackServer server(
        [&](Peer& peer) {
            resumed += peer.was_resumed() ? 1 : 0;
            answer(peer);
        },
        context.get());
    TlsSettings insecure = trusting();
    insecure.verify = false;
    TlsSettings named = trusting();
    named.server_name = "pg1";
    for (const TlsSettings& settings : {insecure, trusting(), named}) {
        EXPECT_TRUE(fetch(tls_call_to(server, settings)));
    }
    server.join();
    EXPECT_EQ(resumed, 0);
}

TEST_F(Tls, DirectoryOfAuthorities) {
    const ContextPtr context = pki().server("IP:127.0.0.1");
    LoopbackServer server(answer, context.get());
    TlsSettings settings;
    settings.ca_directory = pki().hashed_directory();
    EXPECT_EQ(text_of(fetch(tls_call_to(server, settings))), "200 {\"state\": \"running\"}");
    const TestPki other;
    settings.ca_directory = other.hashed_directory();
    EXPECT_EQ(fetch(tls_call_to(server, settings)).error().kind, ErrorKind::tls);
}

TEST_F(Tls, AWrongPasswordIsAnErrorOfTheFile) {
    LoopbackServer server([](Peer& peer) { peer.wait_for_close(); });
    TlsSettings settings = trusting();
    settings.certificate_file = pki().path("client.pem");
    settings.key_file = pki().path("client.encrypted.key");
    for (const char* password : {"", "falsch"}) {
        settings.key_password = Secret(password);
        const Outcome outcome = fetch(tls_call_to(server, settings));
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().kind, ErrorKind::config);
        EXPECT_EQ(outcome.error().endpoint, settings.key_file);
        EXPECT_EQ(outcome.error().delivery, Delivery::not_sent);
    }
    EXPECT_EQ(server.connections(), 0);
}

TEST_F(Tls, ARenewedCertificateIsShownWithoutRestart) {
    const TestPki own;
    const ContextPtr context = own.server("IP:127.0.0.1", true);
    LoopbackServer server(
        [](Peer& peer) { peer.send("HTTP/1.0 200 OK\r\n\r\n" + peer.shown_name()); },
        context.get());
    std::string lines;
    HttpClient::Options options;
    options.trace = [&](std::string_view line) { lines.append(line).append("\n"); };
    make_client(std::move(options));
    TlsSettings settings;
    settings.ca_file = own.path("ca.pem");
    settings.certificate_file = own.path("client.pem");
    settings.key_file = own.path("client.key");
    EXPECT_EQ(text_of(fetch(tls_call_to(server, settings))), "200 client");

    const Identity renewed = make_identity("renewed", {}, &own.authority());
    own.write_certificate("client.pem", renewed);
    EXPECT_EQ(text_of(fetch(tls_call_to(server, settings))), "200 client");
    EXPECT_NE(lines.find("changed TLS files cannot be used"), std::string::npos) << lines;
    own.write_key("client.key", renewed);
    EXPECT_EQ(text_of(fetch(tls_call_to(server, settings))), "200 renewed");
}

/// Patroni since 2.1.5 closes first, and a worker of its waits for our close_notify.
TEST_F(Tls, AnswersCloseNotifyAtOnce) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const ContextPtr context = pki().server("IP:127.0.0.1", false, version);
        std::atomic<bool> got_close_notify = false;
        LoopbackServer server(
            [&](Peer& peer) {
                peer.read_request();
                peer.send(k_json_answer);
                peer.send_close_notify();
                got_close_notify = peer.wait_for_close_notify();
            },
            context.get());
        EXPECT_EQ(text_of(fetch(tls_call_to(server, trusting()))), "200 {\"state\": \"running\"}");
        server.join();
        EXPECT_TRUE(got_close_notify);
    }
}

TEST_F(Tls, ServersThatAreTooOldAreRefused) {
    const ContextPtr context = pki().server("IP:127.0.0.1", false, TLS1_1_VERSION);
    SSL_CTX_set_security_level(context.get(), 0);
    LoopbackServer server(answer, context.get());
    const Outcome outcome = fetch(tls_call_to(server, trusting()));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::tls);
    EXPECT_TRUE(outcome.error().message.starts_with("the server speaks only TLS versions"))
        << outcome.error().message;
}

}  // namespace
}  // namespace patroni::transport::test
