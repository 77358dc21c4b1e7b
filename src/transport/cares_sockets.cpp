// The sockets of c-ares on the loop: the part of CaresChannel that watches them.
#include "transport/cares_channel.hpp"

namespace patroni::transport {

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

void CaresChannel::on_socket_state(void* self, ares_socket_t fd, int readable, int writable) {
    auto& channel = *static_cast<CaresChannel*>(self);
    channel.guarded([&] { channel.watch(fd, readable != 0, writable != 0); });
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
            self->rethrow();
            const auto found = self->watches_.find(fd);
            const bool still_watched = found != self->watches_.end() && found->second == same;
            if (still_watched && (for_read ? same->wants_read && !same->waits_read
                                           : same->wants_write && !same->waits_write)) {
                self->wait(same, for_read);
            }
            self->arm_timer();
        });
}

}  // namespace patroni::transport
