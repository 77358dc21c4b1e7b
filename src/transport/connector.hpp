#pragma once

#include "transport/deadline.hpp"
#include "transport/resolver.hpp"
#include "transport/stream.hpp"
#include "transport/tls_context.hpp"

#include <patroni/url.hpp>

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>

namespace patroni::transport {

/// From an origin to a connected stream: resolves the name, tries its addresses one after the
/// other, and does the TLS handshake. Each step is a phase of the caller's Deadline.
class Connector : public std::enable_shared_from_this<Connector> {
public:
    struct Environment {
        boost::asio::io_context& context;
        std::shared_ptr<Resolver> resolver;
        Deadline& deadline;  ///< Outlives the connector up to its end or cancel().
        std::chrono::milliseconds step_limit;
        Callback<void(std::string_view)> trace;  ///< May be empty.
    };

    /// `tls`: nullptr for a plain connection.
    Connector(Environment environment, Origin origin, std::shared_ptr<TlsContext> tls);

    /// `done` is called once, possibly from within start(), unless cancel() came first.
    /// Errors: resolve connect_refused unreachable timeout reset tls limit; without endpoint.
    void start(Callback<void(Result<std::unique_ptr<Stream>>)> done);
    void cancel();
    /// The deadline of the current phase is over: takes the next address, or fails.
    void on_deadline();

private:
    using Socket = boost::asio::ip::tcp::socket;
    enum class Phase { idle, resolving, connecting, handshake, ended };

    void on_resolved(Result<Endpoints> endpoints);
    void connect_next();
    void on_connected(std::error_code code);
    void address_failed(Error error);
    void on_tcp_ready();
    void shake_hands();
    void on_handshake_failure(const IoResult& result);
    void finish(Result<std::unique_ptr<Stream>> result);
    void fail(ErrorKind kind, std::string message, std::error_code code = {});
    std::string address_text() const;
    void trace(std::string_view step, std::string_view detail = {});

    Environment environment_;
    Origin origin_;
    std::shared_ptr<TlsContext> tls_;
    Callback<void(Result<std::unique_ptr<Stream>>)> done_;
    Phase phase_ = Phase::idle;
    Operation lookup_;
    Endpoints endpoints_;
    std::size_t next_ = 0;  ///< Index of the address to try next.
    std::optional<Socket> socket_;
    std::unique_ptr<Stream> stream_;
    std::optional<Error> telling_error_;  ///< Of the addresses that failed.
};

}  // namespace patroni::transport
