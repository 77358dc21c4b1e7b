#pragma once

#include "dcs/zookeeper/frame_buffer.hpp"
#include "dcs/zookeeper/messages.hpp"

#include <patroni/callback.hpp>

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::dcs::zookeeper {

using Time = std::chrono::steady_clock::time_point;

/// What outlives a connection: the server keeps a session for its timeout, so the next connection
/// can go on with it. The password is as secret as a login.
struct SessionState {
    std::int64_t id = 0;  ///< 0: none yet, or it is over.
    Secret password;
    /// The newest change that was seen. A server that does not know it yet lags behind, and refuses
    /// a client that says so: what is read never goes back in time.
    std::int64_t last_zxid = 0;
};

/// One connection to one server, without any I/O: bytes in, bytes out. Shakes hands, logs in,
/// matches answers to requests, keeps the session alive.
class Connection {
public:
    enum class State { connecting, ready, ended };
    using Done = Callback<void(Result<Reply>)>;

    /// The handshake is in the output at once. `session` outlives the connection.
    Connection(SessionState& session, std::chrono::milliseconds timeout,
               const std::vector<AuthPacket>& logins, Time now);

    void received(std::string_view bytes, Time now);
    /// Sends what is due, and ends the connection when the server is silent for too long.
    void tick(Time now);
    Time next_tick() const;
    /// Only when ready. The answers come in the order of the requests, from within received().
    void send(Request request, Done done, Time now);
    /// The last thing to send: the server ends the session at once.
    void send_close(Time now);
    /// Every request that waits fails with this; the first reason stays.
    void end(Error error);

    State state() const noexcept { return state_; }
    /// When ended.
    const Error& failure() const noexcept { return failure_; }
    /// When ended: the server does not know the session any more; the next one will be new.
    bool is_expired() const noexcept { return is_expired_; }
    std::string take_output() { return std::exchange(output_, {}); }
    std::vector<NodeEvent> take_events() { return std::exchange(events_, {}); }

private:
    struct Waiting {
        std::int32_t xid = 0;
        Request request;
        Done done;
    };

    void put(const std::string& frame, Time now);
    void take_frame(std::string_view frame);
    void take_connect(std::string_view frame);
    void take_answer(const ReplyHeader& header, std::string_view body);

    SessionState& session_;
    std::vector<AuthPacket> logins_;
    FrameBuffer frames_;
    State state_ = State::connecting;
    Error failure_;
    bool is_expired_ = false;
    bool has_closed_ = false;  ///< close() was sent.
    std::string output_;
    std::vector<NodeEvent> events_;
    std::deque<Waiting> waiting_;
    std::int32_t next_xid_ = 1;
    std::chrono::milliseconds timeout_;  ///< Asked for; what the server grants once ready.
    Time now_{};
    Time last_sent_{};
    std::optional<Time> unanswered_since_;  ///< Something was sent, and nothing came since.
};

}  // namespace patroni::dcs::zookeeper
