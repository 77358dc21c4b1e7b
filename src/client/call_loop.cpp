#include "client/call_loop.hpp"

#include "client/runtime_impl.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

namespace patroni {
namespace {

Error no_loop(const boost::system::system_error& reason) {
    Error error;
    error.kind = ErrorKind::limit;
    error.code = reason.code();
    error.message =
        "this process or system has no room for an event loop (" + error.code.message() + ")";
    return error;
}

}  // namespace

CallLoop::CallLoop(Runtime* runtime) try
    : own_(runtime == nullptr ? std::make_unique<Runtime>() : nullptr),
      runtime_(runtime == nullptr ? *own_ : *runtime) {
    // A loop opens its few file descriptors with its first timer: here, where it can be told.
    const boost::asio::steady_timer first(runtime_.impl().context);
} catch (const boost::system::system_error& reason) {
    throw Failure(no_loop(reason));
}

void CallLoop::require_runtime() const {
    if (is_own()) {
        refuse("functions with a callback need an object that was made on a Runtime");
    }
}

void CallLoop::refuse(const char* message) {
    Error error;
    error.kind = ErrorKind::config;
    error.message = message;
    throw Failure(std::move(error));
}

Error CallLoop::cancelled_early() {
    Error error;
    error.kind = ErrorKind::cancelled;
    error.message = "cancelled before anything was sent";
    return error;
}

}  // namespace patroni
