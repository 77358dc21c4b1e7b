#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::dcs::zookeeper {

/// Writes the fields of ZooKeeper's records: numbers in network order, texts behind their length.
class JuteWriter {
public:
    void put_bool(bool value) { bytes_ += static_cast<char>(value ? 1 : 0); }
    void put_int(std::int32_t value);
    void put_long(std::int64_t value);
    /// A text or a buffer: they look the same.
    void put_text(std::string_view text);

    std::string take() { return std::move(bytes_); }

private:
    std::string bytes_;
};

/// Reads them. A field that is not there, or is longer than what is left, is empty, and so is
/// everything behind it: `is_broken` says so.
class JuteReader {
public:
    explicit JuteReader(std::string_view bytes) : bytes_(bytes) {}

    bool is_broken() const noexcept { return is_broken_; }
    bool at_end() const noexcept { return bytes_.empty(); }

    bool read_bool();
    std::int32_t read_int();
    std::int64_t read_long();
    /// A text or a buffer; what the server calls null is empty.
    std::string_view read_text();
    std::vector<std::string> read_texts();

private:
    std::string_view take(std::size_t count);

    std::string_view bytes_;
    bool is_broken_ = false;
};

}  // namespace patroni::dcs::zookeeper
