#pragma once

#include "simulator/http_message.hpp"
#include "simulator/http_responder.hpp"

#include <patroni/simulator.hpp>
#include <patroni/url.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace boost::asio {
class io_context;
namespace ssl {
class context;
}
}  // namespace boost::asio

namespace patroni::simulation {

/// A TCP server on a loopback port that it keeps for its whole life: while it is not listening,
/// connections are refused. Belongs to the io_context's one thread.
class HttpServer {
public:
    using Handler = std::function<HttpReply(const HttpRequest&)>;
    /// Answers through the responder, in the call or later.
    using DeferredHandler = std::function<void(const HttpRequest&, HttpResponder)>;

    HttpServer(boost::asio::io_context& context, Handler handler);
    HttpServer(boost::asio::io_context& context, DeferredHandler handler);
    ~HttpServer();  ///< Closes everything; the handler is not called any more.
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    const HostPort& address() const;
    /// Starts to listen, or closes the listener and resets all connections.
    void listen(bool on);
    /// Accepts and reads, but keeps requests, and what would be sent, back until it is switched off
    /// again.
    void hold(bool on);
    /// What goes wrong from now on; nullopt: nothing, and what `Fault::silent` kept back is
    /// answered.
    void fault(std::optional<Fault> fault);
    /// For new connections; nullptr: plain TCP.
    void tls(std::shared_ptr<boost::asio::ssl::context> context);
    /// How many connections are served at a time; later ones are accepted and wait for an end. 0:
    /// any number.
    void workers(std::size_t count);
    const SimulatedTraffic& traffic() const;

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace patroni::simulation
