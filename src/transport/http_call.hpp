#pragma once

#include "protocol/http_exchange.hpp"
#include "transport/connector.hpp"
#include "transport/deadline.hpp"
#include "transport/exchange_runner.hpp"
#include "transport/http_client.hpp"
#include "transport/stream.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace patroni::transport {

class HttpCall;

/// What a call needs from its client.
class CallHost {
public:
    virtual ~CallHost() = default;
    virtual boost::asio::io_context& context() = 0;
    virtual std::shared_ptr<Resolver> resolver() = 0;
    /// As TlsContextCache::get().
    virtual Result<std::shared_ptr<TlsContext>> tls_context(
        const std::shared_ptr<const TlsSettings>& settings,
        Callback<void(const Error&)> on_unusable) = 0;
    /// For the bytes of one read, which never blocks: one for all calls.
    virtual std::span<char> read_buffer() = 0;
    virtual bool is_tracing() const = 0;
    virtual void trace(std::string_view line) = 0;
    /// The turn of this call is over. `reusable` is a stream for the next call, or nullptr.
    virtual void on_call_ended(HttpCall& call, std::unique_ptr<Stream> reusable) = 0;
};

/// One call of an HttpClient: waits for its turn, connects, runs the exchange.
class HttpCall : public std::enable_shared_from_this<HttpCall> {
public:
    /// `host` is not touched after the end of the call or of `host_alive`.
    HttpCall(CallHost& host, std::weak_ptr<void> host_alive, Call call,
             protocol::HttpExchange exchange, Callback<void(Result<protocol::Response>)> done);

    const Call& call() const noexcept { return call_; }

    void wait_for_turn();
    /// `stream`: a kept connection to the same origin, or nullptr.
    void run(std::unique_ptr<Stream> stream);
    void cancel();
    /// Ends without a word, for the end of the client.
    void abandon();

private:
    enum class Phase { queued, connecting, exchanging, ended };

    void connect();
    void use(std::unique_ptr<Stream> stream);
    void on_tls_failure(std::error_code code);
    void on_exchange_failed();
    bool retry(Delivery delivery);
    void on_deadline();
    void pass_on();
    void finish(Result<protocol::Response> result);
    void release();
    void trace(std::string_view text);

    CallHost& host_;
    std::weak_ptr<void> host_alive_;
    Call call_;
    protocol::HttpExchange exchange_;
    Callback<void(Result<protocol::Response>)> done_;
    std::optional<Deadline> deadline_;
    std::shared_ptr<Connector> connector_;
    std::shared_ptr<ExchangeRunner> runner_;
    std::optional<Result<protocol::Response>> result_;  ///< Up to the callback.
    Phase phase_ = Phase::queued;
    bool on_kept_stream_ = false;
    bool head_passed_ = false;  ///< To call_.sink.
};

}  // namespace patroni::transport
