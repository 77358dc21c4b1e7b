#pragma once

#include <patroni/error.hpp>

#include <optional>
#include <utility>
#include <variant>

namespace patroni {

/// A value or the Error that explains why there is none. Default constructed: an `internal` error.
template <class T>
class [[nodiscard]] Result {
public:
    using value_type = T;

    Result() : state_(Error{}) {}
    Result(T value) : state_(std::move(value)) {}
    Result(Error error) : state_(std::move(error)) {}

    bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    /// Precondition: `has_value()`.
    T& operator*() & { return *std::get_if<0>(&state_); }
    const T& operator*() const& { return *std::get_if<0>(&state_); }
    T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
    T* operator->() { return std::get_if<0>(&state_); }
    const T* operator->() const { return std::get_if<0>(&state_); }

    /// Precondition: `!has_value()`.
    Error& error() & { return *std::get_if<1>(&state_); }
    const Error& error() const& { return *std::get_if<1>(&state_); }
    Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

    /// The value; throws Failure when there is none.
    T value() && {
        if (!has_value()) {
            throw Failure(std::move(*this).error());
        }
        return std::move(**this);
    }
    const T& value() const& {
        if (!has_value()) {
            throw Failure(error());
        }
        return **this;
    }

private:
    std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;

    Result() = default;
    Result(Error error) : error_(std::move(error)) {}

    bool has_value() const noexcept { return !error_; }
    explicit operator bool() const noexcept { return has_value(); }
    const Error& error() const& { return *error_; }
    Error&& error() && { return std::move(*error_); }
    void value() const {
        if (error_) {
            throw Failure(*error_);
        }
    }

private:
    std::optional<Error> error_;
};

}  // namespace patroni
