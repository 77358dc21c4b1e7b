#include "protocol/response_parser.hpp"

#include "protocol/beast_parser.hpp"
#include "protocol/response_end.hpp"

#include <optional>

namespace patroni::protocol {
namespace {

constexpr std::string_view k_head_end = "\r\n\r\n";
constexpr std::string_view k_http = "HTTP/";
constexpr std::size_t k_max_server_text = 200;

}  // namespace

class ResponseParser::Impl {
public:
    Impl(bool head_request, ResponseLimits limits) : head_request_(head_request), limits_(limits) {}

    State put(std::string_view bytes) {
        received_bytes_ += bytes.size();
        while (state_ == State::more && !bytes.empty()) {
            bytes = parser_ ? put_body(bytes) : put_head(bytes);
        }
        has_extra_bytes_ = has_extra_bytes_ || !bytes.empty();
        return state_;
    }

    State finish(StreamEnd end) {
        if (state_ != State::more) {
            return state_;
        }
        if (!parser_ && end != StreamEnd::reset && is_bare_status_line()) {
            head_ += "\r\n";  // OPTIONS of Patroni <= 1.6.5 leaves the empty line out.
            parse_head();
        }
        if (state_ != State::more) {
            return state_;
        }
        if (!parser_) {
            if (received_bytes_ == 0) {
                return fail(ErrorKind::reset, "the server closed the connection without an answer");
            }
            fail(ErrorKind::reset, "the connection ended within the head of the answer");
            error_.server_text = head_.substr(0, k_max_server_text);
            return state_;
        }
        if (parser_->need_eof() &&
            (end == StreamEnd::eof || looks_complete(parser_->head(), parser_->body(), end))) {
            return state_ = State::done;
        }
        return fail(ErrorKind::reset, "the connection ended within the body of the answer, after " +
                                          std::to_string(parser_->body().size()) + " bytes of it");
    }

    int status() const {
        const int status = parser_ ? parser_->head().status : status_of_line(head_);
        return status >= 200 ? status : 0;
    }

    std::size_t received_bytes() const { return received_bytes_; }
    const Response* head() const {
        return parser_ && parser_->head().status >= 200 ? &parser_->head() : nullptr;
    }
    std::string take_body() { return parser_ ? parser_->take_body() : std::string(); }
    bool reusable() const {
        return state_ == State::done && !has_extra_bytes_ && parser_->is_done() &&
               parser_->keep_alive();
    }
    Response take_response() { return parser_->take_response(); }
    Error take_error() { return std::move(error_); }

private:
    bool is_bare_status_line() const {
        return status_of_line(head_) != 0 && head_.find("\r\n") + 2 == head_.size();
    }

    /// Collects the head, so that Beast sees it in one piece; returns what belongs to the body.
    std::string_view put_head(std::string_view bytes) {
        const std::size_t had = head_.size();
        const std::size_t room = limits_.head_bytes - interim_bytes_ - had;
        head_.append(bytes.substr(0, room));
        const std::string_view start = std::string_view(head_).substr(0, k_http.size());
        if (start != k_http.substr(0, start.size())) {
            fail(ErrorKind::protocol, start[0] == '\x15'
                                          ? "the server answered with a TLS alert, not with HTTP: "
                                            "it may want https"
                                          : "the server did not answer with HTTP/1.x");
            return {};
        }
        const std::size_t end = head_.find(k_head_end, had < 3 ? 0 : had - 3);
        if (end == std::string::npos) {
            if (bytes.size() >= room) {
                fail(ErrorKind::limit, "the head of the answer is larger than " +
                                           std::to_string(limits_.head_bytes) + " bytes");
            }
            return {};
        }
        head_.resize(end + k_head_end.size());
        bytes.remove_prefix(head_.size() - had);
        parse_head();
        return bytes;
    }

    void parse_head() {
        parser_.emplace(head_request_, limits_.body_bytes);
        feed(head_);
        if (state_ == State::failed) {
            return;
        }
        const int status = parser_->head().status;
        if (status == 101) {
            fail(ErrorKind::protocol, "the server switched to another protocol unasked");
        } else if (status < 200) {
            parser_.reset();
            interim_bytes_ += head_.size();
        } else if (parser_->is_done()) {
            state_ = State::done;
        }
        head_.clear();
    }

