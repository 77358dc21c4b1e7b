#pragma once

#include "protocol/body_buffer.hpp"
#include "protocol/http_message.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

// Includes Beast: only for .cpp files of this folder.

namespace patroni::protocol {

/// Beast's parser with our types as its targets, so that nothing is stored twice and the body never
/// grows beyond its limit.
class BeastParser final : public boost::beast::http::basic_parser<false> {
public:
    using ErrorCode = boost::beast::error_code;

    BeastParser(bool head_request, std::size_t body_limit_in) : body_limit_bytes_(body_limit_in) {
        skip(head_request);
        body_limit(boost::none);  // Ours below: Beast's would not tell how much was allowed.
        header_limit(std::numeric_limits<std::uint32_t>::max());  // The head is bounded before.
        eager(true);
    }

    /// Without the body.
    const Response& head() const { return response_; }
    const BodyBuffer& body() const { return body_; }
    Response take_response() {
        response_.body = body_.take();
        return std::move(response_);
    }
    std::string take_body() { return body_.take(); }
    bool is_over_limit() const { return over_limit_; }

private:
    using View = boost::beast::string_view;

    void on_request_impl(boost::beast::http::verb, View, View, int, ErrorCode&) override {}

    void on_response_impl(int code, View reason, int, ErrorCode&) override {
        response_.status = code;
        response_.reason.assign(reason.data(), reason.size());
        constexpr std::size_t k_usual_headers = 8;  // Saves growing, a sixth of parsing a head.
        response_.headers.reserve(k_usual_headers);
    }

    void on_field_impl(boost::beast::http::field, View name, View value, ErrorCode&) override {
        if (!head_done_) {  // Trailers of a chunked body come here, too; nobody needs them.
            response_.headers.emplace_back(std::string(name.data(), name.size()),
                                           std::string(value.data(), value.size()));
        }
    }

    void on_header_impl(ErrorCode&) override { head_done_ = true; }

    void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode& ec) override {
        if (length && !fits(*length, ec)) {
            return;
        }
        if (length) {
            // Trust the announced length only so far: the peer may never send that much.
            constexpr std::uint64_t k_reserve_bytes = 64 * 1024;
            body_.reserve(static_cast<std::size_t>(std::min(*length, k_reserve_bytes)));
        }
    }

    std::size_t on_body_impl(View bytes, ErrorCode& ec) override { return append(bytes, ec); }

    void on_chunk_header_impl(std::uint64_t size, View, ErrorCode& ec) override { fits(size, ec); }

    std::size_t on_chunk_body_impl(std::uint64_t, View bytes, ErrorCode& ec) override {
        return append(bytes, ec);
    }

    void on_finish_impl(ErrorCode&) override {}

    bool fits(std::uint64_t more, ErrorCode& ec) {
        over_limit_ = more > body_limit_bytes_ - body_.size();
        if (over_limit_) {
            ec = boost::beast::http::error::body_limit;
        }
        return !over_limit_;
    }

    std::size_t append(View bytes, ErrorCode& ec) {
        if (!fits(bytes.size(), ec)) {
            return 0;
        }
        body_.append({bytes.data(), bytes.size()});
        return bytes.size();
    }

    Response response_;
    BodyBuffer body_;
    std::size_t body_limit_bytes_;
    bool head_done_ = false;
    bool over_limit_ = false;
};

}  // namespace patroni::protocol
