#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::protocol {

/// The body of an answer while it arrives. A string that doubles would move what it has: up to
/// 128 MiB at once for a store's answer, while deadlines wait. So only the first block doubles, and
/// further ones stay where they are.
class BodyBuffer {
public:
    static constexpr std::size_t k_block_bytes = 1024 * 1024;

    void reserve(std::size_t bytes);
    void append(std::string_view bytes);

    std::size_t size() const noexcept { return size_; }
    /// Ignoring white space; 0 when there is nothing else.
    char last_character() const noexcept;
    /// All of it in one piece; the buffer is empty then.
    std::string take();

private:
    std::string& last() { return blocks_.empty() ? first_ : blocks_.back(); }

    std::string first_;
    std::vector<std::string> blocks_;  ///< Behind the first.
    std::size_t size_ = 0;
};

}  // namespace patroni::protocol
