#include <patroni/secret.hpp>

namespace patroni {

// A short string lives inside the object, so that a plain move would leave the secret behind: a
// move copies and wipes. A long one is moved, and its memory with it.
Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) {
    other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        text_ = std::move(other.text_);
        other.wipe();
    }
    return *this;
}

Secret& Secret::operator=(const Secret& other) {
    if (this != &other) {
        wipe();
        text_ = other.text_;
    }
    return *this;
}

Secret::~Secret() {
    wipe();
}

void Secret::wipe() noexcept {
    // Up to the capacity: an earlier, longer text may stand behind the end. The volatile access
    // keeps the compiler from dropping stores to memory that dies.
    text_.resize(text_.capacity());
    volatile char* bytes = text_.data();
    for (std::size_t i = 0; i < text_.size(); ++i) {
        bytes[i] = '\0';
    }
    text_.clear();
}

}  // namespace patroni
