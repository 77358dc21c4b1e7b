#pragma once

#include "transport/http_client.hpp"

#include <patroni/callback.hpp>
#include <patroni/error.hpp>
#include <patroni/url.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace patroni::transport {

/// A connection, plain or TLS, that stays open and carries bytes in both directions: for a store
/// that does not speak HTTP. Names, TLS contexts and the trace are those of the HttpClient; what it
/// began is dropped without a word when the HttpClient ends.
///
/// The handlers are called from the io_context, never from within a call of the channel, and not
/// after its end; each of them may end it.
class Channel {
public:
    struct Handlers {
        Callback<void()> opened;                    ///< Connected, the TLS handshake done.
        Callback<void(std::string_view)> received;  ///< The bytes are valid during the call.
        /// The last one: it was not opened (resolve connect_refused unreachable timeout reset tls
        /// limit config), or ended by the peer or the network (reset, tls). Not after close().
        Callback<void(Error)> ended;
    };

    /// Begins to connect. `step_limit`: for resolving, for each address and for the handshake;
    /// `total`: for all of them.
    Channel(HttpClient& http, Origin origin, std::shared_ptr<const TlsSettings> tls,
            std::chrono::milliseconds step_limit, SteadyTime total, Handlers handlers);
    /// Tells the peer that nothing follows, as far as that goes without waiting.
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// Sends in order; what the network does not take now goes when it does. Only when opened.
    void send(std::string_view bytes);
    /// A line of the trace about this connection.
    void trace(std::string_view text);

private:
    class State;
    std::shared_ptr<State> state_;
};

}  // namespace patroni::transport
