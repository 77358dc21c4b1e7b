#pragma once

#include "transport/http_call.hpp"
#include "transport/http_client.hpp"
#include "transport/kept_streams.hpp"
#include "transport/tls_context_cache.hpp"

#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace patroni::transport {

/// The queues of an HttpClient: one call at a time for each host and port, not more than
/// max_connections in all, everything else first come, first served.
class HttpClient::Impl final : public CallHost, public std::enable_shared_from_this<Impl> {
public:
    Impl(boost::asio::io_context& context, Options options);

    Operation start(Call call, Callback<void(Result<protocol::Response>)> done);
    void close();
    void add(std::weak_ptr<Companion> companion);
    boost::asio::io_context& context() override { return context_; }
    std::shared_ptr<Resolver> resolver() override;
    const Options& options() const noexcept { return options_; }

private:
    struct Host {
        std::list<std::shared_ptr<HttpCall>> waiting;  ///< Mostly empty: then it holds no memory.
        std::shared_ptr<HttpCall> active;
        bool is_ready = false;  ///< Is in ready_.
    };

    Result<std::shared_ptr<TlsContext>> tls_context(
        const std::shared_ptr<const TlsSettings>& settings,
        Callback<void(const Error&)> on_unusable) override {
        return tls_contexts_.get(settings, std::move(on_unusable));
    }
    std::span<char> read_buffer() override;
    bool is_tracing() const override { return static_cast<bool>(options_.trace); }
    void trace(std::string_view line) override { options_.trace(line); }
    void on_call_ended(HttpCall& call, std::unique_ptr<Stream> reusable) override;

    void refuse(Error error, const Origin& origin, Callback<void(Result<protocol::Response>)> done);
    void make_ready(const HostPort& address, Host& host);
    void pump();

    boost::asio::io_context& context_;
    Options options_;
    TlsContextCache tls_contexts_;
    std::vector<char> read_buffer_;
    std::map<HostPort, Host> hosts_;
    std::deque<HostPort> ready_;  ///< Hosts with waiting calls and none active.
    std::size_t active_ = 0;
    KeptStreams kept_;
    std::vector<std::weak_ptr<Companion>> companions_;
    bool is_pumping_ = false;
    bool is_closed_ = false;
};

}  // namespace patroni::transport
