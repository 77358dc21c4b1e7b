#include "transport/channel.hpp"

#include "transport/client_core.hpp"
#include "transport/connector.hpp"
#include "transport/tls_error.hpp"

#include <boost/asio/post.hpp>

#include <optional>
#include <span>
#include <utility>

namespace patroni::transport {
namespace {

/// One fast peer must not keep the others waiting.
constexpr int k_reads_per_turn = 16;

Error broken(ErrorKind kind, std::string message, std::error_code code = {}) {
    Error error;
    error.kind = kind;
    error.code = code;
    error.message = std::move(message);
    error.delivery = Delivery::may_have_been_sent;
    return error;
}

}  // namespace

class Channel::State : public std::enable_shared_from_this<State> {
public:
    State(CallHost& host, std::weak_ptr<void> host_alive, Origin origin, SteadyTime total,
          Handlers handlers)
        : host_(host),
          host_alive_(std::move(host_alive)),
          origin_(std::move(origin)),
          handlers_(std::move(handlers)) {
        deadline_.emplace(host.context(), total, [this] {
            if (const auto connector = connector_) {
                connector->on_deadline();
            }
        });
    }

    void start(const std::shared_ptr<const TlsSettings>& tls, std::chrono::milliseconds step) {
        boost::asio::post(host_.context(), [self = shared_from_this(), tls, step] {
            if (!self->is_dropped()) {
                self->connect(tls, step);
            }
        });
    }

    void send(std::string_view bytes) {
        unsent_ += bytes;
        if (stream_ && !is_waiting_to_write_) {
            flush();
        }
    }

    void close() {
        is_closed_ = true;  // Not `handlers_ = {}`: one of them may be what is running.
        deadline_->stop();
        if (connector_) {
            std::exchange(connector_, nullptr)->cancel();
        }
        if (stream_) {
            stream_->say_goodbye();
            stream_.reset();
        }
    }

    void trace(std::string_view text) {
        if (!host_alive_.expired() && host_.is_tracing()) {
            host_.trace(origin_.address.text() + ": " + std::string(text));
        }
    }

private:
    bool is_dropped() {
        if (!is_closed_ && host_alive_.expired()) {
            close();
        }
        return is_closed_;
    }

    void connect(const std::shared_ptr<const TlsSettings>& settings,
                 std::chrono::milliseconds step) {
        std::shared_ptr<TlsContext> tls;
        if (origin_.tls) {
            auto loaded = host_.tls_context(settings, [this](const Error& error) {
                trace("changed TLS files cannot be used, what they held before goes on: " +
                      error.endpoint + ": " + error.message);
            });
            if (!loaded) {
                return end(std::move(loaded).error());
            }
            tls = *std::move(loaded);
        }
        Connector::Environment environment{host_.context(), host_.resolver(), *deadline_, step,
                                           nullptr};
        if (host_.is_tracing()) {
            environment.trace = [this](std::string_view text) { trace(text); };
        }
        connector_ = std::make_shared<Connector>(std::move(environment), origin_, std::move(tls));
        const auto connector = connector_;
        connector->start([self = shared_from_this()](Result<std::unique_ptr<Stream>> stream) {
            self->take(std::move(stream));
        });
    }

    void take(Result<std::unique_ptr<Stream>> stream) {
        if (is_dropped()) {
            return;
        }
        connector_.reset();
        deadline_->stop();
        if (!stream) {
            return end(std::move(stream).error());
        }
        stream_ = *std::move(stream);
        handlers_.opened();
        if (!is_dropped()) {
            read();
        }
    }

    void read() {
        const std::span<char> buffer = host_.read_buffer();
        for (int turn = 0; turn < k_reads_per_turn; ++turn) {
            const IoResult result = stream_->read_some(buffer.data(), buffer.size());
            if (result.state == Io::want_read || result.state == Io::want_write) {
                return wait_to_read(result.state);
            }
            if (result.state != Io::done) {
                return end(explain(result));
            }
            handlers_.received({buffer.data(), result.bytes});
            if (is_dropped()) {
                return;
            }
        }
        boost::asio::post(host_.context(), [self = shared_from_this()] {
            if (!self->is_dropped()) {
                self->read();
            }
        });
    }

    Error explain(const IoResult& result) const {
        if (result.state != Io::failed) {
            return broken(ErrorKind::reset, "the server closed the connection");
        }
        if (result.code.category() == tls_category()) {
            return broken(ErrorKind::tls, stream_->tls_failure(), result.code);
        }
        return broken(ErrorKind::reset, "the connection broke (" + result.code.message() + ")",
                      result.code);
    }

    /// A failure to write is told by the next read, which may bring a reason before it.
    void flush() {
        std::size_t sent = 0;
        IoResult result{Io::done, 0, {}};
        while (sent < unsent_.size() && result.state == Io::done) {
            result = stream_->write_some(std::string_view(unsent_).substr(sent));
            sent += result.bytes;
        }
        unsent_.erase(0, sent);
        if (result.state != Io::want_read && result.state != Io::want_write) {
            return;
        }
        is_waiting_to_write_ = true;
        wait(result.state, [](State& self) {
            self.is_waiting_to_write_ = false;
            self.flush();
        });
    }

    void wait_to_read(Io direction) {
        wait(direction, [](State& self) { self.read(); });
    }

    template <class Work>
    void wait(Io direction, Work work) {
        using Socket = boost::asio::ip::tcp::socket;
        stream_->socket().async_wait(
            direction == Io::want_read ? Socket::wait_read : Socket::wait_write,
            [self = shared_from_this(), work](const boost::system::error_code&) {
                if (!self->is_dropped()) {
                    work(*self);
                }
            });
    }

    void end(Error error) {
        if (error.endpoint.empty()) {
            error.endpoint = origin_.address.text();
        }
        trace(std::string(to_string(error.kind)).append(": ").append(error.message));
        auto ended = std::move(handlers_.ended);
        close();
        ended(std::move(error));
    }

    CallHost& host_;
    std::weak_ptr<void> host_alive_;
    Origin origin_;
    Handlers handlers_;
    std::optional<Deadline> deadline_;  ///< Of connecting.
    std::shared_ptr<Connector> connector_;
    std::unique_ptr<Stream> stream_;
    std::string unsent_;
    bool is_waiting_to_write_ = false;
    bool is_closed_ = false;
};

Channel::Channel(HttpClient& http, Origin origin, std::shared_ptr<const TlsSettings> tls,
                 std::chrono::milliseconds step_limit, SteadyTime total, Handlers handlers)
    : state_(std::make_shared<State>(*http.impl_, http.impl_, std::move(origin), total,
                                     std::move(handlers))) {
    state_->start(tls, step_limit);
}

Channel::~Channel() {
    state_->close();
}

void Channel::send(std::string_view bytes) {
    state_->send(bytes);
}

void Channel::trace(std::string_view text) {
    state_->trace(text);
}

}  // namespace patroni::transport
