#include "dcs/zookeeper/jute.hpp"

namespace patroni::dcs::zookeeper {
namespace {

std::uint64_t read_number(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes) {
        number = number << 8 | static_cast<unsigned char>(byte);
    }
    return number;
}

void append_number(std::string& bytes, std::uint64_t number, int size) {
    for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) {
        bytes += static_cast<char>(number >> shift & 0xff);
    }
}

}  // namespace

void JuteWriter::put_int(std::int32_t value) {
    append_number(bytes_, static_cast<std::uint32_t>(value), 4);
}

void JuteWriter::put_long(std::int64_t value) {
    append_number(bytes_, static_cast<std::uint64_t>(value), 8);
}

void JuteWriter::put_text(std::string_view text) {
    put_int(static_cast<std::int32_t>(text.size()));
    bytes_ += text;
}

std::string_view JuteReader::take(std::size_t count) {
    if (is_broken_ || count > bytes_.size()) {
        is_broken_ = true;
        bytes_ = {};
        return {};
    }
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
}

bool JuteReader::read_bool() {
    return read_number(take(1)) != 0;
}

std::int32_t JuteReader::read_int() {
    return static_cast<std::int32_t>(read_number(take(4)));
}

std::int64_t JuteReader::read_long() {
    return static_cast<std::int64_t>(read_number(take(8)));
}

std::string_view JuteReader::read_text() {
    const std::int32_t length = read_int();
    if (length < -1) {
        is_broken_ = true;
    }
    return take(length < 0 ? 0 : static_cast<std::size_t>(length));
}

std::vector<std::string> JuteReader::read_texts() {
    std::vector<std::string> texts;
    const std::int32_t count = read_int();
    // Each has a length of four bytes: so an invented count allocates nothing.
    if (count < -1 || (count > 0 && static_cast<std::size_t>(count) > bytes_.size() / 4)) {
        is_broken_ = true;
        bytes_ = {};
        return texts;
    }
    texts.reserve(count > 0 ? static_cast<std::size_t>(count) : 0);
    for (std::int32_t i = 0; i < count && !is_broken_; ++i) {
        texts.emplace_back(read_text());
    }
    return texts;
}

}  // namespace patroni::dcs::zookeeper
