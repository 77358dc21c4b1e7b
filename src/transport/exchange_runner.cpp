#include "transport/exchange_runner.hpp"

#include "transport/tls_error.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace patroni::transport {
namespace {

using protocol::ExchangeEvent;
using protocol::HttpExchange;
using protocol::StreamEnd;

/// One fast peer must not keep the others waiting, nor 256 of them the deadlines.
constexpr int k_steps_per_turn = 32;
constexpr std::size_t k_bytes_per_turn = 256 * 1024;

}  // namespace

ExchangeRunner::ExchangeRunner(Environment environment, HttpExchange& exchange,
                               std::unique_ptr<Stream> stream)
    : environment_(std::move(environment)), exchange_(exchange), stream_(std::move(stream)) {}

void ExchangeRunner::start(Callback<void(std::error_code)> done) {
    done_ = std::move(done);
    environment_.deadline.begin_phase();
    advance();
}

void ExchangeRunner::advance() {
    const auto self = shared_from_this();
    const std::size_t received_before = exchange_.received_bytes();
    for (int step = 0; step < k_steps_per_turn; ++step) {
        if (exchange_.received_bytes() - received_before >= k_bytes_per_turn) {
            break;
        }
        switch (exchange_.action()) {
            case HttpExchange::Action::write:
                if (!(write_failed_ ? read_some() : write_some())) {
                    return;
                }
                break;
            case HttpExchange::Action::read:
                if (!read_some()) {
                    return;
                }
                break;
            case HttpExchange::Action::done:
            case HttpExchange::Action::failed:
                finish();
                return;
        }
    }
    yield();
}

/// True: look at the exchange again.
bool ExchangeRunner::write_some() {
    const IoResult result = stream_->write_some(exchange_.unsent());
    if (result.state == Io::want_read || result.state == Io::want_write) {
        wait(result.state);
        return false;
    }
    if (result.state != Io::done) {
        // A server that refuses a request may answer and close before it has read all of it.
        write_failed_ = true;
        write_code_ = result.code;
        return true;
    }
    if (exchange_.resume(ExchangeEvent::sent(result.bytes)) == HttpExchange::Action::read) {
        if (environment_.trace) {
            environment_.trace("request sent");
        }
        phase_ = Phase::waiting;
        environment_.deadline.begin_phase(environment_.first_byte_limit);
        if (!stream_->may_hold_bytes()) {
            wait(Io::want_read);  // No server is as fast as to make a read worth trying.
            return false;
        }
    }
    return true;
}

bool ExchangeRunner::read_some() {
    const std::span<char> buffer = environment_.read_buffer;
    const IoResult result = stream_->read_some(buffer.data(), buffer.size());
    switch (result.state) {
        case Io::done:
            if (phase_ != Phase::reading) {
                phase_ = Phase::reading;
                environment_.deadline.begin_phase();
            }
            exchange_.resume(ExchangeEvent::received({buffer.data(), result.bytes}));
            if (environment_.received) {
                environment_.received();
            }
            return phase_ != Phase::ended;
        case Io::want_read:
        case Io::want_write:
            if (write_failed_) {
                exchange_.resume(ExchangeEvent::ended(StreamEnd::reset, write_code_));
                return true;
            }
            wait(result.state);
            return false;
        case Io::eof:
            exchange_.resume(ExchangeEvent::ended(StreamEnd::eof));
            return true;
        case Io::truncated:
            exchange_.resume(ExchangeEvent::ended(StreamEnd::tls_truncated));
            return true;
        case Io::failed:
            if (result.code.category() == tls_category()) {
                finish(result.code);
                return false;
            }
            exchange_.resume(ExchangeEvent::ended(StreamEnd::reset, result.code));
            return true;
    }
    return false;
}

void ExchangeRunner::wait(Io direction) {
    using Socket = boost::asio::ip::tcp::socket;
    stream_->socket().async_wait(
        direction == Io::want_read ? Socket::wait_read : Socket::wait_write,
        [self = shared_from_this()](const boost::system::error_code&) {
            if (self->phase_ != Phase::ended) {
                self->advance();  // The next read or write tells what there is.
            }
        });
}

void ExchangeRunner::yield() {
    boost::asio::post(environment_.context, [self = shared_from_this()] {
        if (self->phase_ != Phase::ended) {
            self->advance();
        }
    });
}

std::string ExchangeRunner::timeout_message() const {
    const std::string time = std::to_string(environment_.deadline.phase_limit().count()) + " ms";
    switch (phase_) {
        case Phase::writing:
            return "the server did not take the request in " + time;
        case Phase::waiting:
            return "no answer in " + time + " after the request was sent";
        default:
            return "the answer was not complete " + time + " after its first byte (" +
                   std::to_string(exchange_.received_bytes()) + " bytes received)";
    }
}

void ExchangeRunner::finish(std::error_code tls_code) {
    phase_ = Phase::ended;
    auto done = std::move(done_);
    done(tls_code);
}

void ExchangeRunner::close() {
    phase_ = Phase::ended;
    done_ = {};
    if (stream_) {
        // Patroni's TLS workers wait for our close_notify, so it is sent and theirs not awaited.
        stream_->say_goodbye();
        stream_.reset();
    }
}

}  // namespace patroni::transport