    std::string_view put_body(std::string_view bytes) {
        if (parser_->chunked() && !body_begun_) {
            // Beast 1.81 aborts (with assertions) when an empty body, "0\r\n\r\n", is cut in its
            // middle: it gets the first chunk when there can be a whole one.
            constexpr std::size_t k_smallest_chunked_body = 5;
            if (pending_.size() + bytes.size() < k_smallest_chunked_body) {
                pending_ += bytes;
                return {};
            }
            body_begun_ = true;
        }
        // The parser sees the same, however the bytes were cut: from the start of a chunk's size
        // line or trailer at most as much as these may have.
        if (pending_.empty()) {
            const std::string_view window = bytes.substr(0, limits_.head_bytes);
            const std::size_t used = feed(window);
            if (state_ == State::more) {
                pending_ = window.substr(used);
            }
            bytes.remove_prefix(state_ == State::more ? window.size() : used);
        } else {
            const std::string_view more = bytes.substr(0, limits_.head_bytes - pending_.size());
            pending_ += more;
            bytes.remove_prefix(more.size());
            pending_.erase(0, feed(pending_));
        }
        if (state_ == State::more && pending_.size() >= limits_.head_bytes) {
            fail(ErrorKind::limit, "a chunk header or trailer of the answer is larger than " +
                                       std::to_string(limits_.head_bytes) + " bytes");
        }
        if (state_ == State::done) {
            has_extra_bytes_ = has_extra_bytes_ || !pending_.empty();
        }
        return bytes;
    }

    /// Returns the number of bytes the parser took.
    std::size_t feed(std::string_view bytes) {
        std::size_t used = 0;
        while (used < bytes.size() && !parser_->is_done()) {
            BeastParser::ErrorCode ec;
            const std::size_t n = parser_->put({bytes.data() + used, bytes.size() - used}, ec);
            used += n;
            if (ec == boost::beast::http::error::need_more || (!ec && n == 0)) {
                break;
            }
            if (ec) {
                fail_by_parser(ec);
                return used;
            }
        }
        if (parser_->is_done() && parser_->head().status >= 200) {
            state_ = State::done;
        }
        return used;
    }

    void fail_by_parser(const BeastParser::ErrorCode& ec) {
        if (parser_->is_over_limit()) {
            fail(ErrorKind::limit, "the body of the answer is larger than " +
                                       std::to_string(limits_.body_bytes) + " bytes");
        } else {
            fail(ErrorKind::protocol, "the answer is not valid HTTP (" + ec.message() + ")");
        }
    }

    State fail(ErrorKind kind, std::string message) {
        error_.kind = kind;
        error_.message = std::move(message);
        return state_ = State::failed;
    }

    bool head_request_;
    ResponseLimits limits_;
    State state_ = State::more;
    std::string head_;     ///< Of the response that is being read, until it is complete.
    std::string pending_;  ///< Bytes of a body that the parser could not use yet.
    std::optional<BeastParser> parser_;  ///< Set when the head is complete.
    bool body_begun_ = false;            ///< A chunked body: its first bytes were parsed.
    std::size_t interim_bytes_ = 0;      ///< Heads of 1xx responses count against the limit.
    std::size_t received_bytes_ = 0;
    bool has_extra_bytes_ = false;
    Error error_;
};

ResponseParser::ResponseParser(bool head_request, ResponseLimits limits)
    : impl_(std::make_unique<Impl>(head_request, limits)) {}
ResponseParser::~ResponseParser() = default;
ResponseParser::ResponseParser(ResponseParser&&) noexcept = default;
ResponseParser& ResponseParser::operator=(ResponseParser&&) noexcept = default;

ResponseParser::State ResponseParser::put(std::string_view bytes) {
    return impl_->put(bytes);
}
ResponseParser::State ResponseParser::finish(StreamEnd end) {
    return impl_->finish(end);
}
int ResponseParser::status() const {
    return impl_->status();
}
std::size_t ResponseParser::received_bytes() const {
    return impl_->received_bytes();
}
const Response* ResponseParser::head() const {
    return impl_->head();
}
std::string ResponseParser::take_body() {
    return impl_->take_body();
}
bool ResponseParser::reusable() const {
    return impl_->reusable();
}
Response ResponseParser::take_response() {
    return impl_->take_response();
}
Error ResponseParser::take_error() {
    return impl_->take_error();
}

}  // namespace patroni::protocol
