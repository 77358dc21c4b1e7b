#include "client/call_loop.hpp"

#include <boost/system/system_error.hpp>

namespace patroni {
namespace {

/// The event loop needs a few file descriptors of its own.
std::unique_ptr<Runtime> make_runtime() try {
    return std::make_unique<Runtime>();
} catch (const boost::system::system_error& reason) {
    Error error;
    error.kind = ErrorKind::limit;
    error.code = reason.code();
    error.message =
        "this process or system has no room for an event loop (" + error.code.message() + ")";
    throw Failure(std::move(error));
}

}  // namespace

CallLoop::CallLoop(Runtime* runtime)
    : own_(runtime == nullptr ? make_runtime() : nullptr),
      runtime_(runtime == nullptr ? *own_ : *runtime) {}

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
