#include "codec/json.hpp"

#include "codec/unique_keys.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace patroni::codec {
namespace {

namespace json = boost::json;
using json::error_code;
using Text = json::string_view;

constexpr std::size_t max_depth = 32;
/// "[0,0,...]" takes twenty times its size in memory: a document within the size limits must not
/// take gigabytes.
constexpr std::size_t max_values = std::size_t{1} << 22;

std::string_view view(Text text) {
    return {text.data(), text.size()};
}

/// Builds the tree bottom-up: finished values wait on a stack until their container ends, so that
/// each container is allocated once and in its final size.
class Builder {
public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    Builder() {
        values_.reserve(32);
        keys_.reserve(32);
    }

    Value take() { return std::move(values_.front()); }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }

    bool on_array_end(std::size_t count, error_code& error) {
        const auto first = values_.end() - static_cast<std::ptrdiff_t>(count);
        Value::Array array(std::make_move_iterator(first), std::make_move_iterator(values_.end()));
        values_.erase(first, values_.end());
        return push(std::move(array), error);
    }

    bool on_object_end(std::size_t count, error_code& error) {
        const std::size_t first_value = values_.size() - count;
        const std::size_t first_key = keys_.size() - count;
        Value::Object object;
        object.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            object.emplace_back(std::move(keys_[first_key + i]),
                                std::move(values_[first_value + i]));
        }
        values_.resize(first_value);
        keys_.resize(first_key);
        make_keys_unique(object);
        return push(std::move(object), error);
    }

    bool on_key_part(Text part, std::size_t, error_code&) {
        partial_ += view(part);
        return true;
    }
    bool on_key(Text last, std::size_t, error_code&) {
        keys_.push_back(whole(last));
        return true;
    }
    bool on_string_part(Text part, std::size_t, error_code&) {
        partial_ += view(part);
        return true;
    }
    bool on_string(Text last, std::size_t, error_code& error) { return push(whole(last), error); }

    bool on_number_part(Text part, error_code&) {
        partial_ += view(part);
        return true;
    }
    bool on_int64(std::int64_t number, Text last, error_code& error) {
        if (number == 0 && (last.size() > 1 || !partial_.empty())) {
            return push(Value::Number{whole(last)}, error);  // "-0"
        }
        partial_.clear();
        return push(number, error);
    }
    bool on_uint64(std::uint64_t number, Text, error_code& error) {
        partial_.clear();
        return push(number, error);
    }
    bool on_double(double, Text last, error_code& error) {
        return push(Value::Number{whole(last)}, error);
    }
    bool on_bool(bool value, error_code& error) { return push(value, error); }
    bool on_null(error_code& error) { return push(nullptr, error); }
    bool on_comment_part(Text, error_code&) { return true; }
    bool on_comment(Text, error_code&) { return true; }

private:
    template <class T>
    bool push(T&& value, error_code& error) {
        if (++count_ > max_values) {
            error = json::make_error_code(json::error::array_too_large);
            return false;
        }
        values_.emplace_back(std::forward<T>(value));
        return true;
    }

    std::string whole(Text last) {
        if (partial_.empty()) {
            return std::string(view(last));
        }
        partial_ += view(last);
        return std::exchange(partial_, {});
    }

    std::vector<Value> values_;
    std::vector<std::string> keys_;
    std::string partial_;
    std::size_t count_ = 0;
};

// The text is never repeated: it can hold credentials.
Error bad_json(ErrorKind kind, std::string what, std::size_t offset) {
    Error error;
    error.kind = kind;
    error.message = std::move(what) + " at byte " + std::to_string(offset);
    return error;
}

}  // namespace

Result<Value> parse_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = max_depth;
    json::basic_parser<Builder> parser(options);
    error_code error;
    std::size_t used = parser.write_some(false, text.data(), text.size(), error);
    if (error == json::error::too_deep) {
        return bad_json(ErrorKind::limit, "JSON is nested more than 32 levels deep", used);
    }
    if (error == json::error::array_too_large) {
        return bad_json(ErrorKind::limit, "JSON has more than 4194304 values", used);
    }
    if (error == json::error::incomplete) {
        return bad_json(ErrorKind::decode, text.empty() ? "empty text, no JSON" : "JSON ends early",
                        text.size());
    }
    if (error) {
        return bad_json(ErrorKind::decode, "invalid JSON (" + error.message() + ')', used);
    }
    used = std::min(text.find_first_not_of(" \t\r\n", used), text.size());
    if (used < text.size()) {
        return bad_json(ErrorKind::decode, "JSON is followed by something else", used);
    }
    return parser.handler().take();
}

}  // namespace patroni::codec
