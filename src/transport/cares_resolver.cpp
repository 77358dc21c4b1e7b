#include "transport/cares_resolver.hpp"

#include "transport/cares_channel.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <mutex>
#include <utility>

namespace patroni::transport {

CaresResolver::CaresResolver(boost::asio::io_context& context, std::string servers)
    : context_(context), servers_(std::move(servers)) {}

CaresResolver::~CaresResolver() {
    if (channel_) {
        channel_->close();
    }
}

Operation CaresResolver::resolve(std::string host, std::uint16_t port,
                                 Callback<void(Result<Endpoints>)> done) {
    static std::once_flag once;
    std::call_once(once, [] { ares_library_init(ARES_LIB_INIT_ALL); });
    if (!channel_ || channel_->is_closed()) {
        channel_ = std::make_shared<CaresChannel>(context_, servers_);
    }
    if (channel_->status() != ARES_SUCCESS) {
        Error error;
        error.kind = ErrorKind::resolve;
        error.message = "name resolution cannot be set up (" +
                        std::string(ares_strerror(channel_->status())) + ")";
        channel_->close();
        boost::asio::post(context_, [error = std::move(error), done = std::move(done)]() mutable {
            done(std::move(error));
        });
        return {};
    }
    const std::uint64_t id = channel_->ask(std::move(host), port, std::move(done));
    return Operation([weak = std::weak_ptr(channel_), id] {
        if (const auto channel = weak.lock()) {
            channel->cancel(id);
        }
    });
}

}  // namespace patroni::transport
