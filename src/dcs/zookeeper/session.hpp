#pragma once

#include "dcs/zookeeper/session_machine.hpp"
#include "transport/channel.hpp"
#include "transport/http_client.hpp"
#include "transport/loop_timer.hpp"

#include <patroni/callback.hpp>
#include <patroni/seeds.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace patroni::dcs::zookeeper {

/// Is told of what concerns watches. Callbacks of a session, on its loop.
class SessionListener {
public:
    virtual ~SessionListener() = default;
    virtual void on_ready(const std::string& endpoint) = 0;
    virtual void on_lost(const Error& error) = 0;
    virtual void on_event(const NodeEvent& event) = 0;
    /// The HttpClient has ended: nothing follows.
    virtual void on_dropped() = 0;
};

/// A SessionMachine with sockets and a timer: one session for all that a backend does. It begins
/// with the first task and is closed when it has been without work for some seconds, or destroyed.
class Session final : public transport::HttpClient::Companion,
                      public std::enable_shared_from_this<Session> {
public:
    static std::shared_ptr<Session> create(transport::HttpClient& http, const Seeds& seeds,
                                           SessionSetup setup);
    ~Session() override;

    /// As SessionMachine::run; `done` is called from the loop, never from within.
    std::uint64_t run(std::shared_ptr<Dialogue> dialogue, transport::SteadyTime deadline,
                      Callback<void(Result<void>)> done);
    void cancel(std::uint64_t task);

    /// The session stays connected while there is a listener. `listener` outlives remove().
    void add(SessionListener& listener);
    void remove(SessionListener& listener);

    /// Of the connection that is ready; empty: none is.
    const std::string& endpoint() const noexcept { return endpoint_; }

    void on_client_end() override;

private:
    Session(transport::HttpClient& http, const Seeds& seeds, SessionSetup setup);

    static Time now() { return std::chrono::steady_clock::now(); }
    void open(std::size_t endpoint);
    void carry_out();
    void pump();
    void pump_later();
    void tell(SessionMachine::Notice& notice);
    template <class Tell>
    void tell_listeners(Tell tell);

    transport::HttpClient& http_;
    std::vector<Origin> endpoints_;
    std::shared_ptr<const TlsSettings> tls_;
    SessionMachine machine_;
    transport::LoopTimer timer_;
    std::unique_ptr<transport::Channel> channel_;
    std::uint64_t channel_number_ = 0;  ///< What an older one says counts no more.
    std::map<std::uint64_t, Callback<void(Result<void>)>> waiting_;
    std::vector<SessionListener*> listeners_;
    std::string endpoint_;
    bool is_dropped_ = false;
};

}  // namespace patroni::dcs::zookeeper
