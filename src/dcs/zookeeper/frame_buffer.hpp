#pragma once

#include <patroni/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace patroni::dcs::zookeeper {

/// Cuts a stream of bytes into ZooKeeper's frames: four bytes of length, then so many bytes.
class FrameBuffer {
public:
    /// The answer with the keys of many clusters is large; a server of something else claims any
    /// length.
    static constexpr std::size_t k_default_limit = std::size_t{64} * 1024 * 1024;

    explicit FrameBuffer(std::size_t limit = k_default_limit) : limit_(limit) {}

    void append(std::string_view bytes);
    /// The next frame, without its length; nullopt when it is not complete. Valid up to the next
    /// append(). Error kind `protocol` (no length of ZooKeeper) or `limit`.
    Result<std::optional<std::string_view>> next();

private:
    std::string bytes_;
    std::size_t taken_ = 0;
    std::size_t limit_;
};

/// The frame with its length in front, as it is sent.
std::string with_length(std::string_view frame);

}  // namespace patroni::dcs::zookeeper
