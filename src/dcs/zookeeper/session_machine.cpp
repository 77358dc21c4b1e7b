#include "dcs/zookeeper/session_machine.hpp"

#include <algorithm>
#include <utility>

namespace patroni::dcs::zookeeper {
namespace {

using Milliseconds = std::chrono::milliseconds;

Error timed_out(std::string message) {
    Error error;
    error.kind = ErrorKind::timeout;
    error.message = std::move(message);
    return error;
}

std::string in_ms(Time::duration time) {
    return std::to_string(std::chrono::round<Milliseconds>(time).count()) + " ms";
}

}  // namespace

SessionMachine::SessionMachine(SessionSetup setup) : setup_(std::move(setup)) {}

std::uint64_t SessionMachine::run(std::shared_ptr<Dialogue> dialogue, Time deadline, Time now) {
    Task task;
    const std::uint64_t id = next_id_++;
    task.id = id;
    task.dialogue = std::move(dialogue);
    task.deadline = deadline;
    task.turns_left = setup_.endpoints.size();
    task.on_kept_link = is_ready();
    share_time(task, now);
    tasks_.push_back(std::move(task));
    pause_end_ = now;  // Who asks does not wait for the next try of a watch.
    advance(now);
    return id;
}

void SessionMachine::share_time(Task& task, Time now) const {
    const auto turns = static_cast<Time::rep>(task.turns_left + (task.on_kept_link ? 1 : 0));
    task.turn_end = now + (task.deadline - now) / std::max<Time::rep>(1, turns);
}

void SessionMachine::cancel(std::uint64_t id, Time now) {
    const auto task =
        std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& t) { return t.id == id; });
    if (task == tasks_.end()) {
        return;
    }
    Error error;
    error.kind = ErrorKind::cancelled;
    error.message = "cancelled";
    error.delivery = task->sending != 0 && task->dialogue->is_writing()
                         ? Delivery::may_have_been_sent
                         : Delivery::not_sent;
    finish(task, std::move(error));
    advance(now);
}

void SessionMachine::keep(bool wanted, Time now) {
    is_kept_ = wanted;
    advance(now);
}

void SessionMachine::close(Time now) {
    if (is_ready()) {
        connection_->send_close(now);
        orders_.output += connection_->take_output();
    }
    if (link_ != Link::none) {
        orders_.close = true;
    }
    link_ = Link::none;
    connection_.reset();
}

void SessionMachine::opened(Time now) {
    link_ = Link::open;
    opened_at_ = now;
    was_ready_ = false;
    session_before_ = session_.id;
    connection_.emplace(session_, setup_.timeout, setup_.logins, now);
    advance(now);
}

void SessionMachine::received(std::string_view bytes, Time now) {
    if (connection_) {
        connection_->received(bytes, now);
    }
    advance(now);
}

void SessionMachine::ended(Error error, Time now) {
    if (connection_) {
        if (connection_->state() == Connection::State::connecting) {
            error.message +=
                " before it gave a session: it has no quorum, lags behind what was read before, or "
                "has too many clients";
            error.delivery = Delivery::not_sent;
        }
        connection_->end(error);
    }
    link_failed(std::move(error), now);
    advance(now);
}

void SessionMachine::tick(Time now) {
    if (connection_) {
        connection_->tick(now);
    }
    check_times(now);
    advance(now);
}

/// Everything that follows from what has happened.
void SessionMachine::advance(Time now) {
    if (connection_) {
        if (is_ready() && !was_ready_) {
            was_ready_ = true;
            failures_ = 0;
            idle_since_ = now;
            notices_.push_back(Ready{endpoint_, session_before_ == session_.id});
        }
        for (NodeEvent& event : connection_->take_events()) {
            if (event.path.starts_with(setup_.chroot)) {
                event.path.erase(0, setup_.chroot.size());
                notices_.push_back(std::move(event));
            }
        }
        if (std::exchange(is_refused_, false)) {
            const bool was_known = std::exchange(setup_.one_by_one, true);
            leave(protocol_error("the server does not know a request"), now, !was_known);
        } else if (connection_->state() == Connection::State::ended) {
            leave(connection_->failure(), now, connection_->is_expired() && session_before_ != 0);
        }
    }
    continue_tasks(now);
    start_tasks(now);
    if (connection_) {
        orders_.output += connection_->take_output();
    }
    if (is_wanted()) {
        idle_since_ = now;
        if (link_ == Link::none && now >= pause_end_) {
            open_next(now);
        }
    } else if (link_ == Link::opening || (is_ready() && now - idle_since_ >= setup_.idle_limit)) {
        close(now);
    }
}

void SessionMachine::open_next(Time now) {
    link_ = Link::opening;
    orders_.open = endpoint_;
    for (Task& task : tasks_) {
        share_time(task, now);
    }
}

void SessionMachine::start_tasks(Time now) {
    for (auto next = tasks_.begin(); next != tasks_.end() && is_ready();) {
        const auto task = next++;
        if (task->sending == 0) {
            send(*task, task->dialogue->start(setup_.one_by_one), now);
        }
    }
}

void SessionMachine::send(Task& task, std::vector<Request> requests, Time now) {
    task.sending = next_id_++;
    task.replies.clear();
    task.expected = requests.size();
    for (Request& request : requests) {
        add_chroot(request);
        orders_.steps.push_back(describe(request));
        connection_->send(
            std::move(request),
            [this, id = task.id, sending = task.sending](Result<Reply> reply) {
                take_reply(id, sending, std::move(reply));
            },
            now);
    }
}

