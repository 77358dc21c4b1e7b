#pragma once

#include <patroni/url.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace patroni::testing {

/// What a relay does to the bytes of one direction at one place of the stream.
struct Cut {
    enum class From { server, client };
    enum class Then {
        nothing,  ///< All goes through.
        close,    ///< In order, without TLS's close_notify.
        reset,
        stall,    ///< Nothing more in this direction.
        garbage,  ///< Bytes that are no TLS record, then closed.
        flip,     ///< One byte is changed.
    };
    Then then = Then::nothing;
    From from = From::server;
    std::size_t record = 0;  ///< The TLS record, counted from 0, ...
    std::size_t byte = 0;    ///< ... and where in it; header included.
};

/// What went through on the last connection: complete TLS records of the server ...
struct Relayed {
    std::size_t flight = 0;   ///< ... before the client's second word: the handshake.
    std::size_t records = 0;  ///< ... in all.
    std::size_t client_records = 0;
};

/// A TCP relay on a loopback port, for one connection at a time, which spoils the stream at an
/// exact place. Plain TCP goes through unspoiled.
class ByteRelay {
public:
    explicit ByteRelay(HostPort upstream);
    ~ByteRelay();
    ByteRelay(const ByteRelay&) = delete;
    ByteRelay& operator=(const ByteRelay&) = delete;

    HostPort address() const { return {"127.0.0.1", port_}; }
    /// For connections from now on.
    void cut(const Cut& cut);
    /// When the connection has ended: waits for it.
    Relayed relayed();

private:
    class Link;
    void serve();

    HostPort upstream_;
    int listener_ = -1;
    int stop_pipe_[2] = {-1, -1};
    std::uint16_t port_ = 0;
    std::mutex mutex_;  ///< Held while a connection is relayed.
    Cut cut_;
    Relayed relayed_;
    std::thread thread_;
};

}  // namespace patroni::testing
