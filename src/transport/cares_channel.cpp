#include "transport/cares_channel.hpp"

#include "transport/cares_answer.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <sys/time.h>
#include <utility>

namespace patroni::transport {

/// Lives until c-ares has called back, also when nobody wants the answer any more.
struct CaresChannel::Query {
    CaresChannel* channel = nullptr;
    std::uint64_t id = 0;
    std::string host;
    Callback<void(Result<Endpoints>)> done;                ///< Of a question for addresses,
    Callback<void(Result<ServiceRecords>)> done_services;  ///< or for services.
    Result<Endpoints> result = Error{};
    Result<ServiceRecords> services = Error{};
    bool has_ended = false;  ///< c-ares has called back.

    bool is_wanted() const { return static_cast<bool>(done) || static_cast<bool>(done_services); }
    void forget() {
        done = {};
        done_services = {};
    }
};

CaresChannel::CaresChannel(boost::asio::io_context& context, const std::string& servers)
    : context_(context), timer_(context) {
    // c-ares would wait 5 s before it asks again: longer than any of our calls.
    ares_options options{};
    options.timeout = 500;
    options.tries = 4;
    options.sock_state_cb = &CaresChannel::on_socket_state;
    options.sock_state_cb_data = this;
    status_ = ares_init_options(&channel_, &options,
                                ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
    if (status_ == ARES_SUCCESS && !servers.empty()) {
        status_ = ares_set_servers_ports_csv(channel_, servers.c_str());
    }
}

CaresChannel::~CaresChannel() {
    close();
}

void CaresChannel::close() {
    for (auto& [id, query] : queries_) {
        query->forget();
    }
    timer_.cancel();
    if (channel_ != nullptr) {
        ares_destroy(std::exchange(channel_, nullptr));  // Calls back for every open question.
    }
    watches_.clear();
    queries_.clear();
}

CaresChannel::Query& CaresChannel::add_query(std::string host) {
    auto owned = std::make_unique<Query>();
    Query& query = *owned;
    query.channel = this;
    query.id = next_id_++;
    query.host = std::move(host);
    queries_.emplace(query.id, std::move(owned));
    return query;
}

void CaresChannel::ask(std::string host, std::uint16_t port,
                       Callback<void(Result<Endpoints>)> done) {
    Query& query = add_query(std::move(host));
    const std::uint64_t id = query.id;
    query.done = std::move(done);

    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = ARES_AI_NUMERICSERV;
    try {
        ares_getaddrinfo(channel_, query.host.c_str(), std::to_string(port).c_str(), &hints,
                         &CaresChannel::on_answer, &query);
        rethrow();
        arm_timer();
    } catch (...) {
        give_up(id);
        throw;
    }
}

void CaresChannel::ask_services(std::string name, Callback<void(Result<ServiceRecords>)> done) {
    constexpr int k_class_internet = 1;
    constexpr int k_type_srv = 33;
    Query& query = add_query(std::move(name));
    const std::uint64_t id = query.id;
    query.done_services = std::move(done);
    try {
        ares_query(channel_, query.host.c_str(), k_class_internet, k_type_srv,
                   &CaresChannel::on_services, &query);
        rethrow();
        arm_timer();
    } catch (...) {
        give_up(id);
        throw;
    }
}

void CaresChannel::give_up(std::uint64_t id) {
    const auto found = queries_.find(id);
    if (found == queries_.end()) {
        return;
    }
    found->second->forget();
    if (found->second->has_ended) {
        queries_.erase(found);
    }
}

void CaresChannel::rethrow() {
    if (const auto failure = std::exchange(failure_, nullptr)) {
        std::rethrow_exception(failure);
    }
}

void CaresChannel::cancel(std::uint64_t id) {
    const auto found = queries_.find(id);
    if (found != queries_.end()) {
        found->second->forget();
        close_if_unused();
    }
}

void CaresChannel::on_answer(void* argument, int status, int, ares_addrinfo* answer) {
    Query& query = *static_cast<Query*>(argument);
    const std::unique_ptr<ares_addrinfo, decltype(&ares_freeaddrinfo)> owned(answer,
                                                                             &ares_freeaddrinfo);
    query.has_ended = true;
    if (status == ARES_EDESTRUCTION) {
        return;
    }
    query.channel->guarded([&] {
        if (answer != nullptr) {
            Endpoints endpoints = endpoints_of(*answer);
            if (status == ARES_SUCCESS && endpoints.empty()) {
                status = ARES_ENODATA;
            }
            query.result = std::move(endpoints);
        }
        if (status != ARES_SUCCESS) {
            query.result = resolve_error(query.host, status);
        }
        answered(query);
    });
}

void CaresChannel::on_services(void* argument, int status, int, unsigned char* message,
                               int length) {
    Query& query = *static_cast<Query*>(argument);
    query.has_ended = true;
    if (status == ARES_EDESTRUCTION) {
        return;
    }
    query.channel->guarded([&] {
        if (status == ARES_SUCCESS) {
            query.services = services_of(message, length);
        } else if (status == ARES_ENOTFOUND || status == ARES_ENODATA) {
            query.services = ServiceRecords();
        } else {
            query.services = resolve_error(query.host, status);
        }
        answered(query);
    });
}

void CaresChannel::answered(const Query& query) {
    // c-ares is not re-entrant, and it may call from within ask().
    boost::asio::post(query.channel->context_,
                      [weak = query.channel->weak_from_this(), id = query.id] {
                          if (const auto channel = weak.lock()) {
                              channel->deliver(id);
                          }
                      });
}

void CaresChannel::deliver(std::uint64_t id) {
    const auto node = queries_.extract(id);
    if (node.empty()) {
        return;
    }
    close_if_unused();
    Query& query = *node.mapped();
    if (query.done) {
        query.done(std::move(query.result));
    } else if (query.done_services) {
        query.done_services(std::move(query.services));
    }
}

void CaresChannel::close_if_unused() {
    for (const auto& [id, query] : queries_) {
        if (query->is_wanted()) {
            return;
        }
    }
    close();
}

void CaresChannel::arm_timer() {
    timeval limit{};
    if (is_closed() || ares_timeout(channel_, nullptr, &limit) == nullptr) {
        timer_.cancel();
        return;
    }
    timer_.expires_after(std::chrono::seconds(limit.tv_sec) +
                         std::chrono::microseconds(limit.tv_usec) + std::chrono::milliseconds(1));
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& ec) {
        const auto self = weak.lock();
        if (ec || !self || self->is_closed()) {
            return;
        }
        ares_process_fd(self->channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
        self->rethrow();
        self->arm_timer();
    });
}

}  // namespace patroni::transport
