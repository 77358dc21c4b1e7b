#pragma once

#include <string>
#include <utility>

namespace patroni {

/// A password or token. It has no stream or comparison operators, so that it cannot be printed by
/// accident; the memory is overwritten when it is destroyed.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret& operator=(const Secret& other);
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();

    bool empty() const noexcept { return text_.empty(); }
    /// The text itself: only for the request that needs it.
    const std::string& reveal() const noexcept { return text_; }

private:
    void wipe() noexcept;

    std::string text_;
};

}  // namespace patroni
