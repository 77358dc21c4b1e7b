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

std::optional<Error> CaresResolver::prepare() {
    static std::once_flag once;
    std::call_once(once, [] { ares_library_init(ARES_LIB_INIT_ALL); });
    if (!channel_ || channel_->is_closed()) {
        channel_ = std::make_shared<CaresChannel>(context_, servers_);
    }
    if (channel_->status() == ARES_SUCCESS) {
        return std::nullopt;
    }
    Error error;
    error.kind = ErrorKind::resolve;
    error.message =
        "name resolution cannot be set up (" + std::string(ares_strerror(channel_->status())) + ")";
    channel_->close();
    return error;
}

/// Made before the question, which nobody could give up without it.
Operation CaresResolver::cancel_next() {
    return Operation([weak = std::weak_ptr(channel_), id = channel_->next_id()] {
        if (const auto channel = weak.lock()) {
            channel->cancel(id);
        }
    });
}

Operation CaresResolver::resolve(std::string host, std::uint16_t port,
                                 Callback<void(Result<Endpoints>)> done) {
    if (auto error = prepare()) {
        boost::asio::post(context_, [error = std::move(*error), done = std::move(done)]() mutable {
            done(std::move(error));
        });
        return {};
    }
    auto operation = cancel_next();
    channel_->ask(std::move(host), port, std::move(done));
    return operation;
}

Operation CaresResolver::find_services(std::string name,
                                       Callback<void(Result<ServiceRecords>)> done) {
    if (auto error = prepare()) {
        boost::asio::post(context_, [error = std::move(*error), done = std::move(done)]() mutable {
            done(std::move(error));
        });
        return {};
    }
    auto operation = cancel_next();
    channel_->ask_services(std::move(name), std::move(done));
    return operation;
}

}  // namespace patroni::transport
