#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace patroni {

/// A move-only function object: what C++23 calls `std::move_only_function`. Calling an empty one
/// is undefined.
template <class Signature>
class Callback;

template <class R, class... Args>
class Callback<R(Args...)> {
public:
    Callback() = default;
    Callback(std::nullptr_t) {}

    template <class F>
        requires(!std::is_same_v<std::remove_cvref_t<F>, Callback> &&
                 std::is_invocable_r_v<R, std::remove_cvref_t<F>&, Args...>)
    Callback(F&& function)
        : target_(std::make_unique<Target<std::remove_cvref_t<F>>>(std::forward<F>(function))) {}

    explicit operator bool() const noexcept { return target_ != nullptr; }
    R operator()(Args... args) { return target_->call(std::forward<Args>(args)...); }

private:
    struct Base {
        virtual ~Base() = default;
        virtual R call(Args... args) = 0;
    };
    template <class F>
    struct Target final : Base {
        explicit Target(F function_in) : function(std::move(function_in)) {}
        R call(Args... args) override { return function(std::forward<Args>(args)...); }
        F function;
    };
    std::unique_ptr<Base> target_;
};

}  // namespace patroni
