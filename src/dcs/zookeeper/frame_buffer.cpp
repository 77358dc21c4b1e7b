#include "dcs/zookeeper/frame_buffer.hpp"

#include "dcs/zookeeper/jute.hpp"
#include "dcs/zookeeper/messages.hpp"

namespace patroni::dcs::zookeeper {
namespace {

constexpr std::size_t k_length_bytes = 4;

}  // namespace

void FrameBuffer::append(std::string_view bytes) {
    bytes_.erase(0, taken_);
    taken_ = 0;
    bytes_ += bytes;
}

Result<std::optional<std::string_view>> FrameBuffer::next() {
    const std::string_view rest = std::string_view(bytes_).substr(taken_);
    if (rest.size() < k_length_bytes) {
        return std::optional<std::string_view>();
    }
    const std::int32_t length = JuteReader(rest).read_int();
    if (length < 0) {
        return protocol_error("what answers there does not speak ZooKeeper's protocol");
    }
    const auto size = static_cast<std::size_t>(length);
    if (size > limit_) {
        // "HTTP" is a length of 1.2 GB.
        Error error = protocol_error("an answer of " + std::to_string(size) +
                                     " bytes, more than the " + std::to_string(limit_) +
                                     " that are taken: does the port speak ZooKeeper's protocol?");
        error.kind = ErrorKind::limit;
        return error;
    }
    if (rest.size() - k_length_bytes < size) {
        return std::optional<std::string_view>();
    }
    taken_ += k_length_bytes + size;
    return std::optional(rest.substr(k_length_bytes, size));
}

std::string with_length(std::string_view frame) {
    JuteWriter writer;
    writer.put_text(frame);
    return writer.take();
}

}  // namespace patroni::dcs::zookeeper
