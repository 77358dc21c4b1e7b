#pragma once

#include "protocol/http_message.hpp"
#include "transport/service_record.hpp"
#include "transport/tls_settings.hpp"

#include <patroni/callback.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>
#include <patroni/url.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace patroni::transport {

class Channel;
class Resolver;

using SteadyTime = std::chrono::steady_clock::time_point;

/// Limits in time of one call; the earliest one that passes ends it.
struct Deadlines {
    SteadyTime total;  ///< For everything, also waiting for the turn at this host.
    /// Resolving and connecting (one address), and the TLS handshake, each at most this long.
    std::chrono::milliseconds connect{1000};
    /// From the request sent to the first byte of the answer; 0: only `total` counts.
    std::chrono::milliseconds first_byte{0};
};

/// Takes an answer with status 200 while it arrives: a stream of events has no end. Called from the
/// io_context; may cancel the call. Answers with another status come whole, as ever.
struct BodySink {
    Callback<void(const protocol::Response& head)> head;  ///< Once, first; without a body.
    Callback<void(std::string_view)> body;                ///< Pieces as they come, never empty.
};

/// One request to one origin.
struct Call {
    Origin origin;
    protocol::Request request;
    Deadlines deadlines;
    protocol::ResponseLimits limits;
    std::shared_ptr<const TlsSettings> tls;  ///< Needed when origin.tls; nullptr: the defaults.
    /// Ask for HTTP/1.1 keep-alive and keep the connection for the next call (etcd, Consul).
    /// Patroni answers one request for each connection: false.
    bool keep_alive = false;
    /// May be sent a second time when a kept connection turns out to be dead before any byte of the
    /// answer came. GET and HEAD always may.
    bool idempotent = false;
    /// nullptr: the answer comes whole. Else `limits.body_bytes` counts for one piece, the
    /// response of the end has no body, and TCP finds out when the peer is gone (15 s).
    std::shared_ptr<BodySink> sink;
};

/// Sends requests over TCP or TLS, one at a time for each host and port, the others wait for their
/// turn in order (a long poll holds the turn: give it an HttpClient of its own).
/// Everything runs on the io_context's one thread; not thread-safe. The io_context outlives it.
class HttpClient {
public:
    struct Options {
        std::size_t max_connections = 256;
        /// Called with one line for each step of each call (connect, send, answer, failure).
        /// Lines never hold credentials.
        std::function<void(std::string_view)> trace = nullptr;
        /// How long a connection is kept for the next keep_alive call. io_context::run() does not
        /// return while one is kept.
        std::chrono::milliseconds idle_limit{5000};
        /// nullptr: hosts file and DNS.
        std::shared_ptr<Resolver> resolver = nullptr;
    };

    explicit HttpClient(boost::asio::io_context& context);
    HttpClient(boost::asio::io_context& context, Options options);
    ~HttpClient();  ///< Ends what is under way with `cancelled`; callbacks are not called from
                    ///< here.
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// Starts a call. The callback is called once, from the io_context, never from within start().
    /// Errors: resolve connect_refused unreachable timeout reset tls protocol limit cancelled
    /// config.
    Operation start(Call call, Callback<void(Result<protocol::Response>)> done);

    /// Asks for SRV records: see Resolver::find_services. Not called back after the end of the
    /// client.
    Operation find_services(std::string name, Callback<void(Result<ServiceRecords>)> done);

    /// A client with the same options and connections of its own.
    std::unique_ptr<HttpClient> another() const;

    /// The loop that everything runs on.
    boost::asio::io_context& context() const;

    /// Something that lives as long as the client, beside its calls: it drops what it has begun.
    class Companion {
    public:
        virtual ~Companion() = default;
        virtual void on_client_end() = 0;
    };
    void add(std::weak_ptr<Companion> companion);

private:
    friend class Channel;  // A connection beside the calls.

    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace patroni::transport
