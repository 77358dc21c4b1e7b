#include "protocol/body_buffer.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace patroni::protocol {

namespace {

char last_visible(std::string_view text) {
    const std::string_view visible = trim(text);
    return visible.empty() ? '\0' : visible.back();
}

}  // namespace

void BodyBuffer::reserve(std::size_t bytes) {
    first_.reserve(std::min(bytes, k_block_bytes));
}

void BodyBuffer::append(std::string_view bytes) {
    size_ += bytes.size();
    while (!bytes.empty()) {
        if (last().size() == k_block_bytes) {
            blocks_.emplace_back().reserve(k_block_bytes);
        }
        std::string& block = last();
        const std::string_view part = bytes.substr(0, k_block_bytes - block.size());
        block.append(part);
        bytes.remove_prefix(part.size());
    }
}

char BodyBuffer::last_character() const noexcept {
    for (auto block = blocks_.rbegin(); block != blocks_.rend(); ++block) {
        if (const char last = last_visible(*block)) {
            return last;
        }
    }
    return last_visible(first_);
}

std::string BodyBuffer::take() {
    std::string whole = std::exchange(first_, {});
    if (!blocks_.empty()) {
        whole.reserve(size_);
    }
    for (std::string& block : blocks_) {
        whole.append(block);
        std::string().swap(block);  // The peak is one copy and a block.
    }
    blocks_.clear();
    size_ = 0;
    return whole;
}

}  // namespace patroni::protocol
