#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

namespace patroni::transport {

enum class Io {
    done,
    want_read,   ///< Try again when the socket is readable.
    want_write,  ///< Try again when the socket is writable.
    eof,         ///< The peer ended the stream in order.
    truncated,   ///< TLS: the TCP connection ended without close_notify.
    failed,
};

struct IoResult {
    Io state = Io::failed;
    std::size_t bytes = 0;
    std::error_code code;  ///< With `failed`; of tls_category() when TLS is the reason.
};

/// A connected byte stream whose calls never block: the owner waits on the socket and tries again.
class Stream {
public:
    explicit Stream(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}
    virtual ~Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    boost::asio::ip::tcp::socket& socket() noexcept { return socket_; }

    virtual IoResult handshake() { return {Io::done, 0, {}}; }
    virtual IoResult read_some(char* data, std::size_t size) = 0;
    virtual IoResult write_some(std::string_view bytes) = 0;
    /// Bytes may be here already for which the socket will not become readable.
    virtual bool may_hold_bytes() const { return false; }
    /// Tells the peer that nothing follows, as far as that goes without waiting.
    virtual void say_goodbye() {}
    /// After `failed` with a code of tls_category(): what it means, in plain words.
    virtual std::string tls_failure() const { return {}; }

    /// Nothing arrived and the peer did not close: a kept connection can be used again.
    bool is_quiet();
    /// Lets TCP ask a silent peer whether it is there: an error after 15 s without an answer.
    void watch_peer();

private:
    boost::asio::ip::tcp::socket socket_;
};

class PlainStream final : public Stream {
public:
    using Stream::Stream;
    IoResult read_some(char* data, std::size_t size) override;
    IoResult write_some(std::string_view bytes) override;
};

}  // namespace patroni::transport
