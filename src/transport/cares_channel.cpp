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

    bool is_wanted() const { return static_cast<bool>(done) || static_cast<bool>(done_services); }
    void forget() {
        done = {};
        done_services = {};
    }
};

/// A socket of c-ares, which closes it itself.
struct CaresChannel::Watch {
    explicit Watch(boost::asio::io_context& context) : descriptor(context) {}
    ~Watch() {
        if (descriptor.is_open()) {
            descriptor.release();
        }
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    boost::asio::posix::stream_descriptor descriptor;
    bool wants_read = false;
    bool wants_write = false;
    bool waits_read = false;
    bool waits_write = false;
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

std::uint64_t CaresChannel::ask(std::string host, std::uint16_t port,
                                Callback<void(Result<Endpoints>)> done) {
    Query& query = add_query(std::move(host));
    const std::uint64_t id = query.id;
    query.done = std::move(done);

    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = ARES_AI_NUMERICSERV;
    ares_getaddrinfo(channel_, query.host.c_str(), std::to_string(port).c_str(), &hints,
                     &CaresChannel::on_answer, &query);
    arm_timer();
    return id;
}

std::uint64_t CaresChannel::ask_services(std::string name,
                                         Callback<void(Result<ServiceRecords>)> done) {
    constexpr int k_class_internet = 1;
    constexpr int k_type_srv = 33;
    Query& query = add_query(std::move(name));
    const std::uint64_t id = query.id;
    query.done_services = std::move(done);
    ares_query(channel_, query.host.c_str(), k_class_internet, k_type_srv,
               &CaresChannel::on_services, &query);
    arm_timer();
    return id;
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
    if (answer != nullptr) {
        Endpoints endpoints = endpoints_of(*answer);
        ares_freeaddrinfo(answer);
        if (status == ARES_SUCCESS && endpoints.empty()) {
            status = ARES_ENODATA;
        }
        query.result = std::move(endpoints);
    }
    if (status != ARES_SUCCESS) {
        query.result = resolve_error(query.host, status);
    }
    answered(query, status);
}

void CaresChannel::on_services(void* argument, int status, int, unsigned char* message,
                               int length) {
    Query& query = *static_cast<Query*>(argument);
    if (status == ARES_SUCCESS) {
        query.services = services_of(message, length);
    } else if (status == ARES_ENOTFOUND || status == ARES_ENODATA) {
        query.services = ServiceRecords();
    } else {
        query.services = resolve_error(query.host, status);
    }
    answered(query, status);
}

void CaresChannel::answered(Query& query, int status) {
    if (status == ARES_EDESTRUCTION) {
        return;
    }
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

void CaresChannel::on_socket_state(void* self, ares_socket_t fd, int readable, int writable) {
    static_cast<CaresChannel*>(self)->watch(fd, readable != 0, writable != 0);
}

void CaresChannel::watch(ares_socket_t fd, bool readable, bool writable) {
    if (!readable && !writable) {
        watches_.erase(fd);  // c-ares closes it next.
        return;
    }
    std::shared_ptr<Watch>& entry = watches_[fd];
    if (!entry) {
        entry = std::make_shared<Watch>(context_);
        boost::system::error_code ec;
        entry->descriptor.assign(fd, ec);
        if (ec) {
            return;  // The timer ends the question.
        }
    }
    entry->wants_read = readable;
    entry->wants_write = writable;
    const std::shared_ptr<Watch> keep = entry;
    if (readable && !keep->waits_read) {
        wait(keep, true);
    }
    if (writable && !keep->waits_write) {
        wait(keep, false);
    }
}

void CaresChannel::wait(const std::shared_ptr<Watch>& watch, bool for_read) {
    using Descriptor = boost::asio::posix::stream_descriptor;
    (for_read ? watch->waits_read : watch->waits_write) = true;
    watch->descriptor.async_wait(
        for_read ? Descriptor::wait_read : Descriptor::wait_write,
        [weak = weak_from_this(), weak_watch = std::weak_ptr<Watch>(watch),
         for_read](const boost::system::error_code& ec) {
            const auto self = weak.lock();
            const auto same = weak_watch.lock();
            if (!self || !same || self->is_closed() || ec) {
                return;
            }
            (for_read ? same->waits_read : same->waits_write) = false;
            const ares_socket_t fd = same->descriptor.native_handle();
            ares_process_fd(self->channel_, for_read ? fd : ARES_SOCKET_BAD,
                            for_read ? ARES_SOCKET_BAD : fd);
            const auto found = self->watches_.find(fd);
            const bool still_watched = found != self->watches_.end() && found->second == same;
            if (still_watched && (for_read ? same->wants_read && !same->waits_read
                                           : same->wants_write && !same->waits_write)) {
                self->wait(same, for_read);
            }
            self->arm_timer();
        });
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
        self->arm_timer();
    });
}

}  // namespace patroni::transport
