#include "dcs/zookeeper/connection.hpp"

#include <algorithm>

namespace patroni::dcs::zookeeper {
namespace {

/// A connection is given up when this part of the session's time is left to find another server.
constexpr int k_silent_thirds = 2;

Error auth_error() {
    Error error;
    error.kind = ErrorKind::unauthorized;
    error.message = "ZooKeeper did not take the login (auth_data)";
    error.delivery = Delivery::answered;
    return error;
}

}  // namespace

Connection::Connection(SessionState& session, std::chrono::milliseconds timeout,
                       const std::vector<AuthPacket>& logins, Time now)
    : session_(session), logins_(logins), timeout_(timeout) {
    ConnectRequest request;
    request.last_zxid = session.last_zxid;
    request.timeout_ms = static_cast<std::int32_t>(timeout.count());
    request.session = session.id;
    request.password = session.password;
    put(encode(request), now);
}

void Connection::put(const std::string& frame, Time now) {
    output_ += with_length(frame);
    last_sent_ = now;
    if (!unanswered_since_) {
        unanswered_since_ = now;
    }
}

void Connection::received(std::string_view bytes, Time now) {
    if (state_ == State::ended) {
        return;
    }
    now_ = now;
    unanswered_since_.reset();
    frames_.append(bytes);
    while (state_ != State::ended) {
        auto frame = frames_.next();
        if (!frame) {
            return end(std::move(frame).error());
        }
        if (!*frame) {
            break;
        }
        take_frame(**frame);
    }
    if (!waiting_.empty() && !unanswered_since_) {
        unanswered_since_ = now;
    }
}

void Connection::take_frame(std::string_view frame) {
    if (state_ == State::connecting) {
        return take_connect(frame);
    }
    auto header = take_header(frame);
    if (!header) {
        return end(std::move(header).error());
    }
    if (header->xid == k_xid_event) {
        auto event = decode_event(frame);
        if (!event) {
            return end(std::move(event).error());
        }
        events_.push_back(*std::move(event));
        return;
    }
    session_.last_zxid = std::max(session_.last_zxid, header->zxid);
    if (header->xid == k_xid_ping) {
        return;
    }
    if (header->xid == k_xid_auth) {
        if (header->error != k_ok) {
            end(auth_error());
        }
        return;
    }
    take_answer(*header, frame);
}

void Connection::take_connect(std::string_view frame) {
    auto response = decode_connect(frame);
    if (!response) {
        return end(std::move(response).error());
    }
    if (response->timeout_ms <= 0 || response->session == 0) {
        session_.id = 0;
        session_.password = Secret();
        is_expired_ = true;
        Error error = protocol_error("the session is over");
        error.delivery = Delivery::not_sent;
        return end(std::move(error));
    }
    if (response->read_only) {
        Error error = protocol_error("a read-only server: it is cut off from its ensemble");
        error.kind = ErrorKind::unreachable;
        return end(std::move(error));
    }
    session_.id = response->session;
    session_.password = std::move(response->password);
    timeout_ = std::chrono::milliseconds(response->timeout_ms);
    state_ = State::ready;
    for (const AuthPacket& login : logins_) {
        put(encode(login), now_);
    }
}

void Connection::take_answer(const ReplyHeader& header, std::string_view body) {
    if (has_closed_ && waiting_.empty()) {
        return;
    }
    if (waiting_.empty() || waiting_.front().xid != header.xid) {
        return end(protocol_error("an answer of ZooKeeper to what was not asked"));
    }
    Waiting first = std::move(waiting_.front());
    waiting_.pop_front();
    auto reply = decode_reply(first.request, header, body);
    if (!reply) {
        end(reply.error());
    }
    first.done(std::move(reply));
}

void Connection::tick(Time now) {
    if (state_ == State::ended) {
        return;
    }
    if (unanswered_since_ && now - *unanswered_since_ >= timeout_ * k_silent_thirds / 3) {
        Error error;
        error.kind = ErrorKind::timeout;
        error.message =
            "the server says nothing for " +
            std::to_string(
                std::chrono::round<std::chrono::milliseconds>(now - *unanswered_since_).count()) +
            " ms";
        error.delivery = Delivery::may_have_been_sent;
        return end(std::move(error));
    }
    if (state_ == State::ready && !has_closed_ && now - last_sent_ >= timeout_ / 3) {
        put(encode_ping(), now);
    }
}

Time Connection::next_tick() const {
    Time next = Time::max();
    if (state_ == State::ready && !has_closed_) {
        next = last_sent_ + timeout_ / 3;
    }
    if (unanswered_since_) {
        next = std::min(next, *unanswered_since_ + timeout_ * k_silent_thirds / 3);
    }
    return next;
}

void Connection::send(Request request, Done done, Time now) {
    const std::int32_t xid = next_xid_;
    next_xid_ = next_xid_ == INT32_MAX ? 1 : next_xid_ + 1;
    put(encode(xid, request), now);
    waiting_.push_back({xid, std::move(request), std::move(done)});
}

void Connection::send_close(Time now) {
    if (state_ == State::ready) {
        put(encode_close(next_xid_++), now);
        has_closed_ = true;
    }
    session_.id = 0;
    session_.password = Secret();
}

void Connection::end(Error error) {
    if (state_ == State::ended) {
        return;
    }
    state_ = State::ended;
    failure_ = std::move(error);
    output_.clear();
    unanswered_since_.reset();
    for (Waiting& request : std::exchange(waiting_, {})) {
        request.done(failure_);
    }
}

}  // namespace patroni::dcs::zookeeper
