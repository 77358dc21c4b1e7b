#pragma once

#include "transport/http_client.hpp"
#include "transport/stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>
#include <map>
#include <memory>

namespace patroni::transport {

/// Idle connections of keep_alive calls, at most one for each host and port, oldest first.
class KeptStreams {
public:
    KeptStreams(boost::asio::io_context& context, std::chrono::milliseconds limit);
    ~KeptStreams();
    KeptStreams(const KeptStreams&) = delete;
    KeptStreams& operator=(const KeptStreams&) = delete;

    /// A live connection that fits the call; nullptr when there is none.
    std::unique_ptr<Stream> take(const Call& call);
    void put(const Call& call, std::unique_ptr<Stream> stream);
    /// Closes the oldest ones.
    void shrink_to(std::size_t count);
    void clear() { shrink_to(0); }
    /// For times when no call is under way: with nothing kept, nothing here holds the io_context's
    /// run(). (Not for each take(): the timer would be set anew with each exchange.)
    void rest();

private:
    struct Entry {
        Origin origin;
        std::shared_ptr<const TlsSettings> tls;
        std::unique_ptr<Stream> stream;
        std::chrono::steady_clock::time_point until;
    };
    using Entries = std::list<Entry>;

    void close_first();
    void arm();
    void on_timer();

    boost::asio::steady_timer timer_;
    bool is_armed_ = false;  ///< For the first entry, or for one that has been taken since.
    std::chrono::milliseconds limit_;
    Entries entries_;
    std::map<HostPort, Entries::iterator> by_address_;
    std::shared_ptr<KeptStreams*> self_;  ///< For the timer, which may outlive this object.
};

}  // namespace patroni::transport
