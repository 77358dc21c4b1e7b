#include "client/runtime_impl.hpp"

#include <patroni/runtime.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

namespace patroni {

namespace asio = boost::asio;

Runtime::Runtime() : impl_(std::make_unique<Impl>()) {}
Runtime::~Runtime() = default;

void Runtime::run() {
    impl_->context.restart();
    impl_->context.run();
}

void Runtime::run_until_stopped() {
    const auto guard = asio::make_work_guard(impl_->context);
    run();
}

void Runtime::stop() {
    impl_->context.stop();
}

void Runtime::post(Callback<void()> work) {
    asio::post(impl_->context, [work = std::move(work)]() mutable { work(); });
}

bool Runtime::running_in_this_thread() const noexcept {
    return impl_->context.get_executor().running_in_this_thread();
}

}  // namespace patroni
