#pragma once

#include "transport/resolver.hpp"

#include <ares.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <string>

namespace patroni::transport {

/// One ares_channel driven by an io_context, from the first question until none is open. Then it is
/// closed for good, and the next question needs a new one.
class CaresChannel : public std::enable_shared_from_this<CaresChannel> {
public:
    CaresChannel(boost::asio::io_context& context, const std::string& servers);
    ~CaresChannel();
    CaresChannel(const CaresChannel&) = delete;
    CaresChannel& operator=(const CaresChannel&) = delete;

    /// ARES_SUCCESS, or why the channel cannot be used.
    int status() const noexcept { return status_; }
    bool is_closed() const noexcept { return channel_ == nullptr; }
    void close();

    /// For cancel(): the number of what is asked next.
    std::uint64_t next_id() const noexcept { return next_id_; }
    void ask(std::string host, std::uint16_t port, Callback<void(Result<Endpoints>)> done);
    void ask_services(std::string name, Callback<void(Result<ServiceRecords>)> done);
    void cancel(std::uint64_t id);

private:
    struct Query;
    struct Watch;

    static void on_socket_state(void* self, ares_socket_t fd, int readable, int writable);
    static void on_answer(void* query, int status, int timeouts, ares_addrinfo* answer);
    static void on_services(void* query, int status, int timeouts, unsigned char* message,
                            int length);
    static void answered(const Query& query);

    Query& add_query(std::string host);
    /// Of a question that could not be asked: nobody has a number to cancel it.
    void give_up(std::uint64_t id);

    /// What c-ares calls. It is C: an exception would leave its memory behind, so it waits until
    /// c-ares has returned.
    template <class Work>
    void guarded(Work work) noexcept;
    void rethrow();

    void watch(ares_socket_t fd, bool readable, bool writable);
    void wait(const std::shared_ptr<Watch>& watch, bool for_read);
    void arm_timer();
    void deliver(std::uint64_t id);
    void close_if_unused();

    boost::asio::io_context& context_;
    boost::asio::steady_timer timer_;
    ares_channel channel_ = nullptr;
    int status_;
    std::uint64_t next_id_ = 1;
    std::map<std::uint64_t, std::unique_ptr<Query>> queries_;
    std::map<ares_socket_t, std::shared_ptr<Watch>> watches_;
    std::exception_ptr failure_;  ///< Of `guarded`.
};

template <class Work>
void CaresChannel::guarded(Work work) noexcept {
    try {
        work();
    } catch (...) {
        failure_ = std::current_exception();
    }
}

}  // namespace patroni::transport