void SessionMachine::add_chroot(Request& request) const {
    if (!setup_.chroot.empty()) {
        request.path = request.path == "/" ? setup_.chroot : setup_.chroot + request.path;
    }
    for (Request& part : request.parts) {
        add_chroot(part);
    }
}

/// Called by the connection, which must not be changed meanwhile: continue_tasks() goes on.
void SessionMachine::take_reply(std::uint64_t id, std::uint64_t sending, Result<Reply> reply) {
    if (!reply) {
        return;  // The link has failed, and that is dealt with for all tasks.
    }
    if (reply->error == k_unimplemented) {
        is_refused_ = true;
        return;
    }
    for (Task& task : tasks_) {
        if (task.id == id && task.sending == sending) {
            task.replies.push_back(*std::move(reply));
        }
    }
}

void SessionMachine::continue_tasks(Time now) {
    for (auto next = tasks_.begin(); next != tasks_.end();) {
        const auto task = next++;
        while (task->sending != 0 && task->replies.size() == task->expected) {
            auto requests = task->dialogue->resume(std::exchange(task->replies, {}));
            if (requests.empty()) {
                finish(task, {});
                break;
            }
            if (!is_ready()) {
                task->sending = 0;  // It starts over at the next server.
                break;
            }
            send(*task, std::move(requests), now);
        }
    }
}

void SessionMachine::check_times(Time now) {
    if (link_ == Link::open && !was_ready_ && now - opened_at_ >= setup_.handshake_limit) {
        leave(timed_out("no session in " + in_ms(now - opened_at_)), now, false);
    }
    const bool is_turn_over =
        link_ != Link::none && std::any_of(tasks_.begin(), tasks_.end(), [&](const Task& task) {
            return now >= task.turn_end || now >= task.deadline;
        });
    if (is_turn_over) {
        leave(timed_out(is_ready() ? "no answer in time" : "no connection in time"), now, false);
    }
    for (auto next = tasks_.begin(); next != tasks_.end();) {
        const auto task = next++;
        if (now >= task->deadline) {
            Error error = timed_out("no answer in time");
            error.endpoint = setup_.endpoints[endpoint_];
            if (!task->failed.empty()) {
                error.message += " (before: " + task->failed + ")";
            }
            finish(task, std::move(error));
        }
    }
}

/// Ends the link by ourselves. `stay`: the next one is to the same server, which did nothing wrong.
void SessionMachine::leave(Error error, Time now, bool stay) {
    orders_.close = true;
    if (connection_) {
        connection_->end(error);
    }
    if (stay) {
        link_ = Link::none;
        connection_.reset();
        for (Task& task : tasks_) {
            task.sending = 0;
        }
        return;
    }
    link_failed(std::move(error), now);
}

void SessionMachine::link_failed(Error error, Time now) {
    const bool was_ready = was_ready_ && connection_.has_value();
    link_ = Link::none;
    connection_.reset();
    was_ready_ = false;
    error.endpoint = setup_.endpoints[endpoint_];
    endpoint_ = (endpoint_ + 1) % setup_.endpoints.size();
    failures_ += was_ready ? 0 : 1;
    for (auto next = tasks_.begin(); next != tasks_.end();) {
        const auto task = next++;
        if (auto last = task_failed(*task, error, was_ready, now)) {
            finish(task, *std::move(last));
        }
    }
    const bool is_round_over =
        !was_ready && failures_ % setup_.endpoints.size() == 0;  // Nobody is there.
    if (is_round_over) {
        const auto rounds = std::min<std::size_t>(failures_ / setup_.endpoints.size() - 1, 10);
        const auto pause = std::min(setup_.first_pause * (1 << rounds), setup_.longest_pause);
        const auto part = setup_.random ? setup_.random() % 1000 : 500;
        pause_end_ = now + pause / 2 + pause * static_cast<std::int64_t>(part) / 2000;
    }
    notices_.push_back(Lost{std::move(error)});
}

/// The error that the task ends with, if it does.
std::optional<Error> SessionMachine::task_failed(Task& task, const Error& error, bool was_ready,
                                                 Time now) const {
    const bool was_under_way = std::exchange(task.sending, 0) != 0;
    const bool was_writing = was_under_way && task.dialogue->is_writing();
    if (!was_writing) {
        if (was_ready && std::exchange(task.on_kept_link, false)) {
            return std::nullopt;
        }
        if (--task.turns_left != 0) {
            task.failed +=
                (task.failed.empty() ? "" : "; ") + error.endpoint + ": " + error.message;
            share_time(task, now);
            return std::nullopt;
        }
    }
    Error last = error;
    last.delivery = was_writing ? Delivery::may_have_been_sent : Delivery::not_sent;
    if (!task.failed.empty()) {
        last.message += " (before: " + task.failed + ")";
    }
    return last;
}

void SessionMachine::finish(Tasks::iterator task, Result<void> result) {
    notices_.push_back(Finished{task->id, std::move(result)});
    tasks_.erase(task);
}

Time SessionMachine::next_tick() const {
    Time next = connection_ ? connection_->next_tick() : Time::max();
    if (link_ == Link::open && !was_ready_) {
        next = std::min(next, opened_at_ + setup_.handshake_limit);
    }
    if (link_ == Link::none && is_wanted()) {
        next = std::min(next, pause_end_);
    }
    if (is_ready() && !is_wanted()) {
        next = std::min(next, idle_since_ + setup_.idle_limit);
    }
    for (const Task& task : tasks_) {
        next = std::min(
            next, link_ == Link::none ? task.deadline : std::min(task.turn_end, task.deadline));
    }
    return next;
}

}  // namespace patroni::dcs::zookeeper
