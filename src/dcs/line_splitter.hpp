#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace patroni::dcs {

/// Cuts a stream of bytes into lines, however the bytes were cut into pieces. What a peer can make
/// it hold is bounded.
class LineSplitter {
public:
    static constexpr std::size_t k_max_line_bytes = std::size_t{64} * 1024 * 1024;

    explicit LineSplitter(std::size_t max_line_bytes = k_max_line_bytes)
        : max_line_bytes_(max_line_bytes) {}

    void put(std::string_view bytes);
    /// The next whole line without its end and blanks around it; empty lines are left out. Valid
    /// until the next call of anything.
    std::optional<std::string_view> next();
    /// What is there of a line without an end.
    std::string_view rest();
    /// The line that is being received is longer than allowed. Stays so until clear().
    bool is_too_long() const noexcept { return too_long_; }
    void clear();

private:
    std::string buffer_;
    std::size_t begin_ = 0;     ///< Of the first line that was not given out.
    std::size_t searched_ = 0;  ///< No end of a line before this.
    std::size_t max_line_bytes_;
    bool too_long_ = false;
};

}  // namespace patroni::dcs
