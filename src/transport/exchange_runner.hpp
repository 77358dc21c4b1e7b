#pragma once

#include "protocol/http_exchange.hpp"
#include "transport/deadline.hpp"
#include "transport/stream.hpp"

#include <patroni/callback.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace patroni::transport {

/// Carries out what an HttpExchange wants on a Stream, up to the end of the exchange.
class ExchangeRunner : public std::enable_shared_from_this<ExchangeRunner> {
public:
    struct Environment {
        boost::asio::io_context& context;
        Deadline& deadline;
        std::chrono::milliseconds first_byte_limit;
        /// For the bytes of one read, which never blocks: calls can share it.
        std::span<char> read_buffer;
        Callback<void(std::string_view)> trace;  ///< May be empty.
        Callback<void()> received;  ///< After each piece of the answer; may be empty, and close().
    };

    /// `exchange` and what the environment refers to live up to the end or close().
    ExchangeRunner(Environment environment, protocol::HttpExchange& exchange,
                   std::unique_ptr<Stream> stream);

    /// `done` is called once, possibly from within start(), when the exchange is done or has
    /// failed, or with a code when TLS failed under it.
    void start(Callback<void(std::error_code)> done);

    /// Ends it now. Says goodbye to the peer without waiting for an answer.
    void close();
    /// After the end: the stream, for another exchange.
    std::unique_ptr<Stream> take_stream() { return std::move(stream_); }
    std::string tls_failure() const { return stream_->tls_failure(); }
    /// What did not happen in the time of the current phase.
    std::string timeout_message() const;

private:
    enum class Phase { writing, waiting, reading, ended };

    void advance();
    bool write_some();
    bool read_some();
    void wait(Io direction);
    void yield();
    void finish(std::error_code tls_code = {});

    Environment environment_;
    protocol::HttpExchange& exchange_;
    std::unique_ptr<Stream> stream_;
    Callback<void(std::error_code)> done_;
    Phase phase_ = Phase::writing;
    bool write_failed_ = false;  ///< The peer takes no more, but its answer may be there.
    std::error_code write_code_;
};

}  // namespace patroni::transport
