#include "client/runtime_impl.hpp"
#include "client/status_round.hpp"
#include "discovery/discover.hpp"
#include "transport/http_client.hpp"

#include <patroni/client.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <mutex>
#include <optional>

namespace patroni {
namespace {

Error misuse(const char* message) {
    Error error;
    error.kind = ErrorKind::config;
    error.message = message;
    return error;
}

transport::HttpClient::Options transport_options(std::size_t max_connections,
                                                 std::function<void(std::string_view)> trace) {
    transport::HttpClient::Options options;
    options.max_connections = max_connections;
    options.trace = std::move(trace);
    return options;
}

/// The event loop needs a few file descriptors of its own.
Error no_loop(const boost::system::system_error& reason) {
    Error error;
    error.kind = ErrorKind::limit;
    error.code = reason.code();
    error.message =
        "this process or system has no room for an event loop (" + error.code.message() + ")";
    return error;
}

}  // namespace

class Client::Impl {
public:
    Impl(Runtime* runtime, Seeds seeds, ClientOptions options)
        : own_(runtime == nullptr ? std::make_unique<Runtime>() : nullptr),
          runtime_(runtime == nullptr ? *own_ : *runtime),
          seeds_(std::move(seeds)),
          member_tls_(std::make_shared<TlsSettings>(std::move(options.member_tls))),
          on_waiting_(std::move(options.on_waiting)),
          waiting_after_(options.waiting_after),
          waiting_timer_(runtime_.impl().context),
          transport_options_(transport_options(options.max_connections, std::move(options.trace))) {
        http_.emplace(runtime_.impl().context, transport_options_);
        if (seeds_.endpoints.empty()) {
            throw Failure(misuse("the seeds name no endpoint"));
        }
    }

    bool owns_runtime() const noexcept { return own_ != nullptr; }

    Operation discover(std::chrono::milliseconds timeout, Callback<void(Result<Discovery>)> done) {
        return start<Discovery>(
            timeout, std::move(done),
            [this](discovery::Request request, Callback<void(Result<Discovery>)> next) {
                return discovery::discover(*http_, std::move(request), std::move(next));
            });
    }

    Operation status(std::chrono::milliseconds timeout, Callback<void(Result<StatusReport>)> done) {
        return start<StatusReport>(
            timeout, std::move(done),
            [this](discovery::Request request, Callback<void(Result<StatusReport>)> next) {
                auto round = std::make_shared<StatusRound>(*http_, std::move(request),
                                                           watched(std::move(next)));
                tell_when_waiting(round);
                round->start();
                return Operation([weak = std::weak_ptr<StatusRound>(round)] {
                    if (auto alive = weak.lock()) {
                        alive->cancel();
                    }
                });
            });
    }

    /// Runs the own loop on the calling thread until the operation has ended.
    template <class T, class Start>
    T block(Start start_operation) {
        if (!owns_runtime()) {
            throw Failure(misuse("a client on a Runtime has only start_ functions"));
        }
        const std::lock_guard lock(mutex_);
        if (was_left_) {
            start_over();
        }
        was_left_ = true;
        const auto answer = std::make_shared<std::optional<Result<T>>>();
        start_operation([this, waiting = std::weak_ptr(answer)](Result<T> result) {
            if (const auto slot = waiting.lock()) {
                *slot = std::move(result);
                runtime_.stop();  // Kept connections would hold the loop for seconds.
            }
        });
        runtime_.run();
        was_left_ = false;
        return *answer ? std::move(**answer).value() : Result<T>().value();
    }

private:
    /// After an exception (std::bad_alloc) left a call in the middle, nobody knows how far its
    /// parts got: they are dropped.
    void start_over() {
        alive_ = std::make_shared<char>();
        http_.emplace(runtime_.impl().context, transport_options_);
    }

    using StatusCallback = Callback<void(Result<StatusReport>)>;

