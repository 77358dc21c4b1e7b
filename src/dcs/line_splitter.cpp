#include "dcs/line_splitter.hpp"

#include "base/text.hpp"

namespace patroni::dcs {

void LineSplitter::put(std::string_view bytes) {
    if (too_long_) {
        return;
    }
    if (begin_ != 0) {
        buffer_.erase(0, begin_);
        searched_ -= begin_;
        begin_ = 0;
    }
    buffer_.append(bytes);
}

std::optional<std::string_view> LineSplitter::next() {
    while (!too_long_) {
        const std::size_t end = buffer_.find('\n', searched_);
        if (end == std::string::npos || end - begin_ > max_line_bytes_) {
            searched_ = buffer_.size();
            too_long_ = searched_ - begin_ > max_line_bytes_;
            return std::nullopt;
        }
        const std::string_view line = trim(std::string_view(buffer_).substr(begin_, end - begin_));
        begin_ = searched_ = end + 1;
        if (!line.empty()) {
            return line;
        }
    }
    return std::nullopt;
}

std::string_view LineSplitter::rest() {
    return trim(std::string_view(buffer_).substr(begin_));
}

void LineSplitter::clear() {
    std::string().swap(buffer_);
    begin_ = searched_ = 0;
    too_long_ = false;
}

}  // namespace patroni::dcs
