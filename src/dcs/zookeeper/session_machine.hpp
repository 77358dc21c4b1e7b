#pragma once

#include "dcs/zookeeper/connection.hpp"
#include "dcs/zookeeper/dialogue.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace patroni::dcs::zookeeper {

struct SessionSetup {
    std::vector<std::string> endpoints = {};  ///< Their names; at least one; tried in turn.
    std::vector<AuthPacket> logins = {};
    std::string chroot = {};  ///< Stands before every path on the wire, and before none here.
    std::chrono::milliseconds timeout{10000};         ///< Of the session; the server may change it.
    std::chrono::milliseconds handshake_limit{2000};  ///< From connected to the server's welcome.
    std::chrono::milliseconds idle_limit{5000};       ///< A session without work is closed.
    std::chrono::milliseconds first_pause{50};        ///< After a round in vain; doubles,
    std::chrono::milliseconds longest_pause{2000};    ///< up to this.
    bool one_by_one = false;                          ///< Treat every server as one before 3.6.
    std::function<std::uint64_t()> random = nullptr;  ///< Spreads clients over time; may be empty.
};

/// A session with an ensemble, without any I/O: which server to speak to, when to leave it, what to
/// send again and what not. Someone else connects, carries the bytes and keeps the time.
class SessionMachine {
public:
    /// A connection is ready for requests, and watches must be set again.
    struct Ready {
        std::size_t endpoint = 0;
        bool is_resumed = false;  ///< The session of the connection before.
    };
    /// A connection is lost, or could not be made.
    struct Lost {
        Error error;
    };
    struct Finished {
        std::uint64_t task = 0;
        Result<void> result;
    };
    using Notice = std::variant<Ready, Lost, NodeEvent, Finished>;

    /// What is to be done, in this order.
    struct Orders {
        std::string output;               ///< Send.
        bool close = false;               ///< Close the connection, or give up opening it.
        std::optional<std::size_t> open;  ///< Connect to this endpoint.
        std::vector<std::string> steps;   ///< For a trace: what is sent; holds no secret.
    };

    explicit SessionMachine(SessionSetup setup);

    /// Carries out a dialogue: Finished tells when it has ended (and the dialogue what came of
    /// it), or why it has not. It is started over at other servers, each having a fair part of the
    /// time, unless it was writing: then the delivery is `may_have_been_sent`.
    std::uint64_t run(std::shared_ptr<Dialogue> dialogue, Time deadline, Time now);
    void cancel(std::uint64_t task, Time now);
    /// Stay connected without tasks, for watches.
    void keep(bool wanted, Time now);
    /// Says goodbye to the server: the session ends at once and not after its timeout.
    void close(Time now);

    void opened(Time now);
    void received(std::string_view bytes, Time now);
    /// The connection ended, or could not be made.
    void ended(Error error, Time now);
    void tick(Time now);

    Time next_tick() const;
    Orders take_orders() { return std::exchange(orders_, {}); }
    std::vector<Notice> take_notices() { return std::exchange(notices_, {}); }

private:
    enum class Link { none, opening, open };
    struct Task {
        std::uint64_t id = 0;
        std::shared_ptr<Dialogue> dialogue;
        Time deadline{};
        Time turn_end{};
        std::size_t turns_left = 0;
        bool on_kept_link = false;  ///< It found the connection ready; that may be dead already.
        std::uint64_t sending = 0;  ///< Changes with every start; 0: not under way.
        std::vector<Reply> replies;
        std::size_t expected = 0;
        std::string failed;  ///< The endpoints before, each with its reason.
    };
    using Tasks = std::list<Task>;

    void advance(Time now);
    void open_next(Time now);
    void start_tasks(Time now);
    void send(Task& task, std::vector<Request> requests, Time now);
    void take_reply(std::uint64_t task, std::uint64_t sending, Result<Reply> reply);
    void continue_tasks(Time now);
    void check_times(Time now);
    void add_chroot(Request& request) const;
    void leave(Error error, Time now, bool stay);
    void link_failed(Error error, Time now);
    std::optional<Error> task_failed(Task& task, const Error& error, bool was_ready,
                                     Time now) const;
    void finish(Tasks::iterator task, Result<void> result);
    void share_time(Task& task, Time now) const;
    bool is_ready() const {
        return connection_ && connection_->state() == Connection::State::ready;
    }
    bool is_wanted() const { return is_kept_ || !tasks_.empty(); }

    SessionSetup setup_;
    SessionState session_;
    Link link_ = Link::none;
    std::optional<Connection> connection_;  ///< While the link is open.
    bool was_ready_ = false;                ///< This link has been.
    std::int64_t session_before_ = 0;       ///< The session that this link asked for.
    std::size_t endpoint_ = 0;              ///< Whose turn it is.
    std::size_t failures_ = 0;              ///< Links in a row that never became ready.
    Time pause_end_{};
    Time opened_at_{};
    Time idle_since_{};
    bool is_kept_ = false;
    bool is_refused_ = false;  ///< An answer said so: the server may be older than 3.6.
    Tasks tasks_;
    std::uint64_t next_id_ = 1;
    Orders orders_;
    std::vector<Notice> notices_;
};

}  // namespace patroni::dcs::zookeeper