    /// The callback, which also ends the wait for telling whom we wait for.
    StatusCallback watched(StatusCallback next) {
        if (!on_waiting_) {
            return next;
        }
        return [this, next = std::move(next)](Result<StatusReport> result) mutable {
            waiting_timer_.cancel();
            next(std::move(result));
        };
    }

    void tell_when_waiting(const std::weak_ptr<StatusRound>& round) {
        if (!on_waiting_) {
            return;
        }
        waiting_timer_.expires_after(waiting_after_);
        waiting_timer_.async_wait([this, round](const boost::system::error_code& error) {
            const auto waiting = round.lock();
            if (error || !waiting) {
                return;
            }
            if (const auto names = waiting->waiting_for(); !names.empty()) {
                on_waiting_(names);
            }
        });
    }

    /// Begins from the loop, so that a callback is never called from within start_...().
    template <class T, class Begin>
    Operation start(std::chrono::milliseconds timeout, Callback<void(Result<T>)> done,
                    Begin begin) {
        struct State {
            Operation operation;
            bool cancelled = false;
        };
        discovery::Request request{seeds_, member_tls_, std::chrono::steady_clock::now() + timeout};
        auto state = std::make_shared<State>();
        runtime_.post([alive = std::weak_ptr<char>(alive_), state, request = std::move(request),
                       done = std::move(done), begin]() mutable {
            if (alive.expired()) {
                return;
            }
            if (state->cancelled) {
                Error error;
                error.kind = ErrorKind::cancelled;
                error.message = "cancelled before anything was sent";
                return done(std::move(error));
            }
            state->operation = begin(std::move(request), std::move(done));
        });
        return Operation([state] {
            state->cancelled = true;
            state->operation.cancel();
        });
    }

    std::unique_ptr<Runtime> own_;
    Runtime& runtime_;
    Seeds seeds_;
    std::shared_ptr<const TlsSettings> member_tls_;
    std::function<void(const std::vector<std::string>&)> on_waiting_;
    std::chrono::milliseconds waiting_after_;
    boost::asio::steady_timer waiting_timer_;
    transport::HttpClient::Options transport_options_;
    std::optional<transport::HttpClient> http_;  ///< Always set; made anew by start_over().
    bool was_left_ = false;                      ///< By an exception.
    std::shared_ptr<char> alive_ = std::make_shared<char>();
    std::mutex mutex_;
};

Client::Client(std::string_view seed_urls, ClientOptions options)
    : Client(Seeds::api(seed_urls).value(), std::move(options)) {}

Client::Client(Seeds seeds, ClientOptions options) try
    : impl_(std::make_unique<Impl>(nullptr, std::move(seeds), std::move(options))) {
} catch (const boost::system::system_error& error) {
    throw Failure(no_loop(error));
}

Client::Client(Runtime& runtime, Seeds seeds, ClientOptions options) try
    : impl_(std::make_unique<Impl>(&runtime, std::move(seeds), std::move(options))) {
} catch (const boost::system::system_error& error) {
    throw Failure(no_loop(error));
}

Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Discovery Client::discover(std::chrono::milliseconds timeout) {
    return impl_->block<Discovery>(
        [&](Callback<void(Result<Discovery>)> done) { impl_->discover(timeout, std::move(done)); });
}

StatusReport Client::status(std::chrono::milliseconds timeout) {
    return impl_->block<StatusReport>([&](Callback<void(Result<StatusReport>)> done) {
        impl_->status(timeout, std::move(done));
    });
}

Operation Client::start_discover(std::chrono::milliseconds timeout,
                                 Callback<void(Result<Discovery>)> done) {
    if (impl_->owns_runtime()) {
        throw Failure(misuse("start_ functions need a client that was made on a Runtime"));
    }
    return impl_->discover(timeout, std::move(done));
}

Operation Client::start_status(std::chrono::milliseconds timeout,
                               Callback<void(Result<StatusReport>)> done) {
    if (impl_->owns_runtime()) {
        throw Failure(misuse("start_ functions need a client that was made on a Runtime"));
    }
    return impl_->status(timeout, std::move(done));
}

}  // namespace patroni
